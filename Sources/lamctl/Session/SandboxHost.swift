internal import Core
internal import Packager
internal import Sandbox

/// Starts the sandbox of a repository, with its traffic.
enum SandboxHost {
  /// The region where nobody names one.
  static let region = "us-east-1"

  /// Where the sandbox of a repository keeps its state.
  static func folder(of workspace: Workspace) -> String { "\(workspace.root)/.lamctl/sandbox" }

  /// Starts a sandbox inside this process.
  ///
  /// - Parameters:
  ///   - speed: over what `lamctl.json` says.
  ///   - traffic: by logical name, over what `lamctl.json` says.
  /// - Throws: ``SandboxError`` when it cannot serve, and what reading the functions throws.
  static func start(
    workspace: Workspace, environment: EnvironmentConfig, speed: Double?, region: String?, port: Int? = nil,
    traffic: [TrafficRate] = [], isStrict: Bool = false, faults: SandboxFaults = SandboxFaults(),
    in context: Context
  ) async throws -> SandboxServer {
    var options = SandboxOptions(folder: folder(of: workspace))
    options.port = port
    options.speed = speed ?? workspace.config.sandboxSpeed ?? EndpointContext.sandboxSpeed
    options.region = region ?? environment.region ?? Self.region
    options.searchPath = context.environment["PATH"] ?? options.searchPath
    options.home = context.environment["HOME"] ?? options.home
    options.strict = isStrict
    options.faults = faults
    var rates = workspace.config.sandboxTraffic.mapValues(\.perSecond)
    for rate in traffic { rates[rate.function] = rate.perSecond }
    options.traffic = try await sources(
      rates, workspace: workspace, environment: environment, account: options.account)
    let server = SandboxServer(options: options)
    try server.start()
    return server
  }

  private static func sources(
    _ rates: [String: Double], workspace: Workspace, environment: EnvironmentConfig, account: String
  ) async throws -> [TrafficSource] {
    guard !rates.isEmpty else { return [] }
    let values = InterpolationValues(region: environment.region ?? region) {
      account
    } parameters: { paths in
      // Traffic needs the names of functions only; what a parameter holds does not matter to it.
      Dictionary(paths.map { ($0, "") }, uniquingKeysWith: { first, _ in first })
    }
    let definitions = try await workspace.functions(in: environment, values: values)
    return try rates.sorted { $0.key < $1.key }.map { name, rate in
      guard let definition = definitions.first(where: { $0.name == name }) else {
        let nearest = Suggestion.nearest(to: name, in: definitions.map(\.name))
        throw Failure(
          .config, "the sandbox's traffic names '\(name)', and there is no such function",
          fix: nearest.map { "did you mean '\($0)'?" })
      }
      return TrafficSource(
        functionName: definition.functionName, alias: environment.alias, ratePerSecond: rate,
        events: try events(of: definition))
    }
  }

  /// The unit's sample events; one empty object where it has none.
  private static func events(of definition: FunctionDefinition) throws -> [[UInt8]] {
    guard let folder = definition.eventsFolder else { return [Array("{}".utf8)] }
    let files = try Files.names(in: folder).filter { $0.hasSuffix(".json") }
    let events = try files.map { try Files.read("\(folder)/\($0)", limit: 6 << 20) }
    return events.isEmpty ? [Array("{}".utf8)] : events
  }
}
