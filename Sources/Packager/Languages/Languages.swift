internal import Core

/// The languages that lamctl knows.
enum Languages {
  /// One line a language; where several could be meant, the first one is.
  static let all: [any Language] = [
    Python(),
    Node(),
    Java(),
    DotNet(),
    Ruby(),
    Bootstrap(),
    Go(),
    Rust(),
    SwiftPackage(),
    Image(),
  ]

  /// Those whose handlers are found by reading sources.
  static let read = all.filter { !$0.extensions.isEmpty }

  private static let byName = Dictionary(
    all.flatMap { language in language.fileNames.map { ($0, language) } }
  ) { first, _ in first }

  private static let byExtension = Dictionary(
    all.flatMap { language in language.extensions.map { ($0, language) } }
  ) { first, _ in first }

  /// The language of a source that may run.
  static func of(file: RepositoryPath) -> (any Language)? {
    if let language = byName[file.name] { return language }
    guard let ending = file.fileExtension, let language = byExtension[ending] else { return nil }
    return language.reads(file) ? language : nil
  }

  /// The language called `name`.
  static func named(_ name: String?) -> (any Language)? {
    name.flatMap { name in all.first { $0.name == name } }
  }

  /// The language that builds a unit.
  static func of(_ build: UnitBuild) -> (any Language)? {
    named(build.language) ?? of(runtime: build.runtime)
  }

  /// The language of a runtime.
  static func of(runtime: String?) -> (any Language)? {
    guard let runtime else { return nil }
    return all.first { runtime.hasPrefix($0.runtimePrefix) }
  }

  /// The language of which a file called `name` is a handler.
  static func prebuilt(_ name: String) -> (any Language)? { all.first { $0.prebuiltHandler == name } }
}
