extension Language {
  var packagesSources: Bool { false }
  var extensions: [String] { [] }
  var packagedExtensions: [String] { extensions }
  var prebuiltHandler: String? { nil }
  func reads(_ file: String) -> Bool { true }
  func isAside(_ file: String) -> Bool { isAsideEverywhere(file) }
  func handlers(in source: [UInt8], isConventional: Bool) -> [String] { [] }
  func modulePaths(_ module: String) -> [String] { [module] }
  func symbols(in source: [UInt8], without symbol: String) -> [String]? { nil }

  var manifests: [Manifest] { [] }
  var lockNames: [String] { [] }
  var requirementNames: [String] { [] }
  func references(in requirements: [UInt8]) -> [String] { [] }
  func localPackages(in folder: String, root: String) -> [String] { [] }

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
  func isSource(_ file: String) -> Bool {
    guard let dot = file.lastIndex(of: ".") else { return false }
    return extensions.contains(String(file[file.index(after: dot)...])) && reads(file)
  }

  /// The names of tests and settings that are customary in all languages.
  func isAsideEverywhere(_ file: String) -> Bool {
    let stem = RootPath.stem(file)
    return stem.hasPrefix("test_") || stem.hasSuffix("_test")
      || [".test", ".spec", ".config", ".stories", ".mock"].contains(where: stem.hasSuffix)
  }
}
