internal import Core

/// Swift, compiled to a program that speaks the runtime API.
struct SwiftPackage: Language {
  let name = "swift"
  let runtimePrefix = "provided"
  let standardRuntime = "provided.al2023"
  let extensions = ["swift"]
  let packagedExtensions: [String] = []
  let namesProjects = true
  let lockNames = ["Package.resolved"]
  let buildPrograms = ["swift"]
  /// Where packages come from in place of what manifests say.
  let hiddenSettings = [".swiftpm/configuration"]
  let manifests = [Manifest(name: "Package.swift", isLocked: true)]

  func isAside(_ file: RepositoryPath) -> Bool { file.name == "Package.swift" }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { SwiftGraph(index: index, language: self) }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading {
    let tokens = CodeTokenizer.tokens(of: source, .swift)
    var reading = SourceReading()
    for index in tokens.indices.dropLast() where tokens[index] == .word("import") {
      var place = index + 1
      // `import struct Foundation.Date`
      let kinds = ["struct", "class", "enum", "protocol", "func", "typealias", "var", "let"]
      if let kind = tokens[place].word, kinds.contains(kind), place + 1 < tokens.count { place += 1 }
      if let module = tokens[place].word { reading.imports.append(SourceImport(module: module)) }
    }
    return reading
  }

  /// Programs of packages that import Amazon's runtime.
  func candidates(among files: [RepositoryPath], in index: RepositoryIndex) -> [HandlerCandidate] {
    let taken = Set(files)
    return SwiftManifests.all(in: index).packages.sorted { $0.folder < $1.folder }.flatMap { package in
      let programs = package.targets.filter(\.isProgram).compactMap {
        target -> (SwiftManifests.Target, RepositoryPath)? in
        let sources = index.files(below: target.folder).filter { taken.contains($0) && isSource($0) }
        let speaking = sources.first { file in
          index.reading(file, self)?.imports.contains { $0.module == "AWSLambdaRuntime" } ?? false
        }
        return speaking.map { (target, $0) }
      }
      return programs.map { target, file in
        HandlerCandidate(
          language: self, file: file, symbols: [HandlerSymbol("bootstrap", handler: "bootstrap")],
          unit: package.folder, target: package.product(of: target),
          label: programs.count == 1 ? nil : target.name)
      }
    }
  }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] { Bootstrap().handlerFaults(subject) }
}
