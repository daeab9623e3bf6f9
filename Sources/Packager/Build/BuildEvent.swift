package import Core

/// What happens while a unit is packaged.
package enum BuildEvent: Sendable {
  /// A program starts: its words.
  case started(unit: RepositoryPath, command: [String])
  /// A program wrote a line; secrets are masked.
  case line(unit: RepositoryPath, stream: ChildProcess.Stream, text: String)
  /// A finished tree was in the cache.
  case cached(unit: RepositoryPath)
  /// The zip is written.
  case packaged(unit: RepositoryPath, size: Int)
}

/// A function's package, ready to be uploaded.
package struct BuiltPackage: Sendable {
  /// Digest of the content (``PackageTree/digest(workers:)``), the `pkg` of the version.
  package let pkg: Digest
  /// The zip.
  package let zip: ZipFile
  /// Length of the content in bytes.
  package let unzippedSize: Int
  /// What is in it, in order.
  package let tree: PackageTree
  /// Whether nothing had to be built.
  package let isFromCache: Bool
  /// What is not wrong but worth knowing.
  package let warnings: [String]
  /// How long it took.
  package let cost: TimeSpan
  /// The function's layers of the repository, in their order.
  package internal(set) var layers: [BuiltLayer] = []
}
