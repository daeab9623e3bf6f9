internal import Core

/// A repository as lamctl sees it: its configuration and the functions in it.
public struct Workspace: Sendable {
  /// Absolute path of the root folder.
  public let root: String
  /// What `lamctl.json` says.
  public let config: WorkspaceConfig
  /// The process's environment variables, for `${env:NAME}` and builds.
  public let environment: [String: String]

  /// Opens the repository around a folder.
  ///
  /// - Parameters:
  ///   - root: absolute path of a folder; the root is the nearest one, from there upwards, with a `lamctl.json`, else
  ///     with a `.git`, else the folder itself.
  ///   - configPath: the file to read instead of `lamctl.json`, absolute or from `root`; its folder is the root.
  ///   - environment: the environment variables to see.
  /// - Throws: ``PackagerError`` when a file cannot be read or is wrong.
  public static func open(
    root: String, configPath: String? = nil, environment: [String: String]
  ) throws(PackagerError) -> Workspace {
    var start = root
    while start.count > 1, start.hasSuffix("/") { start.removeLast() }
    if let configPath {
      let path = configPath.hasPrefix("/") ? configPath : "\(start)/\(configPath)"
      let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
      return try Workspace(root: folder, configFile: RootPath.name(path), environment: environment)
    }
    let found = nearest(to: start, holding: "lamctl.json")
    let top = found ?? nearest(to: start, holding: ".git") ?? start
    return try Workspace(root: top, configFile: found == nil ? nil : "lamctl.json", environment: environment)
  }

  private static func nearest(to start: String, holding name: String) -> String? {
    var folder = start
    while true {
      if Files.exists("\(folder)/\(name)") { return folder }
      guard let slash = folder.lastIndex(of: "/"), !folder.isEmpty else { return nil }
      folder = String(folder[..<slash])
    }
  }

  private init(root: String, configFile: String?, environment: [String: String]) throws(PackagerError) {
    self.root = root
    self.environment = environment
    let value =
      if let configFile {
        try ConfigFile.load("\(root)/\(configFile)", name: configFile, table: .root)
      } else {
        ConfigValue.empty(file: "lamctl.json")
      }
    let name = Naming.clean(RootPath.name(root))
    config = try WorkspaceConfig(value, file: configFile, rootName: name.isEmpty ? "function" : name)
    for member in value["environments"]?.members ?? [] {
      // Wrong rollouts show at once, whichever environment is meant today.
      _ = try RolloutConfig((value["rollout"] ?? .empty(file: value.file)).merging(member.value["rollout"]))
    }
  }

  /// The environment called `name`; for nil the default one, or the only one.
  ///
  /// Where no environments are configured, any name will do and has the defaults.
  ///
  /// - Throws: ``PackagerError`` listing the environments when it cannot tell, or when a value cannot be interpolated.
  public func environment(named name: String?) throws(PackagerError) -> EnvironmentConfig {
    let names = config.environmentNames
    let shown = names.joined(separator: ", ")
    guard let chosen = name ?? config.defaultEnvironment ?? (names.count == 1 ? names[0] : nil) else {
      throw .discovery(
        reason: names.isEmpty
          ? "no environment is named and none is configured" : "no environment is named; there are \(shown)",
        fix:
          "name one, as in 'lamctl deploy \(names.first ?? "prod")', or set \"defaultEnvironment\" in lamctl.json"
      )
    }
    guard names.isEmpty || names.contains(chosen) else {
      let hint =
        Suggestion.nearest(to: chosen, in: names).map { "did you mean '\($0)'?" } ?? "there are \(shown)"
      throw .discovery(reason: "there is no environment '\(chosen)'; \(hint)", fix: "")
    }
    let value = config.value["environments"]?[chosen]
    let words: [Template.Word: String] = [.environment: chosen, .project: config.project]
    let interpolator = Interpolator(environment: environment, words: words)
    var secrets: Set<[String]> = []
    let defaults = value?["defaults"]
    var resolved: ConfigValue?
    if let value {
      let plain = try interpolator.resolve(value.removing(["defaults"]), secrets: &secrets)
      // Interpolated values have not been held against their rules yet.
      try ConfigFile.check(
        plain, ConfigTable.root["environments"]?.type.element ?? .any, what: "the environment")
      resolved = plain
      if let defaults {
        let member = ConfigValue.Member(key: "defaults", keyPlace: defaults.place, value: defaults)
        resolved?.kind = .object(plain.members + [member])
      }
    }
    let base = config.value["rollout"] ?? .empty(file: config.value.file)
    let hooks = (config.value["hooks"] ?? .empty(file: config.value.file)).merging(resolved?["hooks"])
    let rollout = try interpolator.resolve(base.merging(resolved?["rollout"]), secrets: &secrets)
    return EnvironmentConfig(name: chosen, value: resolved, rollout: try RolloutConfig(rollout), hooks: hooks)
  }

  /// The functions of the repository in the order of their names.
  ///
  /// - Throws: ``PackagerError`` when a function has no handler or cannot be told apart from another.
  public func discover() throws(PackagerError) -> [DiscoveredFunction] { try survey().functions }

  /// The functions of the repository, and the files that looked like handlers but are none.
  ///
  /// - Throws: as ``discover()``.
  public func discoverWithPassedOver() throws(PackagerError) -> (
    functions: [DiscoveredFunction], passedOver: [PassedOver]
  ) {
    let survey = try survey()
    return (survey.functions, survey.passedOver)
  }
}

extension ConfigType {
  /// The type of a map's values.
  var element: ConfigType? {
    guard case .map(let element) = self else { return nil }
    return element
  }
}
