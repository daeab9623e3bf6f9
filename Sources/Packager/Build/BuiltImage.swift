package import Core

/// A function's container image, ready to be pushed.
package struct BuiltImage: Sendable {
  let facts: ImageFacts
  /// Where it goes.
  package let repository: ImageRepository
  /// What is not wrong but worth knowing.
  package let warnings: [String]

  /// Digest of the content, the `pkg` of the version.
  package var pkg: Digest { facts.pkg }
  /// The container engine's name for it.
  package var id: String { facts.id }
  /// Bytes in the engine.
  package var size: Int { facts.size }
}
