internal import Core

/// Finds imports of code in the repository that a unit does not declare: a change there would go unseen.
struct ImportChecker {
  let workspace: Workspace
  private var fileSets: [String: Set<String>] = [:]

  init(workspace: Workspace) {
    self.workspace = workspace
  }

  /// Throws for the first import that leaves what `build` declares. Units with a build of their own are built in a copy
  /// of what they declare, which shows the same.
  mutating func check(_ build: UnitBuild, _ inputs: UnitInputs) throws(PackagerError) {
    guard build.command == nil, build.output == nil else { return }
    switch build.runtime.flatMap(Language.init(runtime:)) {
    case .python: try checkPython(build, inputs)
    case .node: try checkNode(build, inputs)
    case .bootstrap, nil: break
    }
  }

  private func checkPython(_ build: UnitBuild, _ inputs: UnitInputs) throws(PackagerError) {
    let names = packageNames(inputs)
    let requirements =
      (try? Files.read("\(workspace.root)/\(RootPath.join(build.unit, "requirements.txt"))")) ?? []
    let required = Requirements.names(requirements)
    for file in inputs.own where file.path.hasSuffix(".py") && !Narrowing.isAside(file.path) {
      let module = PythonModule(source: try read(file.path))
      for found in module.imports.sorted(by: { ($0.level, $0.module) < ($1.level, $1.module) }) {
        if found.level > 0 {
          try checkRelative(found, in: file.path, build)
          continue
        }
        let top = String(found.module.prefix { $0 != "." })
        // A file beside the importing one is found when that one is the handler's folder.
        guard !names.contains(top), !required.contains(Requirements.normalized(top)),
          !PythonStandardLibrary.modules.contains(top),
          !Files.exists("\(workspace.root)/\(RootPath.join(RootPath.parent(file.path), top + ".py"))"),
          let folder = repositoryFolder(of: top, near: build.unit)
        else { continue }
        throw undeclared("'import \(found.module)'", file.path, folder, build)
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

  private func checkRelative(
    _ found: PythonModule.Import, in file: String, _ build: UnitBuild
  ) throws(PackagerError) {
    var folder = RootPath.parent(file)
    for _ in 1..<max(found.level, 1) {
      guard folder != build.unit, !folder.isEmpty else {
        let parent = RootPath.parent(folder)
        let first = found.module.split(separator: ".").first.map(String.init) ?? found.names.first ?? ""
        let target = RootPath.join(parent, first)
        let words = "'from \(String(repeating: ".", count: found.level))\(found.module) import'"
        throw undeclared(words, file, target, build)
      }
      folder = RootPath.parent(folder)
    }
  }

  /// The folder of the repository that holds the top-level module `name`, looked for where shared code lies.
  private func repositoryFolder(of name: String, near unit: String) -> String? {
    for folder in workspace.config.shared.keys.sorted() {
      let into = workspace.config.shared[folder]?.into ?? RootPath.name(folder)
      if into == name || (into == "." && isModule(RootPath.join(folder, name))) { return folder }
    }
    var above = unit
    while true {
      if above != unit {
        for parent in ["", "shared", "libs", "lib", "common", "pkg", "packages", "layers", "src"] {
          let candidate = RootPath.join(RootPath.join(above, parent), name)
          if !RootPath.contains(candidate, unit), isModule(candidate) { return candidate }
        }
      }
      guard !above.isEmpty else { return nil }
      above = RootPath.parent(above)
    }
  }

  private func isModule(_ path: String) -> Bool {
    if Files.exists("\(workspace.root)/\(path).py") { return true }
    let names = (try? Files.names(in: "\(workspace.root)/\(path)")) ?? []
    return names.contains { $0.hasSuffix(".py") }
  }

  private func checkNode(_ build: UnitBuild, _ inputs: UnitInputs) throws(PackagerError) {
    for file in inputs.own where Language(file: file.path) == .node && !Narrowing.isAside(file.path) {
      guard !file.path.contains("node_modules/") else { continue }
      let module = ScriptModule(source: try read(file.path))
      for specifier in module.specifiers.sorted() where specifier.hasPrefix("../") || specifier == ".." {
        let path = RootPath.join(RootPath.parent(file.path), specifier)
        guard let target = RootPath.normalized(path), !RootPath.contains(build.unit, target) else { continue }
        if let use = build.uses.first(where: { RootPath.contains($0.folder, target) }) {
          throw .undeclared(
            unit: build.unit,
            reason: "\(file.path) has '\(specifier)', but in the package \(use.folder) lies at ./\(use.into)",
            fix: "import it from there, or set \"build\" to bundle the unit")
        }
        let isFolder = Files.isFolder("\(workspace.root)/\(target)")
        throw undeclared("'\(specifier)'", file.path, isFolder ? target : RootPath.parent(target), build)
      }
    }
  }

  private func undeclared(_ what: String, _ file: String, _ folder: String, _ build: UnitBuild)
    -> PackagerError
  {
    let isFile = !Files.isFolder("\(workspace.root)/\(folder)")
    let shown = isFile ? RootPath.parent(folder) : folder
    let up = String(repeating: "../", count: build.unit.split(separator: "/").count)
    return .undeclared(
      unit: build.unit,
      reason: "\(what) in \(file) is code of this repository (\(shown)) that the unit does not declare",
      fix: "add \"uses\": [\"\(up)\(shown)\"] to \(RootPath.join(build.unit, "function.json"))")
  }

  private func read(_ path: String) throws(PackagerError) -> [UInt8] {
    let absolute = "\(workspace.root)/\(path)"
    return try system { () throws(SystemError) in try Files.read(absolute) }
  }
}
