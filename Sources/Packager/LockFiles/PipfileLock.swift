internal import Core

/// `Pipfile.lock`, which has no graph: everything for production counts.
///
/// Source: https://pipenv.pypa.io/en/latest/pipfile.html
enum PipfileLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(parsing: bytes)
    let addresses =
      document["_meta"]?["sources"]?.elements.map { ($0["name"]?.string, $0["url"]?.string) } ?? []
    var graph = LockGraph()
    var project = LockGraph.Package(name: "project")
    for (list, isDevelopment) in [("default", false), ("develop", true)] {
      for entry in try document.required(list).members {
        let node = entry.value
        let key = "\(list) \(entry.key)"
        let version = node["version"]?.string ?? ""
        var package = LockGraph.Package(name: entry.key, version: version)
        package.facts = node.facts([
          "git", "ref", "path", "file", "subdirectory", "extras", "editable", "index",
        ])
        let hashes = Set(node["hashes"]?.elements.compactMap(\.string) ?? []).sorted(by: LockGraph.precedes)
        package.facts["files"] = hashes.joined(separator: " ")
        // What others need comes from the first source.
        let index = (addresses.first { $0.0 == node["index"]?.string && $0.0 != nil } ?? addresses.first)?.1
        package.pin = PythonPin(
          name: entry.key,
          version: version.utf8.starts(with: "==".utf8) ? String(version.dropFirst(2)) : version,
          hashes: hashes, source: source(node, index: index))
        graph.packages[key] = package
        project.needs.append(
          LockGraph.Need(package: key, marker: node["markers"]?.string, isDevelopment: isDevelopment))
      }
    }
    graph.members[.root] = "project"
    graph.packages["project"] = project
    return .graph(graph)
  }

  private static func source(_ node: JSONNode, index: String?) -> PythonPin.Source {
    if let address = node["git"]?.string { return .url("git+\(address)@\(node["ref"]?.string ?? "HEAD")") }
    if let path = node["path"]?.string { return .path(path) }
    if let file = node["file"]?.string { return file.contains("://") ? .url(file) : .path(file) }
    return PythonPin.Source(index: index)
  }
}
