internal import AWSClient
internal import Core
internal import Packager
internal import Release
internal import Sandbox

/// What the repository brings to a plan: functions, digests, and reasons for differences.
struct DeployInputs: Sendable {
  private let session: Session
  private let definitions: [FunctionDefinition]
  private let digests: [String: FunctionDigests]
  private let record: DigestRecord
  private let maker: any PackageMaker
  /// Where packages were built; nil where they are built here.
  private let store: (any ArtifactStore)?
  private let codeOnly: Bool
  private let create: Bool
  private let deferral: Deferral?
  /// What AWS had when the inputs were read, until a plan has used it: a later one looks again.
  private let look: Lock<AccountLook?>
  /// Names of functions in AWS, as far as they were listed then.
  private let listed: [String]
  /// Whether all functions of the environment are selected.
  private let isWhole: Bool

  /// Reads and hashes the selected functions, as they are in AWS where the repository does not say.
  ///
  /// - Parameter store: where their packages were built; nil to build what is needed.
  init(
    session: Session, only: [String], codeOnly: Bool = false, create: Bool = false,
    ignoring deferral: Deferral? = nil, store: (any ArtifactStore)? = nil
  ) async throws {
    self.session = session
    self.store = store
    self.deferral = deferral
    self.codeOnly = codeOnly
    self.create = create
    // A build is always of all functions.
    let all = try await session.functions(only: store == nil ? only : [])
    let stated = store == nil ? all : try Selection(only).select(all, name: \.name)
    let planner = Self.planner(session)
    async let seen = planner.look(at: Session.names(stated))
    let digester = Digester(session.workspace, tools: store == nil ? nil : ToolVersions())
    var digests = try await digester.digest(all)
    if let store {
      let artifacts = try await Artifacts(
        all, digests: digests, selected: Set(stated.map(\.name)), in: store, cache: session.cache,
        parallel: session.parallel)
      digests = artifacts.digests
      maker = artifacts
    } else {
      maker = Builder(session.workspace, cache: session.cache)
    }
    let look = await seen
    let adopted = stated.map { definition in
      look.present(definition.functionName).map { definition.adopting($0.members) } ?? definition
    }
    let other = zip(stated, adopted).filter { $0.build != $1.build || $0.handler != $1.handler }.map { $1 }
    if let first = other.first, let store { throw Self.builtForAnother(first, store) }
    if !other.isEmpty { digests.merge(try await digester.digest(other)) { $1 } }
    definitions = adopted
    self.digests = digests
    self.look = Lock(look)
    listed = look.listed
    isWhole = only.isEmpty
    record = DigestRecord(root: session.workspace.root)
  }

  /// Throws where what is to be released could not be, whatever is built of it: before anything is, and before anything is
  /// written.
  func refuseUnreleasable() throws(PackagerError) {
    let region = session.place.rehearsal == nil ? session.aws.region : nil
    var faults = definitions.compactMap { $0.imageFault(in: region) }
    if let store, let refusal = Artifacts.refusal(of: definitions, in: store) { faults.append(refusal) }
    if let error = PackagerError(all: faults) { throw error }
  }

  /// What was built knows only what the repository says.
  private static func builtForAnother(
    _ definition: FunctionDefinition, _ store: any ArtifactStore
  ) -> Failure {
    let runtime = definition.runtime ?? "an image"
    return Failure(
      .config,
      "\(definition.name): the repository does not say what it runs on, and in AWS that is \(runtime) on "
        + "\(definition.architectures[0]) with the handler \(definition.handler ?? "-"), which the package in "
        + "\(store.place) was not built for",
      fix: "write \"runtime\", \"architectures\" and \"handler\" into its function.json, and build again")
  }

  /// - Parameter alias: what to compare with; nil for the environment's.
  private static func planner(
    _ session: Session, at alias: String? = nil, readsAllAliases: Bool = false
  ) -> Planner {
    Planner(
      lambda: session.aws.lambda, environment: session.environment.name,
      alias: alias ?? session.environment.alias, parallel: session.parallel, clock: session.place.clock,
      readsAllAliases: readsAllAliases)
  }

  /// Reads and hashes what the options select.
  init(_ options: ReleaseOptions, session: Session, in context: Context) async throws {
    try await self.init(
      session: session, only: options.only, codeOnly: options.codeOnly, create: options.create,
      ignoring: options.deferral, store: options.artifacts.map { session.store($0, in: context) })
  }

  /// Compares with what is deployed.
  ///
  /// - Parameter readsAllAliases: as for ``Planner``.
  func plan(readsAllAliases: Bool = false) async throws -> ReleasePlan {
    let planner = Self.planner(session, readsAllAliases: readsAllAliases)
    let inputs = try definitions.map(input)
    let first = look.withLock { look in
      defer { look = nil }
      return look
    }
    let look = if let first { first } else { await planner.look(at: Session.names(definitions)) }
    let (record, digests, environment) = (record, digests, session.environment.name)
    let shared = Dictionary(
      definitions.map { ($0.name, $0.uses.map(\.folder) + $0.layers.compactMap(\.folder)) },
      uniquingKeysWith: { first, _ in first })
    return try await planner.plan(inputs, look: look) { input, provenance in
      let deployed = record.entry(
        for: input.function, in: environment, src: provenance.source, cfg: provenance.configuration)
      guard let now = digests[input.function] else { return [] }
      guard let deployed else {
        // Made on another machine: the version itself tells which parts differ.
        let parts = provenance.parts.map { now.parts(otherThan: $0) } ?? []
        return parts.isEmpty ? [] : [parts.map(\.rawValue).joined(separator: ", ") + " differ"]
      }
      return DigestDifference.sentences(
        from: deployed.items, to: now.items, folders: shared[input.function] ?? [])
    }
  }

  /// Compares the functions that differ from what is deployed with what another alias shows.
  func plan(at alias: String, beside base: ReleasePlan) async throws -> ReleasePlan {
    let changed = Set(base.changed.map(\.input.function))
    let some = definitions.filter { changed.contains($0.name) }
    return try await Self.planner(session, at: alias).plan(some.map(input)) { _, _ in [] }
  }

  /// The inputs of a function, and those of the version that was deployed from this folder, where that is known.
  func digests(
    of plan: FunctionPlan, provenance: VersionProvenance?
  ) -> (now: FunctionDigests, deployed: [DigestPart: DigestItems]?)? {
    guard let now = digests[plan.input.function] else { return nil }
    let entry = provenance.flatMap { provenance in
      record.entry(
        for: plan.input.function, in: session.environment.name, src: provenance.source,
        cfg: provenance.configuration)
    }
    return (now, entry?.items)
  }

  /// What the functions are declared to need of this process's variables.
  var declaredVariables: [String: String] { Session.declaredVariables(of: definitions) }

  /// The names of all functions of the environment, also those that are not selected.
  ///
  /// - Throws: as ``Session/functions(only:)``.
  func allNames() async throws -> [FunctionName] { Session.names(try await session.functions(only: [])) }

  /// What was released once and is not in the configuration any more, as far as the plan's own reading shows it, and the
  /// aliases of one function.
  func leftovers() async throws -> [Leftover] {
    let all = isWhole ? definitions : try await session.functions(only: [])
    return try await session.leftovers(listed: listed, definitions: all, sample: 1)
  }

  /// Builds what a release turns out to need.
  func packages(_ output: @escaping @Sendable (String, String) -> Void) -> PackageBuilder {
    PackageBuilder(
      maker: maker, definitions: definitions, digests: digests,
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

  /// What a function is made with in the sandbox where nothing is stated: a first rehearsal needs no role, which
  /// preflight tells.
  private var rehearsed: JSONObject {
    guard session.place.isSandbox else { return JSONObject() }
    let account = session.environment.account ?? SandboxOptions.account
    return JSONObject([("Role", .string("arn:aws:iam::\(account):role/sandbox"))])
  }

  private func input(_ definition: FunctionDefinition) throws -> FunctionInput {
    guard let digests = digests[definition.name] else {
      throw Failure(.failed, "\(definition.name): no digest was made")
    }
    let settings = FunctionSettings(
      definition.configuration, inferred: definition.inferred.merging(rehearsed),
      environmentMode: definition.environmentMode)
    return FunctionInput(
      function: definition.name, functionName: definition.functionName,
      sourceDigest: FunctionDigests.short(digests.src),
      configurationDigest: FunctionDigests.short(digests.cfg), partDigests: digests.shortParts,
      deferredDigits: deferral.flatMap { FunctionDigests.shortDigits(of: $0.part) },
      configuration: settings, layers: digests.layers.map(\.inRelease),
      ownsConfiguration: !codeOnly,
      mayCreate: definition.allowsCreate || create,
      smokeTests: try definition.smoke.map(smokeTest), hooks: definition.hooks,
      edges: codeOnly ? nil : definition.edges(project: session.workspace.config.project))
  }

  /// A test whose event Lambda can take: what is no JSON is told before anything is sent, with its place.
  private func smokeTest(_ test: SmokeTestConfig) throws -> SmokeTest {
    let (name, event) = (name(of: test.eventFile), try Files.read(test.eventFile, limit: 6 << 20))
    do throws(JSONSyntaxError) {
      _ = try JSON(parsing: event)
    } catch {
      throw Failure(
        .config, "\(name):\(error.position.line):\(error.position.column): \(error.reason)",
        fix: "mend the event, which a smoke test sends as it is")
    }
    return SmokeTest(name: name, event: event, expectation: test.expect)
  }
}

extension FunctionDefinition {
  /// The user's programs around the shift of traffic.
  var hooks: FunctionHooks { FunctionHooks(beforeTraffic: beforeTraffic, afterTraffic: afterTraffic) }
}

extension RepositoryLayer {
  /// The layer as a release knows it.
  var inRelease: LayerInput {
    LayerInput(folder: folder.text, name: name, sourceDigest: FunctionDigests.short(src))
  }
}
