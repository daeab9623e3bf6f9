internal import Core

/// Python, installed by pip.
struct Python: Language {
  let name = "python"
  let runtimePrefix = "python"
  let standardRuntime = "python3.13"
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
    isAsideEverywhere(file) || ["conftest.py", "setup.py"].contains(file.name)
  }

  func handlers(in source: [UInt8], isConventional: Bool) -> [String] {
    PythonHandlers.symbols(in: PythonModule(source: source), isConventional: isConventional)
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

  func references(in requirements: [UInt8]) -> [String] { Requirements.references(requirements) }

  func checkImports(of unit: ImportCheck) throws(PackagerError) {
    try PythonImports(language: self, unit: unit).check()
  }

  func dependencies(of build: UnitBuild, unit: String) -> Dependencies {
    isInstalled(unit: unit) ? .install(PythonInstall(build: build)) : .nothing
  }

  func installTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    isInstalled(unit: unit)
      ? [BuildTool(name: "pip", command: ["python3", "-m", "pip", "--version"])] : []
  }

  private func isInstalled(unit: String) -> Bool {
    !Requirements.isEmpty((try? Files.read(unit + "/requirements.txt")) ?? [])
  }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    subject.symbolFaults(of: self, missingFix: GateSubject.missingSource)
  }
}
