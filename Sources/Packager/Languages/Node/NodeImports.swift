internal import Core

/// Finds imports of code in the repository that a Node unit does not declare.
struct NodeImports {
  let language: Node
  let unit: ImportCheck

  func check() throws(PackagerError) {
    let build = unit.build
    for file in unit.inputs.own where language.isSource(file.path) && !language.isAside(file.path) {
      guard !file.path.components.contains("node_modules") else { continue }
      let module = ScriptModule(source: try unit.read(file.path))
      for specifier in module.specifiers.sorted() where specifier.hasPrefix("../") || specifier == ".." {
        guard let target = file.path.parent.resolving(specifier), !build.unit.contains(target) else {
          continue
        }
        if let use = build.uses.first(where: { $0.folder.contains(target) }) {
          throw .undeclared(
            unit: build.unit,
            reason:
              "\(file.path) has '\(specifier.escaped)', but in the package \(use.folder) lies at ./\(use.into)",
            fix: "import it from there, or set \"build\" to bundle the unit")
        }
        let folder = unit.isFolder(target) ? target : target.parent
        throw unit.undeclared("'\(specifier.escaped)'", in: file.path, from: folder)
      }
    }
  }
}
