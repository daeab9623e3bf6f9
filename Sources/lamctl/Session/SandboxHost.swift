internal import Core
internal import Packager
internal import Sandbox

/// Starts the sandbox of a repository, with its traffic.
enum SandboxHost {
  /// The region where nobody names one.
  static let region = "us-east-1"

  /// Where the sandbox of a repository keeps its state.
  static func folder(of workspace: Workspace) -> String { "\(workspace.root)/\(StateFolder.name)/sandbox" }

  /// Starts a sandbox inside this process.
  ///
  /// - Parameters:
  ///   - speed: over what `lamctl.json` says.
  ///   - traffic: by logical name, over what `lamctl.json` says.
  /// - Throws: ``SandboxError`` when it cannot serve, and what reading the functions throws.
  static func start(
    workspace: Workspace, environment: EnvironmentConfig, speed: Double?, region: String?, port: Int? = nil,
    traffic: [TrafficRate] = [], upstream: Upstream? = nil, isStrict: Bool = false,
    faults: SandboxFaults = SandboxFaults(),
    in context: Context
  ) async throws -> SandboxServer {
    var options = SandboxOptions(folder: folder(of: workspace))
    options.port = port
    options.speed = speed ?? workspace.config.sandboxSpeed ?? EndpointContext.sandboxSpeed
    options.region = region ?? environment.region ?? Self.region
    // A rehearsal is in the account of the environment: what refers to it, and what checks it, is as it will be.
    options.account = environment.account ?? options.account
    options.searchPath = context.environment["PATH"] ?? options.searchPath
    options.home = context.environment["HOME"] ?? options.home
    options.upstream = upstream
    options.strict = isStrict
    options.faults = faults
    options.resources = resources(workspace.config.sandboxResources)
    var rates = workspace.config.sandboxTraffic.mapValues(\.perSecond)
    for rate in traffic { rates[rate.function] = rate.perSecond }
    options.traffic = try await sources(
      rates, workspace: workspace, environment: environment, account: options.account)
    let server = SandboxServer(options: options)
    try server.start()
    return server
  }

  private static func resources(_ stated: SandboxFurniture) -> SandboxResources {
    SandboxResources(
      apis: stated.apis.map { api in
        SandboxResources.API(
          name: api.name, stage: api.stage ?? "$default", autoDeploy: api.autoDeploy ?? true)
      },
      buckets: stated.buckets,
      queues: stated.queues.map { queue in
        SandboxResources.Queue(
          name: queue.name, visibilityTimeout: queue.visibilityTimeout ?? 30,
          deadLetterQueue: queue.deadLetterQueue, maxReceiveCount: queue.maxReceiveCount ?? 10)
      },
      topics: stated.topics, buses: stated.buses,
      rules: stated.rules.map { rule in
        SandboxResources.Rule(
          name: rule.name, bus: rule.bus ?? "default",
          eventPattern: rule.eventPattern.string ?? rule.eventPattern.text(.compact), queue: rule.queue)
      })
  }

  private static func sources(
    _ rates: [String: Double], workspace: Workspace, environment: EnvironmentConfig, account: String
  ) async throws -> [TrafficSource] {
    guard !rates.isEmpty else { return [] }
    let listing = try await workspace.names(in: environment, region: environment.region ?? region) { account }
    return try rates.sorted { $0.key < $1.key }.compactMap { name, rate in
      guard let function = listing.functions.first(where: { $0.name == name }) else {
        // Whose name it is cannot be told where a file is broken.
        guard listing.faults.isEmpty else { return nil }
        let nearest = Suggestion.nearest(to: name, in: listing.functions.map(\.name))
        throw Failure(
          .config, "the sandbox's traffic names '\(name)', and there is no such function",
          fix: nearest.map { "did you mean '\($0)'?" }
            ?? "name one that lamctl list shows, in \"traffic\" of \"sandbox\" in lamctl.json or with --traffic"
        )
      }
      return TrafficSource(
        functionName: function.functionName, alias: environment.alias, ratePerSecond: rate,
        events: try events(of: function))
    }
  }

  /// The unit's sample events; one empty object where it has none.
  private static func events(of function: NamedFunction) throws -> [[UInt8]] {
    guard let folder = function.eventsFolder else { return [Array("{}".utf8)] }
    let files = try Files.names(in: folder).filter { $0.hasSuffix(".json") }
    let events = try files.map { try Files.read("\(folder)/\($0)", limit: 6 << 20) }
    return events.isEmpty ? [Array("{}".utf8)] : events
  }
}
