internal import AWSClient
internal import Core
internal import Packager
internal import Triggers

extension DoctorCommand {
  /// Prints what IAM has to allow: a policy for each command, the roles that functions run with, and whom a role for CI
  /// is to trust. AWS is asked for nothing but the account's number, where the environment does not state it.
  func printPolicy(_ session: Session, in context: Context) async throws -> ExitCode {
    let account: String
    if let stated = session.environment.account {
      account = stated
    } else {
      account = (try? await session.caller.identity().account) ?? "*"
    }
    let paths = Lock<Set<String>>([])
    let values = InterpolationValues(region: session.aws.region) {
      account
    } parameters: { wanted in
      paths.withLock { $0.formUnion(wanted) }
      // What they hold changes nothing about who may do what.
      return Dictionary(wanted.map { ($0, "value") }) { first, _ in first }
    }
    let definitions = try await session.workspace.functions(in: session.environment, values: values)
    let policy = AccessPolicy(
      definitions, session, account: account, parameters: paths.withLock { $0.sorted() },
      preview: try session.preview)
    let trust = GitCheckout(around: session.workspace.root).flatMap { checkout in
      checkout.store.config.flatMap { GitRemote(config: $0) }
    }.flatMap {
      TrustPolicy.document(
        for: $0, branches: session.environment.branches, partition: session.aws.partition, account: account)
    }
    context.printDocument([
      "schema": "lamctl.policy/1", "environment": .string(session.environment.name), "exitCode": 0,
      "commands": .object(JSONObject(PolicyTable.commands.map { ($0, policy.document(for: $0)) })),
      "roles": .array(
        FunctionRoles(definitions).users.map { role, functions in
          ["role": .string(role), "functions": .array(functions.map(JSON.string))]
        }),
      "trust": trust ?? .null, "error": nil,
    ])
    return .done
  }
}

extension AccessPolicy {
  /// What the functions of a session's environment ask for.
  fileprivate init(
    _ definitions: [FunctionDefinition], _ session: Session, account: String, parameters: [String],
    preview: PreviewConfig?
  ) {
    let environment = session.environment
    let roles = FunctionRoles(definitions).users.map(\.role)
    self.init(
      partition: session.aws.partition, region: session.aws.region, account: account,
      functions: definitions.map(\.functionName), layers: Self.layers(of: definitions),
      images: definitions.compactMap(\.imageRepository), roles: roles,
      deadManRole: environment.rollout.deadMan?.role, previewRole: preview?.role, bucket: environment.bucket,
      parameters: parameters,
      needs: PolicyNeeds(
        creates: definitions.contains(where: \.allowsCreate), statesRole: !roles.isEmpty,
        smokes: definitions.contains { !$0.smoke.isEmpty },
        stated: Set(definitions.flatMap { $0.configuration.members.map(\.key) }),
        alarms: !environment.rollout.alarms.isEmpty, deadMan: environment.rollout.deadMan != nil,
        companions: environment.companions != CompanionConfig(),
        preview: preview != nil, previewURL: preview?.functionURL != nil, previewRole: preview?.role != nil,
        prunes: session.workspace.config.keepVersions != nil, bucket: environment.bucket != nil,
        parameters: !parameters.isEmpty,
        triggers: Self.kinds(definitions), layers: !Self.layers(of: definitions).isEmpty,
        images: definitions.contains(where: \.goesToECR)))
  }

  /// The kinds of triggers that some function states.
  private static func kinds(_ definitions: [FunctionDefinition]) -> Set<TriggerKind> {
    var kinds: Set<TriggerKind> = []
    for definition in definitions {
      for trigger in definition.triggers ?? [] {
        if let kind = TriggerKind(rawValue: trigger.kind) { kinds.insert(kind) }
      }
      if definition.eventInvoke != nil { kinds.insert(.eventInvoke) }
    }
    return kinds
  }

  /// The names of the layers of the repository, each once.
  private static func layers(of definitions: [FunctionDefinition]) -> [String] {
    Set(
      definitions.flatMap(\.layers).compactMap { choice in
        if case .folder(_, let name) = choice { name } else { nil }
      }
    ).sorted()
  }
}
