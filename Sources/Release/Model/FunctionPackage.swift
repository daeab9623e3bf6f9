internal import Core

/// A finished package of one function, ready for upload.
package struct FunctionPackage: Hashable, Sendable {
  /// What Lambda is to get.
  package enum Content: Hashable, Sendable {
    /// The zip file at `path`, and base64 of its SHA-256: Lambda's `CodeSha256`.
    case zip(path: String, codeSHA256: String)
    /// A container image: what this machine's container engine calls it, and the repository that it goes to. Lambda's
    /// `CodeSha256` of it is the digest of its manifest, which is known once it is there.
    case image(id: String, repository: String)
  }

  /// `pkg`: the first 32 hexadecimal digits of the digest of the package's content.
  package let digest: String
  /// What Lambda is to get.
  package let content: Content
  /// Size of the zip file or image in bytes.
  package let size: Int
  /// The function's layers that the repository makes, in their order.
  package let layers: [LayerPackage]

  /// Describes a zip file on disk.
  package init(
    digest: String, path: String, codeSHA256: String, size: Int, layers: [LayerPackage] = []
  ) {
    self.init(
      digest: digest, content: .zip(path: path, codeSHA256: codeSHA256), size: size, layers: layers)
  }

  /// Describes a zip file, or an image that the container engine holds.
  package init(digest: String, content: Content, size: Int, layers: [LayerPackage] = []) {
    self.digest = digest
    self.content = content
    self.size = size
    self.layers = layers
  }
}
