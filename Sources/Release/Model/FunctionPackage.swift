internal import Core

/// A finished package of one function, ready for upload.
public struct FunctionPackage: Hashable, Sendable {
  /// `pkg`: the first 32 hexadecimal digits of the digest of the package's content.
  public let digest: String
  /// Path of the zip file.
  public let path: String
  /// Base64 of the SHA-256 of the zip file: Lambda's `CodeSha256`.
  public let codeSHA256: String
  /// Size of the zip file in bytes.
  public let size: Int
  /// The function's layers that the repository makes, in their order.
  public let layers: [LayerPackage]

  /// Describes a zip file on disk.
  public init(
    digest: String, path: String, codeSHA256: String, size: Int, layers: [LayerPackage] = []
  ) {
    self.digest = digest
    self.path = path
    self.codeSHA256 = codeSHA256
    self.size = size
    self.layers = layers
  }
}

extension FunctionPackage {
  /// The SHA-256 of the zip file as 64 hexadecimal digits: a name for its content.
  var contentKey: String { Hex.encode(Base64.decode(codeSHA256) ?? []) }
}
