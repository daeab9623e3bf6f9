package import Core
import Glibc

/// A repository as lamctl sees it: its configuration and the functions in it.
package struct Workspace: Sendable {
  /// Absolute path of the root folder.
  package let root: String
  /// Whether there is a `lamctl.json`.
  let isConfigured: Bool
  /// What `lamctl.json` says.
  package let config: WorkspaceConfig
  /// The process's environment variables, for `${env:NAME}` and builds.
  package let environment: [String: String]
  /// Learns the values that configuration leads to.
  package let secrets: Secrets
  /// What is wrong with `lamctl.json` and left out of ``config``; empty but for ``read(root:configPath:environment:)``.
  package let faults: [PackagerError]
  /// Its keys, such as `name`, whose values are not known.
  package let unknown: Set<String>
  /// What is left out of it.
  let reading: ConfigFile.Reading
  /// What git says about the files below the root.
  let git: GitView
  /// What the look at the repository has shown.
  let surveyed = Lock<Survey?>(nil)

  /// Opens the repository around a folder for what builds it or writes its settings.
  ///
  /// - Parameters:
  ///   - root: absolute path of a folder; the root is the nearest one, from there upwards, with a `lamctl.json`, else
  ///     with a `.git`, else the folder itself.
  ///   - configPath: the file to read instead of `lamctl.json`, absolute or from `root`; its folder is the root.
  ///   - environment: the environment variables to see.
  ///   - secrets: learns the values that configuration leads to.
  /// - Throws: ``PackagerError`` with all faults when `lamctl.json` is wrong, those of `function.json` files among them.
  package static func open(
    root: String, configPath: String? = nil, environment: [String: String], secrets: Secrets = Secrets()
  ) throws(PackagerError) -> Workspace {
    let workspace = locate(root: root, configPath: configPath, environment: environment, secrets: secrets)
    guard !workspace.faults.isEmpty else { return workspace }
    let files =
      (try? RepositoryIndex(root: workspace.root, git: workspace.git)).map { workspace.functionFiles(in: $0) }
      ?? []
    throw PackagerError(all: workspace.faults + files.flatMap(\.reading.faults)) ?? .cancelled
  }

  /// Reads the repository around a folder for what needs only the names of its functions: what is wrong with
  /// `lamctl.json` is left out and told in ``faults``.
  ///
  /// - Parameters: as of ``open(root:configPath:environment:)``.
  /// - Throws: ``PackagerError`` when nothing of `lamctl.json` can be understood.
  package static func read(
    root: String, configPath: String? = nil, environment: [String: String], secrets: Secrets = Secrets()
  ) throws(PackagerError) -> Workspace {
    let workspace = locate(root: root, configPath: configPath, environment: environment, secrets: secrets)
    if workspace.reading.isUnreadable, let error = PackagerError(all: workspace.faults) { throw error }
    return workspace
  }

  /// A repository that holds nothing, for functions that are named by their names in AWS.
  ///
  /// - Parameter root: absolute path of a folder, which is not looked into.
  package static func none(
    root: String, environment: [String: String], secrets: Secrets = Secrets()
  ) -> Workspace {
    Workspace(root: root, configFile: nil, environment: environment, secrets: secrets)
  }

  private static func locate(
    root: String, configPath: String?, environment: [String: String], secrets: Secrets
  ) -> Workspace {
    var start = root
    while start.count > 1, start.hasSuffix("/") { start.removeLast() }
    if let configPath {
      let path = configPath.hasPrefix("/") ? configPath : "\(start)/\(configPath)"
      let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
      return Workspace(
        root: folder, configFile: lastName(path), environment: environment, secrets: secrets)
    }
    let found = nearest(to: start, holding: "lamctl.json")
    let top = found ?? nearest(to: start, holding: ".git") ?? start
    return Workspace(
      root: top, configFile: found == nil ? nil : "lamctl.json", environment: environment, secrets: secrets)
  }

  /// The last component of an absolute path.
  private static func lastName(_ path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// The name of the folder that is the root.
  var rootFolderName: String { Self.lastName(root) }

  /// Throws when a link on the way to `path` leads out of the repository.
  func requireInside(_ path: RepositoryPath, at value: ConfigValue) throws(PackagerError) {
    guard let top = Self.real(root), let found = Self.real(path.absolute(in: root)) else { return }
    guard !found.utf8.starts(with: (top + "/").utf8), found != top else { return }
    throw value.error(
      "'\(path)' leads out of the repository, to \(found.escaped); copy what is meant into it")
  }

  /// The file or folder of the repository that a link leads to in the end; nil where that is none.
  func target(ofLink link: RepositoryPath) -> RepositoryPath? {
    guard let top = Self.real(root), let found = Self.real(link.absolute(in: root)),
      found.utf8.starts(with: (top + "/").utf8)
    else { return nil }
    return RepositoryPath(String(Substring(found.utf8.dropFirst(top.utf8.count + 1))))
  }

  /// Whether a link leads to itself, over others or not.
  func isCircle(_ link: RepositoryPath) -> Bool {
    access(link.absolute(in: root), F_OK) != 0 && errno == ELOOP
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func nearest(to start: String, holding name: String) -> String? {
    var folder = start
    while true {
      if Files.exists("\(folder)/\(name)") { return folder }
      guard let slash = folder.lastIndex(of: "/"), !folder.isEmpty else { return nil }
      folder = String(folder[..<slash])
    }
  }

  private init(root: String, configFile: String?, environment: [String: String], secrets: Secrets) {
    self.root = root
    self.environment = environment
    self.secrets = secrets
    isConfigured = configFile != nil
    git = GitView(root: root)
    reading =
      if let configFile {
        ConfigFile.read("\(root)/\(configFile)", name: configFile, table: .root)
      } else {
        ConfigFile.Reading(value: .empty(file: "lamctl.json"))
      }
    let value = reading.value
    unknown = reading.lost.union(reading.dropped.filter { $0.count == 1 }.compactMap(\.first))
    let name = Naming.clean(Self.lastName(root))
    // What had to be guessed at is not searched for more.
    var found: [PackagerError] = []
    config = WorkspaceConfig(
      value, file: configFile, rootName: name.isEmpty ? "function" : name, faults: &found)
    for member in value["environments"]?.members ?? [] {
      if member.value["alias"] == nil, let fault = TextRule.alias.fault(in: member.key) {
        found.append(
          .config(
            location: "\(value.file.escaped):\(member.keyPlace.line):\(member.keyPlace.column)",
            reason: "\(fault); give the environment another name, or an \"alias\""))
      }
      // Wrong rollouts show at once, whichever environment is meant today.
      PackagerError.collect(into: &found) { () throws(PackagerError) in
        let base = value["rollout"] ?? .empty(file: value.file)
        _ = try RolloutConfig(base.merging(member.value["rollout"]))
      }
    }
    found += PreviewConfig.faults(in: value["preview"], environments: config.environmentNames)
    faults = reading.faults.isEmpty ? found : reading.faults
  }

  /// The functions of the repository in the order of their names.
  ///
  /// - Throws: ``PackagerError`` when a function has no handler or cannot be told apart from another.
  package func discover() throws(PackagerError) -> [DiscoveredFunction] { try faultlessSurvey().functions }

  /// The functions of the repository, and the files that looked like handlers but are none.
  ///
  /// - Parameters:
  ///   - isDigested: whether digests of them will be asked for, so that what is read is hashed at once.
  ///   - isExplained: whether what looks like a handler is told of folders too where none is looked for.
  /// - Returns: also, without any function, the error that says what was seen instead.
  /// - Throws: as ``discover()``.
  package func discoverWithPassedOver(
    isDigested: Bool = false, isExplained: Bool = false
  ) throws(PackagerError) -> (
    functions: [DiscoveredFunction], passedOver: [PassedOver], nothing: PackagerError?
  ) {
    let survey = try faultlessSurvey(hashes: isDigested)
    let unseen = isExplained ? UnseenHandlers(survey, config).passedOver : []
    return (
      survey.functions, (survey.passedOver + unseen).sorted { $0.path < $1.path }, survey.nothing
    )
  }

  private func faultlessSurvey(hashes: Bool = false) throws(PackagerError) -> Survey {
    let survey = try survey(hashes: hashes)
    if let error = PackagerError(all: survey.faults.map(\.error)) { throw error }
    return survey
  }
}
