package import Core

/// A folder of shared code in a unit's closure.
package struct SharedUse: Hashable, Sendable {
  /// From the root.
  package let folder: RepositoryPath
  /// The package's folder that gets its files; the root for the top.
  package let into: RepositoryPath
}

/// How a unit becomes a package. Functions of one unit have the same.
package struct UnitBuild: Hashable, Sendable {
  /// The folder, from the root.
  package let unit: RepositoryPath
  /// The name of the language that it is built as; nil where nothing shows it.
  package let language: String?
  /// The folder, from the root, of the manifest that it is built by: a Go module, a Cargo workspace; the unit where that
  /// has its own.
  package let project: RepositoryPath
  /// The folder, from the repository's root, that becomes the top of the package: the unit, or one in it or above it where
  /// imports start from there.
  package let root: RepositoryPath
  /// What the functions' sources reach.
  package let sources: SourceClosure
  /// What of the project is built: a Go package such as `./cmd/a`, a program of Cargo or Swift, a .NET project's file; nil for
  /// all of it.
  package let target: String?
  /// Program and arguments of the unit's own build; nil for what its language needs.
  package let command: [String]?
  /// The same with references for what may be secret: what digests are made of.
  package let recordedCommand: [String]?
  /// Folder, from the unit, whose content is the package.
  package let output: RepositoryPath?
  /// Further files and folders that the build reads, from the root.
  package let inputs: [RepositoryPath]
  /// Variables that the build may see, with their values; nil for one that is not set.
  package let variables: [String: String?]
  /// Patterns of files to take although an ignore rule drops them.
  package let include: [String]
  /// Patterns of files to leave out of the package.
  package let exclude: [String]
  /// Shared code, direct and transitive, in byte order of the folders.
  package let uses: [SharedUse]
  /// The Lambda runtime's identifier; nil for a container image.
  package internal(set) var runtime: String?
  /// `x86_64` or `arm64`.
  package internal(set) var architecture: String
  /// Whether Python dependencies carry `unchecked-hash` bytecode.
  package let compilesBytecode: Bool
  /// What something else has built and is the package, from the root: a folder, or a zip or jar.
  package let artifact: RepositoryPath?
  /// Events of smoke tests, from the root: they are no part of the package.
  package let events: [RepositoryPath]
  /// The files of the handlers of all the unit's functions, from the root, in byte order.
  package let entries: [RepositoryPath]

  /// How the container image is built; nil for a package.
  package let image: ImageRecipe?

  /// Whether the package is there without anything being built.
  package var isPrebuilt: Bool { artifact != nil || (command == nil && output != nil) }

  /// The repository that the unit at an absolute path is part of.
  func root(of path: String) -> String {
    unit.isRoot ? path : String(decoding: path.utf8.dropLast(unit.text.utf8.count + 1), as: UTF8.self)
  }
}
