internal import Core

/// A file that holds one or more handlers.
struct HandlerCandidate: Sendable {
  let language: any Language
  /// From the root.
  let file: RepositoryPath
  /// Symbols that look like handlers, in their order in the file.
  let symbols: [String]

  /// File names that a handler's file has by custom, without extension.
  static let conventionalNames: Set<String> = [
    "index", "handler", "app", "main", "lambda", "lambda_function",
  ]

  var folder: RepositoryPath { file.parent }

  var stem: String { file.stem }

  var isConventional: Bool { Self.conventionalNames.contains(stem) }
}
