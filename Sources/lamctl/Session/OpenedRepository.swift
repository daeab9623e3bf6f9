internal import Core
internal import Packager

/// What of a repository a command cannot do without.
enum RepositoryNeed: Sendable {
  /// All of it: something is built, or settings are compared or written.
  case definitions
  /// Where its functions are and what they are called: what acts on aliases works whatever is wrong with the rest.
  case names(DirectOptions)
  /// The environment that previews are made from; with it all of the repository, or names alone.
  case preview(isWhole: Bool)
}

/// The repository and the environment of a command, read as strictly as it needs them.
struct OpenedRepository: Sendable {
  let workspace: Workspace
  let environment: EnvironmentConfig
  /// Functions that are named by their names in AWS; nil for those of the repository.
  let direct: [String]?

  /// - Throws: ``Failure`` and ``PackagerError``.
  static func open(
    _ globals: GlobalOptions, environment name: String?, need: RepositoryNeed, in context: Context
  ) throws -> OpenedRepository {
    if case .names(let options) = need { context.way.withLock { $0.direct = options.words } }
    let repository = try read(globals, environment: name, need: need, in: context)
    // Where functions and alias are named, what an environment is called may mean nothing elsewhere.
    if name != nil || repository.direct == nil {
      context.way.withLock { $0.environment = repository.environment.name }
    }
    return repository
  }

  private static func read(
    _ globals: GlobalOptions, environment name: String?, need: RepositoryNeed, in context: Context
  ) throws -> OpenedRepository {
    let options: DirectOptions
    switch need {
    case .definitions: return try whole(globals, environment: name, in: context)
    case .preview(let isWhole):
      let from = try previewed(globals, environment: name, in: context)
      return isWhole
        ? try whole(globals, environment: from, in: context)
        : try readable(globals, environment: from, alias: nil, direct: nil, in: context)
    case .names(let named): options = named
    }
    let names = options.functions.isEmpty ? nil : options.functions.map(\.text)
    guard names != nil, let alias = options.alias, name == nil else {
      return try readable(globals, environment: name, alias: options.alias, direct: names, in: context)
    }
    // All is said: nothing that lies around may change what is meant.
    let workspace = Workspace.none(
      root: context.folder, environment: context.environment, secrets: context.secrets)
    return OpenedRepository(
      workspace: workspace, environment: try workspace.environment(named: alias), direct: names)
  }

  /// The environment that previews are made from.
  private static func previewed(
    _ globals: GlobalOptions, environment name: String?, in context: Context
  ) throws -> String {
    let workspace = try Workspace.read(
      root: context.folder, configPath: globals.config, environment: context.environment,
      secrets: context.secrets)
    guard let preview = try workspace.preview() else {
      throw workspace.faults.first
        ?? Failure(
          .config, "lamctl.json does not say what a preview is",
          fix: #"write "preview": {"from": "ENVIRONMENT"} into it"#)
    }
    guard name == nil || name == preview.from else {
      throw Failure(
        .usage, "previews are made from \(preview.from), as lamctl.json says, and not from \(name ?? "")",
        fix: "leave the environment out")
    }
    return preview.from
  }

  private static func whole(
    _ globals: GlobalOptions, environment name: String?, in context: Context
  ) throws -> OpenedRepository {
    let workspace = try Workspace.open(
      root: context.folder, configPath: globals.config, environment: context.environment,
      secrets: context.secrets)
    if let fault = versionFault(workspace) { throw fault }
    return OpenedRepository(
      workspace: workspace, environment: try workspace.environment(named: name), direct: nil)
  }

  /// Takes of the repository what can be read, and says what cannot.
  private static func readable(
    _ globals: GlobalOptions, environment name: String?, alias: String?, direct: [String]?,
    in context: Context
  ) throws -> OpenedRepository {
    let way = way(in: context)
    let workspace: Workspace
    let reading: EnvironmentReading
    do throws(PackagerError) {
      workspace = try Workspace.read(
        root: context.folder, configPath: globals.config, environment: context.environment,
        secrets: context.secrets)
    } catch {
      throw Failure(.config, error.all[0].description, fix: error.fix.map { "\($0); or \(way)" } ?? way)
    }
    do throws(PackagerError) {
      reading = try workspace.readEnvironment(named: name)
    } catch {
      // In a whole file it is the name that is wrong.
      guard !workspace.faults.isEmpty else { throw error }
      throw Failure(.config, error.all[0].description, fix: error.fix.map { "\($0); or \(way)" } ?? way)
    }
    // What is wrong with the environment that is meant may have shown in the whole of the file already.
    let faults = workspace.faults + reading.faults.filter { !workspace.faults.contains($0) }
    var known: Set<String> = []
    if alias != nil { known.insert("alias") }
    if globals.region != nil { known.insert("region") }
    if globals.endpointURL != nil || globals.sandbox { known.insert("endpoint") }
    let missing = missing(reading, workspace, known: known, namesFunctions: direct != nil)
    if let missing, let fault = faults.first {
      throw Failure(.config, "\(fault); so \(missing) cannot be told", fix: way)
    }
    for fault in faults { context.warn("\(fault); the rest of it is used") }
    if let fault = versionFault(workspace) { context.warn(fault.message) }
    if reading.unknown.contains("account") {
      context.warn(
        "the account of environment \(reading.environment.name) cannot be told, and is not checked")
    }
    return OpenedRepository(
      workspace: workspace, environment: alias.map(reading.environment.at(alias:)) ?? reading.environment,
      direct: direct)
  }

  /// What a broken `lamctl.json` leaves open, of that which may not be guessed at; nil when nothing.
  private static func missing(
    _ reading: EnvironmentReading, _ workspace: Workspace, known: Set<String>, namesFunctions: Bool
  ) -> String? {
    let name = reading.environment.name
    let open = ["alias", "region", "endpoint"].first { reading.unknown.contains($0) && !known.contains($0) }
    if let open { return "the \(open) of environment \(name)" }
    guard !namesFunctions, !workspace.unknown.isDisjoint(with: ["name", "project", "functions"]) else {
      return nil
    }
    return "what its functions are called"
  }

  /// How the command works without what is broken.
  private static func way(in context: Context) -> String {
    let command = context.arguments.first { word in context.table.commands.contains { $0.name == word } }
    var way = context.way.withLock { $0 }
    way.globals.config = nil
    way.globals.region = way.globals.region ?? "REGION"
    way.direct = ["--function", "NAME", "--alias", "ALIAS"]
    return "go without a checkout: \(way.line(command ?? "rollback", ""))"
  }

  private static func versionFault(_ workspace: Workspace) -> Failure? {
    guard let required = workspace.config.requiresVersion, !required.allows(Build.version) else {
      return nil
    }
    return Failure(
      .config, "lamctl.json asks for lamctl \(required), and this is \(Build.version)",
      fix: "install the release that it asks for")
  }
}
