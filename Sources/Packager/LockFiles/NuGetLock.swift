internal import Core

/// `packages.lock.json` of NuGet, which is one project's.
///
/// Source: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies
enum NuGetLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(parsing: bytes)
    var graph = LockGraph()
    var project = LockGraph.Package(name: "project")
    for framework in try document.required("dependencies").members {
      // Names go by their letters, whatever their size.
      let keys = Set(framework.value.members.map { "\(framework.key) \($0.key.lowercased())" })
      for entry in framework.value.members {
        let key = "\(framework.key) \(entry.key.lowercased())"
        var package = LockGraph.Package(
          name: "\(framework.key) \(entry.key)", version: entry.value["resolved"]?.string ?? "")
        package.facts = entry.value.facts(["contentHash"])
        for need in entry.value["dependencies"]?.members ?? [] {
          let target = "\(framework.key) \(need.key.lowercased())"
          if keys.contains(target) { package.needs.append(LockGraph.Need(package: target)) }
        }
        graph.packages[key] = package
        if entry.value["type"]?.string != "Transitive" { project.needs.append(LockGraph.Need(package: key)) }
      }
    }
    graph.members[.root] = "project"
    graph.packages["project"] = project
    return .graph(graph)
  }
}
