internal import Core

extension Language {
  var packagesSources: Bool { false }
  var layerFolder: String? { nil }
  var extensions: [String] { [] }
  var fileNames: [String] { [] }
  var packagedExtensions: [String] { extensions }
  var prebuiltHandler: String? { nil }
  func reads(_ file: RepositoryPath) -> Bool { true }
  func isAside(_ file: RepositoryPath) -> Bool { isAsideEverywhere(file) }
  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading { SourceReading() }
  func outline(of source: [UInt8], file: RepositoryPath) -> SourceReading { reading(of: source, file: file) }
  var namesProjects: Bool { false }
  func statedRuntime(for folder: RepositoryPath, in index: RepositoryIndex) -> StatedRuntime? { nil }
  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate] {
    files.compactMap { file in
      guard let found = index.reading(file, self)?.handlers, !found.isEmpty else { return nil }
      return HandlerCandidate(language: self, file: file, symbols: found)
    }
  }
  func split(handler: String) -> (module: String, symbol: String)? { HandlerFile.split(handler) }
  func modulePaths(_ module: String) -> [String] { [module] }
  func symbols(in source: [UInt8], without symbol: String) -> [String]? { nil }

  var manifests: [Manifest] { [] }
  var lockNames: [String] { [] }
  var requirementNames: [String] { [] }
  func references(in requirements: [UInt8]) -> [String] { [] }
  func stores(in requirements: [UInt8]) -> [Requirements.Store] { [] }
  var hiddenSettings: [String] { [] }
  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath] { [] }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { nil }
  func bundles(_ handler: RepositoryPath) -> Bool { false }
  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? { nil }
  func importRoot(of handler: RepositoryPath, unit: RepositoryPath, in index: RepositoryIndex)
    -> RepositoryPath
  {
    unit
  }
  func dependencies(of build: UnitBuild, unit: String) -> Dependencies { .nothing }
  func installTools(for build: UnitBuild, unit: String) -> [BuildTool] { [] }
  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool] { [] }
  func compiler(of build: UnitBuild, root: String) -> (any Compiler)? { nil }
  var buildPrograms: [String] { [] }
  func handlerFaults(_ subject: GateSubject) -> [GateFault] { [] }
}

extension Language {
  /// Whether `other` is this language.
  func isSame(as other: (any Language)?) -> Bool { name == other?.name }

  /// Names of the files in a unit's folder of which at least one is there where anything is to be installed for it, and where
  /// it names packages of the repository.
  var needNames: [String] { manifests.map(\.name) + lockNames + requirementNames }

  /// Whether its functions run on `runtime`.
  func runs(on runtime: String?) -> Bool { runtime?.hasPrefix(runtimePrefix) == true }

  /// Whether `file` is a source of the language that may run.
  func isSource(_ file: RepositoryPath) -> Bool {
    fileNames.contains(where: file.isNamed) || (extensions.contains(where: file.hasExtension) && reads(file))
  }

  /// The names of tests and settings that are customary in all languages.
  func isAsideEverywhere(_ file: RepositoryPath) -> Bool {
    file.withName { name in
      let stem = UnsafeBufferPointer(rebasing: name[..<(name.lastIndex(of: UInt8(ascii: ".")) ?? name.count)])
      return stem.starts(with: "test_".utf8)
        || asideEndings.contains { ending in
          stem.suffix(ending.count).elementsEqual(ending)
        }
    }
  }
}

/// What the stems of files end with that are aside, as bytes: they are asked for with every source.
private let asideEndings = ["_test", ".test", ".spec", ".config", ".stories", ".mock"].map { Array($0.utf8) }
