public import Core

/// A folder of shared code in a unit's closure.
public struct SharedUse: Hashable, Sendable {
  /// From the root.
  public let folder: RepositoryPath
  /// The package's folder that gets its files; the root for the top.
  public let into: RepositoryPath
}

/// How a unit becomes a package. Functions of one unit have the same.
public struct UnitBuild: Hashable, Sendable {
  /// The folder, from the root.
  public let unit: RepositoryPath
  /// The name of the language that it is built as; nil where nothing shows it.
  public let language: String?
  /// The folder, from the root, of the manifest that it is built by: a Go module, a Cargo workspace; the unit where that
  /// has its own.
  public let project: RepositoryPath
  /// The folder, from the repository's root, that becomes the top of the package: the unit, or one in it or above it where
  /// imports start from there.
  public let root: RepositoryPath
  /// What the functions' sources reach.
  public let sources: SourceClosure
  /// What of the project is built: a Go package such as `./cmd/a`, a program of Cargo or Swift, a .NET project's file; nil for
  /// all of it.
  public let target: String?
  /// Program and arguments of the unit's own build; nil for what its language needs.
  public let command: [String]?
  /// The same with references for what may be secret: what digests are made of.
  public let recordedCommand: [String]?
  /// Folder, from the unit, whose content is the package.
  public let output: RepositoryPath?
  /// Further files and folders that the build reads, from the root.
  public let inputs: [RepositoryPath]
  /// Variables that the build may see, with their values; nil for one that is not set.
  public let variables: [String: String?]
  /// Patterns of files to take although an ignore rule drops them.
  public let include: [String]
  /// Patterns of files to leave out of the package.
  public let exclude: [String]
  /// Shared code, direct and transitive, in byte order of the folders.
  public let uses: [SharedUse]
  /// The Lambda runtime's identifier; nil for a container image.
  public internal(set) var runtime: String?
  /// `x86_64` or `arm64`.
  public internal(set) var architecture: String
  /// Whether Python dependencies carry `unchecked-hash` bytecode.
  public let compilesBytecode: Bool
  /// What something else has built and is the package, from the root: a folder, or a zip or jar.
  public let artifact: RepositoryPath?
  /// Events of smoke tests, from the root: they are no part of the package.
  public let events: [RepositoryPath]
  /// The files of the handlers of all the unit's functions, from the root, in byte order.
  public let entries: [RepositoryPath]

  /// How the container image is built; nil for a package.
  public let image: ImageRecipe?

  /// Whether the package is there without anything being built.
  public var isPrebuilt: Bool { artifact != nil || (command == nil && output != nil) }

  /// The repository that the unit at an absolute path is part of.
  func root(of path: String) -> String {
    unit.isRoot ? path : String(decoding: path.utf8.dropLast(unit.text.utf8.count + 1), as: UTF8.self)
  }
}
