internal import Core

/// Where a handler's text, such as `src/app.lambda_handler`, points.
enum HandlerFile {
  /// The module and the symbol of a handler; nil when it has no dot.
  static func split(_ handler: String) -> (module: String, symbol: String)? {
    guard let dot = handler.lastIndex(of: "."), dot > handler.startIndex else { return nil }
    return (String(handler[..<dot]), String(handler[handler.index(after: dot)...]))
  }

  /// The files that the runtime would look for, from the root.
  static func paths(_ handler: String, language: Language, unit: String) -> [String] {
    guard let (module, _) = split(handler) else { return [] }
    let bases =
      switch language {
      // Python's runtime turns slashes into dots; a package counts as well.
      case .python: [module.replacing(".", with: "/"), module.replacing(".", with: "/") + "/__init__"]
      case .node, .bootstrap: [module]
      }
    return bases.flatMap { base in
      language.extensions.compactMap { RootPath.normalized(RootPath.join(unit, "\(base).\($0)")) }
    }
  }

  static func find(_ handler: String, language: Language, unit: String, index: RepositoryIndex) -> String? {
    paths(handler, language: language, unit: unit).first(where: index.hasFile)
  }

  /// Throws unless `file` defines the handler's symbol, or may define it in a way that only running it shows.
  static func checkSymbol(
    of handler: String, in file: String, language: Language, source: [UInt8], at value: ConfigValue
  ) throws(PackagerError) {
    guard let (_, symbol) = split(handler), let known = missing(symbol, language: language, source: source)
    else {
      return
    }
    throw value.error(message(symbol, file: file, known: known))
  }

  static func message(_ symbol: String, file: String, known: [String]) -> String {
    let hint =
      Suggestion.nearest(to: symbol, in: known).map { "; did you mean '\($0)'?" }
      ?? (known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))")
    return "\(file) has no '\(symbol)'\(hint)"
  }

  /// The symbols there are where `symbol` certainly is not one; nil when it is there or may be.
  static func missing(_ symbol: String, language: Language, source: [UInt8]) -> [String]? {
    switch language {
    case .python:
      let module = PythonModule(source: source)
      if module.bindings.contains(symbol) || module.hasStarImport { return nil }
      return module.functions.map(\.name)
    case .node:
      let module = ScriptModule(source: source)
      if module.hasOpenExports || module.exports.contains(where: { $0.name == symbol }) { return nil }
      return module.exports.map(\.name)
    case .bootstrap: return nil
    }
  }
}
