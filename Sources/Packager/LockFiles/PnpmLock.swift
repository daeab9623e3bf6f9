internal import Core

/// `pnpm-lock.yaml` of the versions 5 to 9.
///
/// Source: https://github.com/pnpm/spec/tree/master/lockfile
enum PnpmLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    // Newer versions put what pnpm itself needs into a document of its own in front.
    guard let document = try JSONNode.documents(yaml: bytes).last, !document.members.isEmpty else {
      throw JSONSyntaxError(
        position: JSONNode.Position(line: 1, column: 1), reason: "the lock file is empty")
    }
    let version = try document.requiredText("lockfileVersion")
    guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), (5...9).contains(major) else {
      return .whole("it is of lockfileVersion \(version), and lamctl knows 5 to 9")
    }
    let importers = try major < 9 ? document["importers"] : document.required("importers")
    let packages = document["packages"]?.byName ?? [:]
    let snapshots = document["snapshots"]?.members ?? document["packages"]?.members ?? []
    let keys = Set(snapshots.map(\.key))
    var graph = LockGraph()
    for snapshot in snapshots {
      let (name, version) = identity(snapshot.key)
      // The part behind a bracket says with which peers it is installed, and is none of the package's.
      let plain = snapshot.key.prefix { $0 != "(" }
      let details = packages[String(plain)] ?? packages[snapshot.key] ?? snapshot.value
      var package = LockGraph.Package(
        name: snapshot.value["name"]?.string ?? name, version: snapshot.value["version"]?.word ?? version)
      package.facts = details.facts(["resolution", "os", "cpu", "libc", "requiresBuild", "hasBin"])
      package.facts["patch"] = snapshot.value["patched"]?.json.text()
      for list in ["dependencies", "optionalDependencies"] {
        for need in snapshot.value[list]?.members ?? [] {
          guard let target = target(need.key, need.value, in: keys, from: nil) else {
            if list == "optionalDependencies" { continue }
            return .whole("\(need.key) of \(snapshot.key) has no entry in it: run pnpm install")
          }
          package.needs.append(LockGraph.Need(package: target))
        }
      }
      graph.packages[snapshot.key] = package
    }
    if importers == nil, sources.json("package.json") == nil {
      return .whole("it names no package of the repository")
    }
    let members = importers?.members.map { ($0.key, $0.value) } ?? [(".", document)]
    for (place, node) in members {
      try add(place, node, to: &graph, keys)
      let lists = ["dependencies", "optionalDependencies", "devDependencies"]
      let names = Set(lists.flatMap { node[$0]?.members ?? [] }.map(\.key))
      guard let folder = RepositoryPath(place) else { continue }
      if let name = sources.unlisted(in: folder, among: names) {
        return .whole("\(name) of \(folder.appending("package.json")) has no entry in it: run pnpm install")
      }
    }
    return .graph(graph)
  }

  private static func add(
    _ place: String, _ node: JSONNode, to graph: inout LockGraph, _ keys: Set<String>
  ) throws(JSONSyntaxError) {
    try node.check(place: place)
    guard let folder = RepositoryPath(place) else { throw node.fault("no folder has the name \"\(place)\"") }
    var member = LockGraph.Package(name: place)
    for list in ["dependencies", "optionalDependencies", "devDependencies"] {
      for need in node[list]?.members ?? [] {
        guard let target = target(need.key, need.value, in: keys, from: folder) else {
          if list == "optionalDependencies" { continue }
          throw need.value.fault("\"\(need.key)\" of \(place) is no package of the lock file")
        }
        member.needs.append(LockGraph.Need(package: target, isDevelopment: list == "devDependencies"))
      }
    }
    let key = "importer " + folder.text
    graph.members[folder] = key
    graph.packages[key] = member
  }

  /// The key that a need leads to: a package's, or a member's behind a link.
  private static func target(
    _ name: String, _ need: JSONNode, in keys: Set<String>, from folder: RepositoryPath?
  ) -> String? {
    guard let version = need.word ?? need["version"]?.word else { return nil }
    if version.utf8.starts(with: "link:".utf8) {
      let written = Substring(version.utf8.dropFirst(5))
      return (folder ?? .root).resolving(written).map { "importer " + $0.text }
    }
    return ["\(name)@\(version)", version, "/\(name)@\(version)", "/\(name)/\(version)", "/\(version)"].first
    {
      keys.contains($0)
    }
  }

  /// Name and version in a package's key: `@a/b@1.2.3(c@4)`, `/@a/b@1.2.3`, `/@a/b/1.2.3_c@4`.
  private static func identity(_ key: String) -> (name: String, version: String) {
    let plain = key.utf8.first == UInt8(ascii: "/") ? key.dropFirst() : key[...]
    let own = plain.prefix { $0 != "(" }
    let scope = own.first == "@" ? own.firstIndex(of: "/").map(own.index(after:)) : nil
    guard let end = own[(scope ?? own.startIndex)...].firstIndex(where: { $0 == "@" || $0 == "/" }) else {
      return (String(own), "")
    }
    return (String(own[..<end]), String(own[own.index(after: end)...]))
  }
}
