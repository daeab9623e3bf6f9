internal import Core

extension Language {
  var packagesSources: Bool { false }
  var extensions: [String] { [] }
  var packagedExtensions: [String] { extensions }
  var prebuiltHandler: String? { nil }
  func reads(_ file: RepositoryPath) -> Bool { true }
  func isAside(_ file: RepositoryPath) -> Bool { isAsideEverywhere(file) }
  func handlers(in source: [UInt8], isConventional: Bool) -> [String] { [] }
  func modulePaths(_ module: String) -> [String] { [module] }
  func symbols(in source: [UInt8], without symbol: String) -> [String]? { nil }

  var manifests: [Manifest] { [] }
  var lockNames: [String] { [] }
  var requirementNames: [String] { [] }
  func references(in requirements: [UInt8]) -> [String] { [] }
  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath] { [] }

  func checkImports(of unit: ImportCheck) throws(PackagerError) {}
  func dependencies(of build: UnitBuild, unit: String) -> Dependencies { .nothing }
  func installTools(for build: UnitBuild, unit: String) -> [BuildTool] { [] }
  var buildPrograms: [String] { [] }
  func handlerFaults(_ subject: GateSubject) -> [GateFault] { [] }
}

extension Language {
  /// Whether `other` is this language.
  func isSame(as other: (any Language)?) -> Bool { name == other?.name }

  /// Whether `file` is a source of the language that may run.
  func isSource(_ file: RepositoryPath) -> Bool {
    guard let ending = file.fileExtension else { return false }
    return extensions.contains(ending) && reads(file)
  }

  /// The names of tests and settings that are customary in all languages.
  func isAsideEverywhere(_ file: RepositoryPath) -> Bool {
    let stem = file.stem
    return stem.hasPrefix("test_") || stem.hasSuffix("_test")
      || [".test", ".spec", ".config", ".stories", ".mock"].contains(where: stem.hasSuffix)
  }
}
