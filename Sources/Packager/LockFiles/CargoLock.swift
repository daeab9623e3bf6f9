internal import Core

/// `Cargo.lock`.
///
/// Source: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html and the format that cargo writes
enum CargoLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(toml: bytes)
    let entries = document["package"]?.elements ?? []
    var graph = LockGraph()
    var keys: [String: String] = [:]
    for entry in entries {
      let (name, version) = (try entry.requiredText("name"), try entry.requiredText("version"))
      let source = entry["source"]?.string
      let key = "\(name) \(version)" + (source.map { " (\($0))" } ?? "")
      // A need names as much of it as tells it from the others.
      for short in [name, "\(name) \(version)", key] where keys[short] == nil { keys[short] = key }
      var package = LockGraph.Package(name: name, version: version)
      package.facts = entry.facts(["source", "checksum", "replace"])
      graph.packages[key] = package
      if source == nil { graph.members[member(name)] = key }
    }
    for entry in entries {
      let (name, version) = (try entry.requiredText("name"), try entry.requiredText("version"))
      let key = "\(name) \(version)" + (entry["source"]?.string.map { " (\($0))" } ?? "")
      for need in entry["dependencies"]?.elements ?? [] {
        guard let text = need.string, let target = keys[text] else {
          throw need.fault(
            "a dependency of \(name) is no package of the lock file: run cargo generate-lockfile")
        }
        graph.packages[key]?.needs.append(LockGraph.Need(package: target))
      }
    }
    return .graph(graph)
  }

  /// A dependency of the crate in `folder`, or above it, that `packages` of the lock do not have as a need of it, as where
  /// its entry was cut; nil where none lacks.
  static func unlisted(
    in folder: RepositoryPath, of package: LockGraph.Package, _ graph: LockGraph, _ sources: LockSources
  ) -> String? {
    let names = Set(package.needs.compactMap { graph.packages[$0.package]?.name })
    let dependencies = manifest(in: folder, sources)?["dependencies"]?.members ?? []
    // What the workspace says of a dependency may give it another name.
    return dependencies.filter { $0.value["workspace"] == nil && $0.value["optional"]?.bool != true }
      .map { $0.value["package"]?.string ?? $0.key }.first { !names.contains($0) }
  }

  /// Crates are told by name here: where they lie is not in the lock file.
  static func member(_ name: String) -> RepositoryPath { RepositoryPath.root.appending(name) }

  /// What ``LockGraph/members`` has for the crate in `folder` or above it; nil where that is no crate, such as the top of
  /// a workspace.
  static func member(in folder: RepositoryPath, _ sources: LockSources) -> RepositoryPath? {
    manifest(in: folder, sources)?["package"]?["name"]?.string.map(member)
  }

  /// The nearest manifest in `folder` or above it.
  private static func manifest(in folder: RepositoryPath, _ sources: LockSources) -> JSONNode? {
    var folder = folder
    while true {
      if let manifest = sources.toml(folder.appending("Cargo.toml")) { return manifest }
      guard !folder.isRoot else { return nil }
      folder = folder.parent
    }
  }
}
