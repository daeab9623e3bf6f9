package import Core

/// How a container image is built.
package struct ImageRecipe: Hashable, Sendable {
  /// From the root.
  package let dockerfile: RepositoryPath
  /// The folder, from the root, that the Dockerfile copies from.
  package let context: RepositoryPath
  /// The stage that is the image; nil for the last.
  package let stage: String?
}
