internal import AWSClient
internal import Core
internal import Packager

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
    let (definitions, parameters) = try await session.described(account: account)
    let needs = try session.needs(of: definitions, parameters: parameters)
    let policy = AccessPolicy(
      definitions, session, account: account, parameters: parameters, preview: try session.preview)
    let commands = context.table.commands.compactMap { command -> (String, JSON)? in
      let operations = command.operations(needs)
      return operations.isEmpty ? nil : (command.name, policy.document(allowing: operations))
    }
    let trust = TrustedPipeline.find(
      in: context.environment, remote: remote(of: session), branches: session.environment.branches)
    switch trust {
    case .unknown(let reason): context.warn("trust is null: \(reason)")
    case .trusted where session.environment.branches.isEmpty:
      context.warn(
        "trust lets in pipelines of every branch and pull request: name the \"branches\" of "
          + "\(session.environment.name) in lamctl.json")
    case .trusted: break
    }
    context.printDocument([
      "schema": "lamctl.policy/1", "environment": .string(session.environment.name), "exitCode": 0,
      "commands": .object(JSONObject(commands)),
      "roles": .array(
        FunctionRoles(definitions).users.map { role, functions in
          ["role": .string(role), "functions": .array(functions.map(JSON.string))]
        }),
      "trust": trust.document(partition: session.aws.partition, account: account) ?? .null, "error": nil,
    ])
    return .done
  }

  /// Where the repository comes from.
  private func remote(of session: Session) -> GitRemote? {
    GitCheckout(around: session.workspace.root).flatMap { $0.store.config }.flatMap { GitRemote(config: $0) }
  }
}

extension AccessPolicy {
  /// What the functions of a session's environment are about.
  fileprivate init(
    _ definitions: [FunctionDefinition], _ session: Session, account: String, parameters: [String],
    preview: PreviewConfig?
  ) {
    let environment = session.environment
    self.init(
      partition: session.aws.partition, region: session.aws.region, account: account,
      functions: definitions.map(\.functionName), layers: Set(definitions.flatMap(\.ownLayers)).sorted(),
      images: definitions.compactMap(\.imageRepository), roles: FunctionRoles(definitions).users.map(\.role),
      deadManRole: environment.rollout.deadMan?.role, previewRole: preview?.role, bucket: environment.bucket,
      cache: session.workspace.config.cache.map { "\($0.description.dropFirst("s3://".count))" },
      parameters: parameters)
  }
}
