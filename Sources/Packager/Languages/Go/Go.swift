internal import Core

/// Go, compiled to a program that speaks the runtime API.
struct Go: Language {
  let name = "go"
  let runtimePrefix = "provided"
  let standardRuntime = "provided.al2023"
  let extensions = ["go"]
  let packagedExtensions: [String] = []
  let namesProjects = true
  let lockNames = ["go.sum"]
  let buildPrograms = ["go"]
  let manifests = [Manifest(name: "go.mod", isLocked: true)]

  func isAside(_ file: RepositoryPath) -> Bool { file.hasSuffix("_test.go") }

  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    file.name == "go.mod" ? GoModules.fault(in: bytes, of: file) : nil
  }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { GoGraph(index: index, language: self) }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading { GoSource.reading(of: source) }

  /// Programs that start a handler themselves, or through a package of the repository that does it for them.
  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate] {
    let modules = GoModules.all(in: index)
    let starters = index.remembered("go starters") { self.starters(in: index) }
    let programs = files.filter { index.reading($0, self)?.package == "main" }
    var found: [HandlerCandidate] = []
    var taken: Set<RepositoryPath> = []
    for file in programs {
      guard let reading = index.reading(file, self) else { continue }
      let starts =
        !reading.handlers.isEmpty
        || reading.imports.contains { use in
          modules.folder(of: use.module, from: file).map(starters.contains) ?? false
        }
      guard starts, taken.insert(file.parent).inserted else { continue }
      let module = modules.module(of: file.parent)?.folder ?? file.parent
      found.append(
        HandlerCandidate(
          language: self, file: file, symbols: [HandlerSymbol("bootstrap", handler: "bootstrap")],
          unit: file.parent, project: module,
          target: file.parent == module ? "." : "./\(file.parent.relative(to: module).text)"))
    }
    return found
  }

  /// The folders of packages that start a handler for the programs that import them.
  private func starters(in index: RepositoryIndex) -> Set<RepositoryPath> {
    let sources = index.files.filter { isSource($0) && !isAside($0) }
    index.look(into: sources, self)
    return Set(
      sources.filter { file in
        guard let reading = index.reading(file, self), reading.package != "main" else { return false }
        return !reading.handlers.isEmpty
      }.map(\.parent))
  }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] { Bootstrap().handlerFaults(subject) }
}
