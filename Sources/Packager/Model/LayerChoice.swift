package import Core

/// One of a function's layers, as the configuration names it.
package enum LayerChoice: Hashable, Sendable {
  /// A version that something else has published, by its ARN.
  case version(String)
  /// A folder of the repository, from its root, and what the layer is called in AWS.
  case folder(RepositoryPath, name: String)

  /// The folder; nil where the layer is not the repository's.
  package var folder: RepositoryPath? {
    guard case .folder(let folder, _) = self else { return nil }
    return folder
  }

  /// How it stands among a function's settings: the ARN, or the folder until a version of it is known.
  var text: String {
    switch self {
    case .version(let arn): arn
    case .folder(let folder, _): folder.text
    }
  }
}

/// A layer of the repository as one function has it.
package struct RepositoryLayer: Hashable, Sendable {
  /// The folder, from the root.
  package let folder: RepositoryPath
  /// What it is called in AWS.
  package let name: String
  /// Digest of everything that decides about its content.
  package let src: Digest
  /// The runtime and the processor that something was installed for; nil where its files serve all.
  package let target: Target?

  /// What a layer's dependencies were installed for.
  package struct Target: Hashable, Sendable {
    /// The Lambda runtime's identifier.
    package let runtime: String
    /// `x86_64` or `arm64`.
    package let architecture: String
  }
}
