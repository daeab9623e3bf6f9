public import Core

/// How a container image is built.
public struct ImageRecipe: Hashable, Sendable {
  /// From the root.
  public let dockerfile: RepositoryPath
  /// The folder, from the root, that the Dockerfile copies from.
  public let context: RepositoryPath
  /// The stage that is the image; nil for the last.
  public let stage: String?
}
