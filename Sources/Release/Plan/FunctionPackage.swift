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

  /// Describes a zip file on disk.
  public init(digest: String, path: String, codeSHA256: String, size: Int) {
    self.digest = digest
    self.path = path
    self.codeSHA256 = codeSHA256
    self.size = size
  }
}

extension FunctionPackage {
  /// The SHA-256 of the zip file as 64 hexadecimal digits: a name for its content.
  var contentKey: String { Hex.encode(Base64.decode(codeSHA256) ?? []) }
}

/// Builds packages when the release turns out to need them.
public protocol PackageSource: Sendable {
  /// The packages of `functions`, by logical name. A unit that several functions share is built once.
  ///
  /// - Throws: ``PackageFailure`` for the first function that cannot be built or does not pass the gate.
  func packages(for functions: [String]) async throws(PackageFailure) -> [String: FunctionPackage]
}

/// A function that could not be built, or whose package must not be uploaded.
public struct PackageFailure: Error, Hashable, Sendable {
  /// Logical name of the function.
  public let function: String
  /// What failed and why, in one sentence.
  public let message: String
  /// What to do about it, where that is known.
  public let fix: String?

  /// Whether it was built and must not be uploaded.
  public let isGate: Bool

  /// A failure of `function`.
  public init(function: String, message: String, fix: String? = nil, isGate: Bool = false) {
    self.isGate = isGate
    self.function = function
    self.message = message
    self.fix = fix
  }
}
