public import Core

/// A function's container image, ready to be pushed.
public struct BuiltImage: Sendable {
  let facts: ImageFacts
  /// Where it goes.
  public let repository: ImageRepository
  /// What is not wrong but worth knowing.
  public let warnings: [String]

  /// Digest of the content, the `pkg` of the version.
  public var pkg: Digest { facts.pkg }
  /// The container engine's name for it.
  public var id: String { facts.id }
  /// Bytes in the engine.
  public var size: Int { facts.size }
}
