package import Core

/// A layer's content, ready to be published.
package struct BuiltLayer: Sendable {
  /// Which one it is.
  package let layer: RepositoryLayer
  /// Digest of the content.
  package let pkg: Digest
  /// The zip, whose files come to lie below `/opt`.
  package let zip: ZipFile
  /// What is in it, in order.
  package let tree: PackageTree
}

/// Builds the content of one layer.
struct LayerBuilder: Sendable {
  let workspace: Workspace
  let layer: LayerBuild
  /// For the files of a unit, and what stands for each of its locks.
  let make: @Sendable (UnitBuild, UnitInputs, DigestItems) -> UnitBuilder

  /// The content.
  func tree() async throws(PackagerError) -> PackageTree {
    let (workspace, layer) = (workspace, layer)
    let inputs = try await Threads.run { () throws(PackagerError) in
      let collector = InputCollector(workspace: workspace)
      var locks = LockReader(root: workspace.root)
      var inputs: [(files: UnitInputs, locks: DigestItems)] = []
      for unit in layer.units {
        let files = try collector.inputs(of: unit)
        let words = try locks.words(of: files, for: unit)
        inputs.append((files, Dictionary(words.map { ($0.itemName, $1) }) { first, _ in first }))
      }
      return inputs
    }
    let content = make(layer.content, inputs[0].files, inputs[0].locks)
    guard let unit = layer.dependencies else { return try content.tree(adding: []) { _ in true } }
    var installing = make(unit, inputs[1].files, inputs[1].locks)
    let tools = await ToolVersions(environment: workspace.environment).versions(
      for: unit, ToolVersions.tools(for: unit, root: workspace.root))
    guard let (folder, installer) = try await installing.installed(tools: tools) else {
      return try content.tree(adding: []) { _ in true }
    }
    let made = try content.made(in: folder, rule: PackageTree.dependencyRule).map { source in
      PackageTree.Source(
        path: layer.top.appending(source.path), file: source.file, kind: source.kind, rule: source.rule)
    }
    let home = unit.unit.relative(to: layer.folder)
    // What is installed replaces what happens to lie there.
    return try content.tree(adding: made) { path in
      !home.contains(path) || !installer.replaces(path.relative(to: home))
    }
  }
}
