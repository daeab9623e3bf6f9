internal import Core

/// Finds imports of code in the repository that a Python unit does not declare.
struct PythonImports {
  let language: Python
  let unit: ImportCheck

  func check() throws(PackagerError) {
    let build = unit.build
    let names = packageNames(unit.inputs)
    let requirements = (try? unit.read(build.unit.appending("requirements.txt"))) ?? []
    let required = Requirements.names(requirements)
    for file in unit.inputs.own where language.isSource(file.path) && !language.isAside(file.path) {
      let module = PythonModule(source: try unit.read(file.path))
      for found in module.imports.sorted(by: { ($0.level, $0.module) < ($1.level, $1.module) }) {
        if found.level > 0 {
          try checkRelative(found, in: file.path)
          continue
        }
        let top = String(found.module.prefix { $0 != "." })
        // A file beside the importing one is found when that one is the handler's folder.
        guard !names.contains(top), !required.contains(Requirements.normalized(top)),
          !PythonStandardLibrary.modules.contains(top),
          !unit.exists(file.path.parent.appending(top + ".py")),
          let folder = repositoryFolder(of: top, near: build.unit)
        else { continue }
        throw unit.undeclared("'import \(found.module)'", in: file.path, from: folder)
      }
    }
  }

  /// The names that Python code in the package can import from its top.
  private func packageNames(_ inputs: UnitInputs) -> Set<String> {
    var names: Set<String> = []
    let add = { (path: RepositoryPath, names: inout Set<String>) in
      guard let first = path.components.first else { return }
      names.insert(first.hasSuffix(".py") ? String(first.dropLast(3)) : first)
    }
    for file in inputs.own {
      add(file.path.relative(to: inputs.top), &names)
    }
    for (use, files) in inputs.shared {
      for file in files { add(use.into.appending(file.path.relative(to: use.folder)), &names) }
    }
    return names
  }

  private func checkRelative(_ found: PythonModule.Import, in file: RepositoryPath) throws(PackagerError) {
    var folder = file.parent
    for _ in 1..<max(found.level, 1) {
      guard folder != unit.build.unit, !folder.isRoot else {
        let parent = folder.parent
        let first = found.module.split(separator: ".").first.map(String.init) ?? found.names.first ?? ""
        let target = parent.appending(first)
        let words = "'from \(String(repeating: ".", count: found.level))\(found.module) import'"
        throw unit.undeclared(words, in: file, from: target)
      }
      folder = folder.parent
    }
  }

  /// The folder of the repository that holds the top-level module `name`, looked for where shared code lies.
  private func repositoryFolder(of name: String, near home: RepositoryPath) -> RepositoryPath? {
    for folder in unit.config.shared.keys.sorted() {
      let into = unit.config.shared[folder]?.into ?? RepositoryPath.root.appending(folder.name)
      if into == RepositoryPath.root.appending(name) || (into.isRoot && isModule(folder.appending(name))) {
        return folder
      }
    }
    var above = home
    while true {
      if above != home {
        for parent in ["", "shared", "libs", "lib", "common", "pkg", "packages", "layers", "src"] {
          let candidate = (parent.isEmpty ? above : above.appending(parent)).appending(name)
          if !candidate.contains(home), isModule(candidate) { return candidate }
        }
      }
      guard !above.isRoot else { return nil }
      above = above.parent
    }
  }

  private func isModule(_ path: RepositoryPath) -> Bool {
    if unit.exists(path.parent.appending("\(path.name).py")) { return true }
    let names = (try? Files.names(in: path.absolute(in: unit.root))) ?? []
    return names.contains { $0.hasSuffix(".py") }
  }
}
