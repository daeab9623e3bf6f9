internal import AWSClient
internal import Core
internal import Packager
internal import Release

/// What the repository brings to a plan: functions, digests, and reasons for differences.
struct DeployInputs: Sendable {
  private let session: Session
  private let definitions: [FunctionDefinition]
  private let digests: [String: FunctionDigests]
  private let record: DigestRecord
  private let codeOnly: Bool
  private let create: Bool

  /// Reads and hashes the selected functions.
  init(
    session: Session, only: [String], codeOnly: Bool, create: Bool
  ) async throws {
    self.session = session
    self.codeOnly = codeOnly
    self.create = create
    definitions = try await session.functions(only: only)
    digests = try await Digester(session.workspace).digest(definitions)
    record = DigestRecord(root: session.workspace.root)
  }

  init(_ command: DeployCommand, session: Session) async throws {
    try await self.init(
      session: session, only: command.only, codeOnly: command.codeOnly, create: command.create)
  }

  /// Compares with what is deployed.
  func plan() async throws -> ReleasePlan {
    let planner = Planner(
      lambda: session.aws.lambda, environment: session.environment.name, alias: session.environment.alias,
      parallel: session.parallel, clock: session.place.clock)
    let (record, digests, environment) = (record, digests, session.environment.name)
    let shared = Dictionary(
      definitions.map { ($0.name, $0.uses.map(\.folder)) }, uniquingKeysWith: { first, _ in first })
    return try await planner.plan(try definitions.map(input)) { input, provenance in
      let deployed = record.entry(
        for: input.function, in: environment, src: provenance.source, cfg: provenance.configuration)
      guard let deployed, let now = digests[input.function] else { return [] }
      return DigestDifference.sentences(
        from: deployed.items, to: now.items, folders: shared[input.function] ?? [])
    }
  }

  /// What the functions are declared to need of this process's variables.
  var declaredVariables: [String: String] { Session.declaredVariables(of: definitions) }

  /// The names of all functions of the environment, also those that are not selected.
  ///
  /// - Throws: as ``Session/functions(only:)``.
  func allNames() async throws -> [FunctionName] { Session.names(try await session.functions(only: [])) }

  /// Builds what a release turns out to need.
  func packages(_ output: @escaping @Sendable (String, String) -> Void) -> PackageBuilder {
    PackageBuilder(
      builder: Builder(session.workspace), definitions: definitions, digests: digests,
      hasBucket: session.environment.bucket != nil, output: output)
  }

  /// Keeps the digests of what was deployed, so that the next plan can name the files that differ.
  ///
  /// - Throws: ``PackagerError`` when the record cannot be written; nothing else depends on it.
  func remember(_ report: ReleaseReport) throws(PackagerError) {
    var record = record
    let promoted = report.functions.filter { $0.outcome == .promoted }
    guard !promoted.isEmpty else { return }
    for function in promoted {
      guard let digests = digests[function.function] else { continue }
      record.note(digests, for: function.function, in: session.environment.name)
    }
    try record.save()
  }

  /// A file as the user would name it: from the root.
  private func name(of file: String) -> String {
    let root = session.workspace.root + "/"
    return file.hasPrefix(root) ? String(file.dropFirst(root.count)) : file
  }

  private func input(_ definition: FunctionDefinition) throws -> FunctionInput {
    guard let digests = digests[definition.name] else {
      throw Failure(.failed, "\(definition.name): no digest was made")
    }
    var members = definition.configuration
    members["ReservedConcurrentExecutions"] = definition.reservedConcurrency.map(JSON.int)
    let settings = FunctionSettings(
      members, environmentMode: definition.environmentMode)
    return FunctionInput(
      function: definition.name, functionName: definition.functionName,
      sourceDigest: FunctionDigests.short(digests.src),
      configurationDigest: FunctionDigests.short(digests.cfg), configuration: settings,
      comparedSettings: definition.unrecordedSettings, ownsConfiguration: !codeOnly,
      mayCreate: definition.allowsCreate || create,
      smokeTests: try definition.smoke.map { test in
        SmokeTest(
          name: name(of: test.eventFile), event: try Files.read(test.eventFile, limit: 6 << 20),
          expectation: test.expect)
      }, hooks: definition.hooks)
  }
}

extension FunctionDefinition {
  /// The user's programs around the shift of traffic.
  var hooks: FunctionHooks { FunctionHooks(beforeTraffic: beforeTraffic, afterTraffic: afterTraffic) }
}
