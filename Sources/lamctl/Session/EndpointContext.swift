internal import Core
internal import Packager
internal import Sandbox

/// Where an environment's AWS is, and whose time counts there.
struct EndpointContext: Sendable {
  /// The one URL of all services; nil for AWS's own.
  let url: String?
  /// Where all waits come from.
  let clock: any WallClock
  /// The clock of an endpoint on this machine that runs at a pace of its own; nil where time is AWS's.
  let rehearsal: ScaledClock?
  /// The process's environment, with the sandbox's credentials in front of everybody's where the sandbox is meant.
  let environment: [String: String]
  /// Whether it is a sandbox of lamctl's, which asks less of a function than AWS does.
  let isSandbox: Bool
  /// The region where nobody names one: the sandbox is in all of them.
  let fallbackRegion: String?
  /// The sandbox that this process has started.
  private let sandbox: SandboxServer?

  /// How many times faster than real time a rollout runs in the sandbox where nothing else is said.
  static let sandboxSpeed = 60.0

  /// Finds the endpoint that the options and the environment mean; starts a sandbox where one is meant and none runs.
  ///
  /// - Throws: ``Failure`` and ``SandboxError``.
  static func find(
    _ globals: GlobalOptions, environment: EnvironmentConfig, workspace: Workspace, in context: Context
  ) async throws -> EndpointContext {
    if let url = globals.endpointURL { return try remote(url, globals, in: context) }
    switch environment.endpoint {
    case .url(let url)? where !globals.sandbox: return try remote(url, globals, in: context)
    case nil where !globals.sandbox: return try remote(nil, globals, in: context)
    default: return try await sandbox(globals, environment: environment, workspace: workspace, in: context)
    }
  }

  /// Ends the sandbox if this process started one.
  func close() async {
    await sandbox?.stop()
  }

  private static func remote(_ url: String?, _ globals: GlobalOptions, in context: Context) throws
    -> EndpointContext
  {
    var rehearsal: ScaledClock?
    var isSandbox = false
    if let address = url ?? configuredEndpoint(context.environment), GlobalOptions.isLoopback(address) {
      context.isRehearsal.withLock { $0 = true }
      rehearsal = SandboxServer.clock(of: address)
      isSandbox = rehearsal != nil
      if let rehearsal { try check(globals.speed, against: rehearsal, at: address) }
      if rehearsal == nil, let speed = globals.speed {
        let now = context.clock.now()
        rehearsal = ScaledClock(speed: speed, realAnchor: now, anchor: now)
      }
    }
    if globals.speed != nil, rehearsal == nil {
      throw Failure(
        .usage, "--speed is only for an endpoint on this machine",
        fix: "leave it out, or rehearse with --sandbox")
    }
    announce(rehearsal, globals, in: context)
    return EndpointContext(
      url: url, clock: rehearsal ?? context.clock, rehearsal: rehearsal, environment: context.environment,
      isSandbox: isSandbox, fallbackRegion: nil, sandbox: nil)
  }

  /// The endpoint that AWS's own variables name for Lambda.
  private static func configuredEndpoint(_ environment: [String: String]) -> String? {
    let ignored = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true"
    let names = ignored ? [] : ["AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL"]
    return names.compactMap { environment[$0] }.first { !$0.isEmpty }
  }

  private static func sandbox(
    _ globals: GlobalOptions, environment: EnvironmentConfig, workspace: Workspace, in context: Context
  ) async throws -> EndpointContext {
    let folder = SandboxHost.folder(of: workspace)
    var server: SandboxServer?
    let url: String
    let credentials: [String: String]
    if let running = SandboxServer.running(in: folder) {
      (url, credentials) = (running.url, running.credentials)
    } else {
      let started = try await SandboxHost.start(
        workspace: workspace, environment: environment, speed: globals.speed, region: globals.region,
        in: context)
      server = started
      (url, credentials) = (started.endpoint, started.credentials)
    }
    guard let rehearsal = server?.clock ?? SandboxServer.clock(of: url) else {
      throw Failure(
        .failed, "the sandbox at \(url) does not answer", fix: "end it, or remove \(folder)/endpoint.json")
    }
    if server == nil { try check(globals.speed, against: rehearsal, at: url) }
    context.isRehearsal.withLock { $0 = true }
    announce(rehearsal, globals, in: context)
    var variables = context.environment
    for (name, value) in credentials { variables[name] = value }
    for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"] { variables[name] = nil }
    return EndpointContext(
      url: url, clock: rehearsal, rehearsal: rehearsal, environment: variables,
      isSandbox: true, fallbackRegion: SandboxHost.region, sandbox: server)
  }

  /// A sandbox that runs already has a pace, which all its clients share.
  static func check(_ speed: Double?, against clock: ScaledClock, at url: String) throws {
    guard let speed, speed != clock.speed else { return }
    throw Failure(
      .usage,
      "--speed \(speed.formatted(digits: 1)): the sandbox at \(url) runs at "
        + "\(clock.speed.formatted(digits: 1)) already, and its pace is the same for all",
      fix: "leave '--speed' out, or start the sandbox anew with it")
  }

  /// Nobody must take a rehearsal's minutes for real ones.
  private static func announce(_ clock: ScaledClock?, _ globals: GlobalOptions, in context: Context) {
    guard let clock, clock.speed != 1, !globals.quiet else { return }
    context.remark(
      "rehearsal on this machine: time runs \(clock.speed.formatted(digits: 1)) times as fast")
  }
}
