internal import Core

/// Where a handler's text, such as `src/app.lambda_handler`, points.
enum HandlerFile {
  /// The module and the symbol of a handler that are parted by its last dot; nil when it has none.
  static func split(_ handler: String) -> (module: String, symbol: String)? {
    guard let dot = handler.lastIndex(of: "."), dot > handler.startIndex else { return nil }
    return (String(handler[..<dot]), String(handler[handler.index(after: dot)...]))
  }

  /// The module and the symbol of a handler that are parted by the first dot behind its last slash; nil when it has none.
  static func splitEarly(_ handler: String) -> (module: String, symbol: String)? {
    let start = handler.lastIndex(of: "/").map { handler.index(after: $0) } ?? handler.startIndex
    guard let dot = handler[start...].firstIndex(of: "."), dot > start else { return nil }
    return (String(handler[..<dot]), String(handler[handler.index(after: dot)...]))
  }

  /// The files that the runtime would look for, from the root.
  static func paths(_ handler: String, language: any Language, unit: RepositoryPath) -> [RepositoryPath] {
    guard let (module, _) = language.split(handler: handler) else { return [] }
    return language.modulePaths(module).flatMap { base in
      language.extensions.compactMap { unit.resolving("\(base).\($0)") }
    }
  }

  static func message(_ symbol: String, file: RepositoryPath, known: [String]) -> String {
    let hint =
      Suggestion.nearest(to: symbol, in: known).map { "; did you mean '\($0)'?" }
      ?? (known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))")
    return "\(file) has no '\(symbol)'\(hint)"
  }
}
