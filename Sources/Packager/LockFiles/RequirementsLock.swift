internal import Core

/// A file of requirements: what it says without comments, blank lines and how its lines are broken. Which of its lines a
/// function needs is not in it.
///
/// Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/
enum RequirementsLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) -> LockReading {
    var graph = LockGraph()
    var project = LockGraph.Package(name: "project")
    // Their order says which index is asked first.
    for (number, line) in Requirements.lines(bytes).enumerated() {
      project.facts["\(number)"] = line
    }
    graph.packages["project"] = project
    graph.members[.root] = "project"
    return .graph(graph)
  }
}
