package import Core

/// What `lamctl.json` says for the repository as a whole.
package struct WorkspaceConfig: Sendable {
  /// `lamctl.json` as the user would name it; nil where there is none.
  package let file: String?
  /// The project's name: `project`, else the name of the root folder.
  package let project: String
  /// Template of AWS function names.
  ///
  /// Without `name`: `{project}-{function}` where `project` is set, else `{function}`, because a folder's name is not
  /// something that anybody chose as a prefix.
  package let nameTemplate: String
  /// Patterns of unit folders; nil leaves discovery to the rules that need no configuration.
  package let functionPatterns: [String]?
  /// Names of the environments in their written order.
  package let environmentNames: [String]
  /// The environment that is meant when none is named.
  package let defaultEnvironment: String?
  /// How many times faster the sandbox's time runs; nil for its own default.
  package let sandboxSpeed: Double?
  /// Events the sandbox sends, by function.
  package let sandboxTraffic: [String: EventRate]
  /// What the sandbox makes for triggers.
  package let sandboxResources: SandboxFurniture
  /// Where machines share what builds have made; nil for this machine's own cache alone.
  package let cache: BucketPlace?
  /// Newest versions of a function that stay when old ones are deleted; nil for no deletion after a release.
  package let keepVersions: Int?
  /// Releases of lamctl that may be used; nil for any.
  package let requiresVersion: VersionRequirement?
  /// Files and folders, from the root, that every build depends on.
  package let globalInputs: [RepositoryPath]
  /// Where shared folders go in a package, by folder from the root; an entry may say more about the folder's own needs.
  let shared: [RepositoryPath: SharedFolder]
  let value: ConfigValue

  /// One entry of `shared`.
  struct SharedFolder: Sendable {
    let into: RepositoryPath?
    let uses: ConfigValue?
  }

  /// - Parameter faults: receives what is wrong and left out.
  init(_ value: ConfigValue, file: String?, rootName: String, faults: inout [PackagerError]) {
    let reader = ConfigReader(value)
    self.value = value
    self.file = file
    project = reader.string("project") ?? rootName
    nameTemplate =
      reader.string("name") ?? (reader.string("project") == nil ? "{function}" : "{project}-{function}")
    functionPatterns = value["functions"]?.strings
    environmentNames = value["environments"]?.members.map(\.key) ?? []
    defaultEnvironment = reader.string("defaultEnvironment")
    cache = reader.string("cache").flatMap(BucketPlace.init(parsing:))
    keepVersions = reader.integer("keepVersions")
    requiresVersion = reader.string("lamctl").flatMap(VersionRequirement.init(parsing:))
    sandboxSpeed = value["sandbox"]?["speed"]?.json.double
    sandboxTraffic = ConfigReader(value["sandbox"]).map("traffic").compactMapValues(EventRate.init(parsing:))
    sandboxResources = SandboxFurniture(value["sandbox"]?["resources"], faults: &faults)
    shared = Self.shared(value["shared"], faults: &faults)
    var inputs: [RepositoryPath] = []
    for element in value["globalInputs"]?.elements ?? [] {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        inputs.append(try element.path(from: .root))
      }
    }
    globalInputs = inputs
    if let name = defaultEnvironment, !environmentNames.isEmpty, !environmentNames.contains(name),
      let place = value["defaultEnvironment"]
    {
      faults.append(
        place.error("there is no environment '\(name)'; known: \(environmentNames.joined(separator: ", "))"))
    }
  }

  private static func shared(
    _ value: ConfigValue?, faults: inout [PackagerError]
  ) -> [RepositoryPath: SharedFolder] {
    var shared: [RepositoryPath: SharedFolder] = [:]
    for member in value?.members ?? [] {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        let path = try ConfigValue.path(member.key, from: .root, at: member.value)
        var into: RepositoryPath?
        if let written = member.value["into"], let text = written.string {
          guard let path = RepositoryPath(text) else {
            throw written.error("\"into\": '\(text.escaped)' must stay inside the package")
          }
          into = path
        }
        shared[path] = SharedFolder(into: into, uses: member.value["uses"])
      }
    }
    return shared
  }
}

extension ConfigValue {
  /// The path from the root that the text means in a file of `folder`.
  ///
  /// - Throws: ``PackagerError`` with the place when it is empty, absolute, or leaves the repository.
  func path(from folder: RepositoryPath) throws(PackagerError) -> RepositoryPath {
    try Self.path(string ?? "", from: folder, at: self)
  }

  /// The same for the key of a member, whose place is that of `value`.
  static func path(
    _ text: String, from folder: RepositoryPath, at value: ConfigValue
  ) throws(PackagerError) -> RepositoryPath {
    guard !text.isEmpty, let path = folder.resolving(text) else {
      throw value.error("'\(text.escaped)' must be a path inside the repository")
    }
    return path
  }

  /// The folder that paths in its file start from: that of a `function.json`, else the root.
  var folder: RepositoryPath {
    guard let file = RepositoryPath(file), file.name == "function.json" else { return .root }
    return file.parent
  }
}
