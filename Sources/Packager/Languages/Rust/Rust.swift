internal import Core

/// Rust, compiled to a program that speaks the runtime API.
struct Rust: Language {
  let name = "rust"
  let runtimePrefix = "provided"
  let standardRuntime = "provided.al2023"
  let extensions = ["rs"]
  let packagedExtensions: [String] = []
  let namesProjects = true
  let lockNames = ["Cargo.lock"]
  let buildPrograms = ["cargo"]
  /// Flags of the compiler and the linker.
  let hiddenSettings = [".cargo/config.toml", ".cargo/config"]
  let manifests = [
    Manifest(name: "Cargo.toml", isLocked: true) { bytes, _ in
      TOMLText.object(bytes)["package"] != nil
    }
  ]

  func isAside(_ file: RepositoryPath) -> Bool { file.name == "build.rs" }

  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    TOMLText.fault(in: bytes, of: file)
  }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { RustGraph(index: index, language: self) }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading { RustSource.reading(of: source) }

  /// The programs of packages that depend on a Lambda runtime.
  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate] {
    let packages = CargoPackages.all(in: index)
    let taken = Set(files)
    return packages.all.sorted { $0.folder < $1.folder }.flatMap { package -> [HandlerCandidate] in
      guard package.dependsOnLambda else { return [] }
      let programs = package.programs.filter { taken.contains($0.file) }
      let own = programs.filter { speaks($0.file, index) }
      // Where no program names the runtime, the library does: then all of one that is alone is meant.
      let meant = own.isEmpty && programs.count == 1 ? programs : own
      return meant.map { program in
        HandlerCandidate(
          language: self, file: program.file, symbols: [HandlerSymbol("bootstrap", handler: "bootstrap")],
          unit: package.folder, project: packages.workspace(of: package.folder) ?? package.folder,
          target: program.name, label: program.isMain ? nil : program.name)
      }
    }
  }

  private func speaks(_ file: RepositoryPath, _ index: RepositoryIndex) -> Bool {
    index.reading(file, self)?.imports.contains { CargoPackages.runtimes.contains($0.module) } ?? false
  }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] { Bootstrap().handlerFaults(subject) }
}

/// Reads which crates a Rust file names and which files it includes.
enum RustSource {
  static func reading(of source: [UInt8]) -> SourceReading {
    var reading = SourceReading()
    let tokens = CodeTokenizer.tokens(of: source, .rust)
    var seen: Set<String> = []
    for index in tokens.indices {
      guard let word = tokens[index].word else { continue }
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      let isPath = next?.isSymbol(":") == true && index + 2 < tokens.count && tokens[index + 2].isSymbol(":")
      let before = index > 0 ? tokens[index - 1] : nil
      if isPath, before?.isSymbol(":") != true || before == .word("use"), seen.insert(word).inserted {
        reading.imports.append(SourceImport(module: word))
      }
      if word.hasPrefix("include"), next?.isSymbol("!") == true, index + 3 < tokens.count,
        case .string(let path) = tokens[index + 3]
      {
        reading.files.append(path)
      }
    }
    return reading
  }
}
