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

  /// The names of files by which any of them tells what is to be installed.
  static let needNames = Set(all.flatMap(\.needNames))

  private static let byName = NameTable(
    all.flatMap { language in language.fileNames.map { ($0, language) } })

  /// The places in ``all`` by extensions in the form of ``extensionKey(_:)``.
  private static let byExtension = Dictionary(
    all.enumerated().flatMap { place, language in
      language.extensions.map { (extensionKey(RepositoryPath.root.appending("x.\($0)")), place) }
    }
  ) { first, _ in first }

  /// The extension's bytes in one number; 0 where there is none, or one that is longer than any language's.
  private static func extensionKey(_ file: RepositoryPath) -> UInt64 {
    file.withName { name in
      var key: UInt64 = 0
      for byte in name.suffix(9).reversed() {
        if byte == UInt8(ascii: ".") { return key }
        guard key >> 56 == 0 else { return 0 }
        key = key << 8 | UInt64(byte)
      }
      return 0
    }
  }

  /// The language of a source that may run.
  static func of(file: RepositoryPath) -> (any Language)? {
    if let language = byName[file] { return language }
    let key = extensionKey(file)
    guard key != 0, let place = byExtension[key] else { return nil }
    let language = all[place]
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
