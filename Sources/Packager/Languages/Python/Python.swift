internal import Core

/// Python, installed by pip.
struct Python: Language {
  let name = "python"
  let runtimePrefix = "python"
  let standardRuntime = "python3.13"
  let layerFolder: String? = "python"
  let packagesSources = true
  let extensions = ["py"]
  let lockNames = ["uv.lock", "poetry.lock", "Pipfile.lock"]
  let requirementNames = ["requirements.txt"]
  let buildPrograms = ["python3", "python", "pip", "pip3", "uv"]

  let manifests = [
    Manifest(name: "requirements.txt") { bytes, isAtTop in !isAtTop || !Requirements.isEmpty(bytes) },
    Manifest(name: "pyproject.toml", isLocked: true) { bytes, _ in
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { line in
        line.hasPrefix("[project]") || line.hasPrefix("[tool.poetry]")
      }
    },
    Manifest(name: "uv.lock"), Manifest(name: "poetry.lock"), Manifest(name: "Pipfile"),
    Manifest(name: "setup.py") { _, isAtTop in !isAtTop },
  ]

  func isAside(_ file: RepositoryPath) -> Bool {
    isAsideEverywhere(file) || file.isNamed("conftest.py") || file.isNamed("setup.py")
  }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading {
    let module = PythonModule(source: source)
    return SourceReading(
      handlers: PythonHandlers.symbols(in: module),
      imports: Self.sorted(
        module.imports.map { found in
          SourceImport(
            module: String(repeating: ".", count: found.level) + found.module, names: found.names)
        }))
  }

  private static func sorted(_ imports: [SourceImport]) -> [SourceImport] {
    imports.sorted { a, b in
      if a.module != b.module { return a.module < b.module }
      return a.names.count != b.names.count
        ? a.names.count < b.names.count : a.names.lexicographicallyPrecedes(b.names)
    }
  }

  func outline(of source: [UInt8], file: RepositoryPath) -> SourceReading {
    let outline = PythonOutline(source).source
    if let imports = PythonImportLines(outline)?.imports {
      return SourceReading(imports: Self.sorted(imports))
    }
    var reading = reading(of: outline, file: file)
    reading.handlers.removeAll { $0.evidence == .nameable }
    return reading
  }

  /// The version that the nearest statement names; the newest in wide use where that will do.
  func statedRuntime(for folder: RepositoryPath, in index: RepositoryIndex) -> StatedRuntime? {
    index.stated(for: folder) { folder in
      guard let (text, file) = Self.statedVersion(in: folder, index), let version = StatedVersion(text),
        version.major == 3, version.numbers.count > 1, version.minor <= 14
      else { return nil }
      if version.isOpen, version.minor <= 13 { return StatedRuntime(runtime: standardRuntime, file: file) }
      guard version.minor >= 9 else { return nil }
      return StatedRuntime(runtime: "python3.\(version.minor)", file: file)
    }
  }

  private static func statedVersion(
    in folder: RepositoryPath, _ index: RepositoryIndex
  ) -> (text: String, file: RepositoryPath)? {
    if let found = index.firstLine(of: [".python-version"], in: folder) { return found }
    let project = folder.appending("pyproject.toml")
    if let bytes = index.manifest(project) {
      let text = TOMLText.object(bytes)
      let stated =
        text.at("project", "requires-python") ?? text.at("tool", "poetry", "dependencies", "python")
      if let version = stated?.string { return (version, project) }
    }
    let pipfile = folder.appending("Pipfile")
    if let bytes = index.manifest(pipfile) {
      if let version = TOMLText.object(bytes).at("requires", "python_version")?.string {
        return (version, pipfile)
      }
    }
    return index.toolVersion(["python"], in: folder)
  }

  /// Python's runtime turns slashes into dots; a package counts as well.
  func modulePaths(_ module: String) -> [String] {
    let path = module.replacing(".", with: "/")
    return [path, path + "/__init__"]
  }

  func symbols(in source: [UInt8], without symbol: String) -> [String]? {
    let module = PythonModule(source: source)
    if module.bindings.contains(symbol) || module.hasStarImport { return nil }
    return module.functions.map(\.name)
  }

  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    ["pyproject.toml", "Pipfile"].contains(file.name) ? TOMLText.fault(in: bytes, of: file) : nil
  }

  func references(in requirements: [UInt8]) -> [String] { Requirements.references(requirements) }

  func stores(in requirements: [UInt8]) -> [Requirements.Store] { Requirements.stores(requirements) }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { PythonGraph(index: index, language: self) }

  func importRoot(of handler: RepositoryPath, unit: RepositoryPath, in index: RepositoryIndex)
    -> RepositoryPath
  {
    PythonModules(index: index, language: self).importRoot(of: handler, unit: unit)
  }

  func dependencies(of build: UnitBuild, unit: String) -> Dependencies {
    switch PythonProject.find(for: build.unit, root: build.root(of: unit)) {
    case .nothing: .nothing
    case .requirements: .install(PythonInstall(build: build, lock: nil, root: build.root(of: unit)))
    case .lock(let lock): .install(PythonInstall(build: build, lock: lock, root: build.root(of: unit)))
    case .unlocked(let file, let advice):
      .refused(
        .inputs(unit: build.unit, reason: "\(file) declares dependencies, and no lock pins them", fix: advice)
      )
    }
  }

  func installTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    switch PythonProject.find(for: build.unit, root: build.root(of: unit)) {
    case .nothing, .unlocked: return []
    case .requirements, .lock: break
    }
    return [
      BuildTool(name: "uv", command: ["uv", "--version"]),
      BuildTool(name: "pip", command: ["python3", "-m", "pip", "--version"], insteadOf: "uv"),
    ]
  }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    let faults = subject.symbolFaults(of: self, missingFix: GateSubject.missingSource)
    guard let handler = subject.handlerPath(of: self) else { return faults }
    var imports = PythonImportGate(subject)
    let symbol = split(handler: subject.handler)?.symbol ?? ""
    let lack = faults.isEmpty ? imports.lacks(symbol, in: handler).map { [$0] } ?? [] : []
    return faults + lack + imports.check(handler)
  }
}
