/// A file that holds one or more handlers.
struct HandlerCandidate: Sendable {
  let language: Language
  /// From the root.
  let file: String
  /// Symbols that look like handlers, in their order in the file.
  let symbols: [String]

  /// File names that a handler's file has by custom, without extension.
  static let conventionalNames: Set<String> = [
    "index", "handler", "app", "main", "lambda", "lambda_function",
  ]

  var folder: String { RootPath.parent(file) }

  var stem: String { Language.stem(of: file) }

  var isConventional: Bool { Self.conventionalNames.contains(stem) }
}

/// A language whose handlers are recognised.
enum Language: String, Sendable, CaseIterable {
  case python
  case node
  /// A program that speaks the runtime API, already built.
  case bootstrap

  init?(file: String) {
    guard let dot = file.lastIndex(of: ".") else { return nil }
    switch file[file.index(after: dot)...] {
    case "py": self = .python
    case "js", "mjs", "cjs": self = .node
    case "ts", "mts", "cts":
      guard !file.hasSuffix(".d.ts"), !file.hasSuffix(".d.mts"), !file.hasSuffix(".d.cts") else { return nil }
      self = .node
    default: return nil
    }
  }

  init?(runtime: String) {
    if runtime.hasPrefix("python") {
      self = .python
    } else if runtime.hasPrefix("nodejs") {
      self = .node
    } else if runtime.hasPrefix("provided") {
      self = .bootstrap
    } else {
      return nil
    }
  }

  /// The runtime of a function for which no configuration names one: the newest that is in wide use.
  var standardRuntime: String {
    switch self {
    case .python: "python3.13"
    case .node: "nodejs22.x"
    case .bootstrap: "provided.al2023"
    }
  }

  /// Extensions of files that may hold a handler, in the order they are looked for.
  var extensions: [String] {
    switch self {
    case .python: ["py"]
    case .node: ["js", "mjs", "cjs", "ts", "mts", "cts"]
    case .bootstrap: []
    }
  }

  static func stem(of file: String) -> String {
    let name = RootPath.name(file)
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
