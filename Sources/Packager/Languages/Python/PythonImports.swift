internal import Core

/// Finds imports of code in the repository that a Python unit does not declare.
struct PythonImports {
  let language: Python
  let unit: ImportCheck

  func check() throws(PackagerError) {
    let build = unit.build
    let names = packageNames(unit.inputs)
    let requirements = (try? unit.read(RootPath.join(build.unit, "requirements.txt"))) ?? []
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
          !unit.exists(RootPath.join(RootPath.parent(file.path), top + ".py")),
          let folder = repositoryFolder(of: top, near: build.unit)
        else { continue }
        throw unit.undeclared("'import \(found.module)'", in: file.path, from: folder)
      }
    }
  }

  /// The names that Python code in the package can import from its top.
  private func packageNames(_ inputs: UnitInputs) -> Set<String> {
    var names: Set<String> = []
    let add = { (path: String, names: inout Set<String>) in
      let first = path.prefix { $0 != "/" }
      names.insert(first.hasSuffix(".py") ? String(first.dropLast(3)) : String(first))
    }
    for file in inputs.own {
      add(inputs.top.isEmpty ? file.path : String(file.path.dropFirst(inputs.top.count + 1)), &names)
    }
    for (use, files) in inputs.shared {
      for file in files { add(RootPath.join(use.into, file.path.dropFirst(use.folder.count + 1)), &names) }
    }
    return names
  }

  private func checkRelative(_ found: PythonModule.Import, in file: String) throws(PackagerError) {
    var folder = RootPath.parent(file)
    for _ in 1..<max(found.level, 1) {
      guard folder != unit.build.unit, !folder.isEmpty else {
        let parent = RootPath.parent(folder)
        let first = found.module.split(separator: ".").first.map(String.init) ?? found.names.first ?? ""
        let target = RootPath.join(parent, first)
        let words = "'from \(String(repeating: ".", count: found.level))\(found.module) import'"
        throw unit.undeclared(words, in: file, from: target)
      }
      folder = RootPath.parent(folder)
    }
  }

  /// The folder of the repository that holds the top-level module `name`, looked for where shared code lies.
  private func repositoryFolder(of name: String, near home: String) -> String? {
    for folder in unit.config.shared.keys.sorted() {
      let into = unit.config.shared[folder]?.into ?? RootPath.name(folder)
      if into == name || (into == "." && isModule(RootPath.join(folder, name))) { return folder }
    }
    var above = home
    while true {
      if above != home {
        for parent in ["", "shared", "libs", "lib", "common", "pkg", "packages", "layers", "src"] {
          let candidate = RootPath.join(RootPath.join(above, parent), name)
          if !RootPath.contains(candidate, home), isModule(candidate) { return candidate }
        }
      }
      guard !above.isEmpty else { return nil }
      above = RootPath.parent(above)
    }
  }

  private func isModule(_ path: String) -> Bool {
    if unit.exists("\(path).py") { return true }
    let names = (try? Files.names(in: "\(unit.root)/\(path)")) ?? []
    return names.contains { $0.hasSuffix(".py") }
  }
}
