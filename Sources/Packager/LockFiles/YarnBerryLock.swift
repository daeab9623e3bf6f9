internal import Core

/// `yarn.lock` of yarn 2 and later, which is YAML.
///
/// Source: https://yarnpkg.com/configuration/yarnrc and the format of its own lock file
enum YarnBerryLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(yaml: bytes)
    let entries = document.members.filter { $0.key != "__metadata" }
    var places: [String: String] = [:]
    var names: Set<String> = []
    for entry in entries {
      for pattern in patterns(entry.key) {
        places[pattern] = entry.key
        names.insert(name(of: pattern))
      }
    }
    var graph = LockGraph()
    for entry in entries {
      let resolution = try entry.value.requiredText("resolution")
      var package = LockGraph.Package(name: name(of: resolution))
      var development: Set<String> = []
      if let marker = resolution.firstRange(of: "@workspace:") {
        guard let folder = RepositoryPath(resolution[marker.upperBound...]) else {
          throw entry.value.fault("'\(resolution)' is no folder of the repository")
        }
        graph.members[folder] = entry.key
        development = self.development(sources.json(folder.appending("package.json")))
        let listed = Set(entry.value["dependencies"]?.members.map(\.key) ?? [])
        if let name = sources.unlisted(in: folder, among: listed) {
          return .whole("\(name) of \(folder.appending("package.json")) has no entry in it: run yarn install")
        }
      } else {
        package.version = try entry.value.requiredText("version")
        package.facts = entry.value.facts(["resolution", "checksum", "conditions", "bin"])
      }
      for need in entry.value["dependencies"]?.members ?? [] {
        let range = need.value.word ?? ""
        guard let target = places["\(need.key)@\(range)"] ?? places["\(need.key)@npm:\(range)"] else {
          // What "resolutions" of the manifest put in its place stands there under its own range.
          if names.contains(need.key) { continue }
          return .whole("\(need.key) of \(entry.key) has no entry in it: run yarn install")
        }
        package.needs.append(LockGraph.Need(package: target, isDevelopment: development.contains(need.key)))
      }
      graph.packages[entry.key] = package
    }
    guard !graph.members.isEmpty else { return .whole("it names no workspace") }
    if let folder = NodeWorkspaces(sources)?.manifests.keys.first(where: { graph.members[$0] == nil }) {
      return .whole(
        "it has no entry for \(folder.isRoot ? "the root folder" : folder.text): run yarn install")
    }
    return .graph(graph)
  }

  private static func name(of pattern: String) -> String {
    pattern.dropFirst().firstIndex(of: "@").map { String(pattern[..<$0]) } ?? pattern
  }

  /// The patterns of a key; a comma inside a pattern has no space behind it.
  private static func patterns(_ key: String) -> [String] {
    key.pieces(between: ", ").filter { !$0.isEmpty }.map(String.init)
  }

  /// The names that a manifest has for development only: the lock file does not tell.
  private static func development(_ manifest: JSONNode?) -> Set<String> {
    let names = { (list: String) in Set(manifest?[list]?.members.map(\.key) ?? []) }
    return names("devDependencies").subtracting(names("dependencies")).subtracting(
      names("optionalDependencies"))
  }
}
