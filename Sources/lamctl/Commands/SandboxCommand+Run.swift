internal import Core
internal import Packager
internal import Sandbox

extension SandboxCommand: RunnableCommand {
  /// Serves until a signal comes.
  func run(in context: Context) async throws -> ExitCode {
    let workspace = try Workspace.open(
      root: context.folder, configPath: globals.config, environment: context.environment,
      secrets: context.secrets)
    let names = workspace.config.environmentNames
    // Only traffic depends on it: without a configuration any name will do, and without a default the first.
    let fallback = workspace.config.defaultEnvironment ?? names.first ?? Self.anyName
    let environment = try workspace.environment(named: environment ?? fallback)
    let faults = try SandboxFaults(parsing: faults.joined(separator: ","))
    let server = try await SandboxHost.start(
      workspace: workspace, environment: environment, speed: globals.speed, region: globals.region,
      port: port,
      traffic: traffic, upstream: upstream.flatMap(Upstream.init), isStrict: strict, faults: faults,
      in: context)
    if globals.json {
      context.printDocument(document(server))
    } else {
      context.output.write(announcement(server))
    }
    for await signal in context.interruption.signals() {
      await server.stop()
      return signal == .interrupt ? .done : signal.exitCode
    }
    return .done
  }

  private static let anyName = "local"

  /// What any AWS client needs to use the sandbox.
  private func variables(_ server: SandboxServer) -> [(String, String)] {
    [
      ("AWS_ENDPOINT_URL", server.endpoint), ("AWS_REGION", server.region),
      ("AWS_DEFAULT_REGION", server.region),
    ] + server.credentials.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Printed when it serves, not when it ends.
  private func document(_ server: SandboxServer) -> JSON {
    [
      "schema": .string(Self.schema), "endpoint": .string(server.endpoint), "region": .string(server.region),
      "speed": .double(server.clock.speed),
      "apis": .object(JSONObject(server.apis.map { ($0.name, .string($0.url)) })),
      "variables": .object(JSONObject(variables(server).map { ($0.0, .string($0.1)) })), "error": nil,
    ]
  }

  private func announcement(_ server: SandboxServer) -> String {
    let lines = variables(server).map { "export \($0.0)=\($0.1)" }
    let apis = server.apis.map { "# The HTTP API \(PlainText.line($0.name)) is at \($0.url)" }
    let speed = server.clock.speed.formatted(digits: 1)
    return """
      # A local AWS endpoint, for programs of this machine that know its secret: handlers run as you, so keep the
      # secret to yourself. Time runs \(speed) times as fast as outside. Ctrl-C ends it.
      # In another shell, for lamctl, the AWS CLI from 2.13 on and boto3 from 1.28 on. An older one does not know
      # AWS_ENDPOINT_URL and goes to AWS itself: give it --endpoint-url "$AWS_ENDPOINT_URL".
      \((lines + apis).joined(separator: "\n"))

      """
  }
}
