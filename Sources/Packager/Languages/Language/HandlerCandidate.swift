internal import Core

/// A file that holds one or more handlers.
struct HandlerCandidate: Sendable {
  let language: any Language
  /// From the root.
  let file: RepositoryPath
  /// What looks like handlers, in the order of the file.
  var symbols: [HandlerSymbol]
  /// The folder that is built, where the language knows it; else it is found by the manifests.
  var unit: RepositoryPath?
  /// The folder of the manifest that it is built by, where that is not the unit's own: a Go module, a Cargo workspace.
  var project: RepositoryPath?
  /// What of the project is built: a Go package, a program of Cargo or Swift, a .NET project.
  var target: String?
  /// What it is called where the file's folder and name do not say.
  var label: String?

  /// Whether a template or infrastructure code names it.
  var isNamed = false

  /// File names that a handler's file has by custom, without extension.
  static let conventionalNames: Set<String> = [
    "index", "handler", "app", "main", "lambda", "lambda_function",
  ]

  var folder: RepositoryPath { file.parent }

  var stem: String { file.stem }

  /// Whether the file's name says nothing about the function.
  var isConventional: Bool {
    language.namesProjects || Self.conventionalNames.contains(stem)
  }

  /// Whether a symbol has the name that handlers have by custom.
  var isExact: Bool { symbols.contains(where: \.isExact) }

  /// A unit's only class needs no name of its own.
  static func labelled(_ candidates: [HandlerCandidate]) -> [HandlerCandidate] {
    let units = Dictionary(grouping: candidates) { $0.unit ?? $0.folder }
    return candidates.map { candidate in
      var candidate = candidate
      let isAlone = units[candidate.unit ?? candidate.folder]?.count == 1
      if !isAlone, candidate.symbols.count == 1 { candidate.label = candidate.symbols[0].name }
      return candidate
    }
  }
}
