internal import Core

/// A function and its package, as a language looks at them before they go up.
struct GateSubject {
  let definition: FunctionDefinition
  let handler: String
  /// What is in the package, by path.
  let entries: [RepositoryPath: PackageEntry]

  /// Whether layers may bring what the package lacks.
  var hasLayers: Bool { definition.configuration["Layers"]?.array?.isEmpty == false }

  /// Why the handler's symbol cannot be found in the package.
  ///
  /// - Parameter missingFix: the way out when no file of the package is the handler's.
  func symbolFaults(of language: any Language, missingFix: String) -> [GateFault] {
    guard let (_, symbol) = HandlerFile.split(handler) else {
      return [
        GateFault(
          file: nil, found: "the handler '\(handler)' names no symbol", allowed: "it reads file.symbol",
          fix: "correct \"handler\" in function.json")
      ]
    }
    let paths = HandlerFile.paths(handler, language: language, unit: .root).filter { path in
      language.packagedExtensions.contains { path.hasSuffix("." + $0) }
    }
    guard let path = paths.first(where: { entries[$0] != nil }) else {
      if hasLayers { return [] }
      return [
        GateFault(
          file: paths.first?.description, found: "is not in the package",
          allowed: "the handler '\(handler)' needs it",
          fix: missingFix)
      ]
    }
    guard case .file(let source, let size, _)? = entries[path]?.content, size < 32 << 20,
      let bytes = try? Files.read(source), let known = language.symbols(in: bytes, without: symbol)
    else { return [] }
    return [
      GateFault(
        file: nil, found: HandlerFile.message(symbol, file: path, known: known),
        allowed: "the handler is '\(handler)'", fix: "correct \"handler\" or the file")
    ]
  }

  /// The way out where nothing has to be built.
  static let missingSource = "correct \"handler\", or take the file in with \"package\": { \"include\": […] }"
}
