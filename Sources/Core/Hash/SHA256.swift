internal import CCrypto

/// An incremental SHA-256 (FIPS 180-4).
public final class SHA256 {
  private let context: OpaquePointer?

  /// Starts with no input.
  public init() {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, Self.algorithm, nil)
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds bytes to the input.
  public func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    EVP_DigestUpdate(context, base, bytes.count)
  }

  /// Adds bytes to the input.
  public func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds the UTF-8 form of `text` to the input.
  public func update(_ text: String) {
    update(Array(text.utf8))
  }

  /// The digest of everything added so far; the hasher then starts anew.
  public func finalize() -> Digest {
    var bytes = [UInt8](repeating: 0, count: Digest.length)
    EVP_DigestFinal_ex(context, &bytes, nil)
    EVP_DigestInit_ex(context, Self.algorithm, nil)
    return Digest(bytes)
  }

  /// The digest of `bytes`.
  public static func digest(of bytes: [UInt8]) -> Digest {
    var result = [UInt8](repeating: 0, count: Digest.length)
    bytes.withUnsafeBytes { buffer in
      _ = EVP_Digest(buffer.baseAddress, buffer.count, &result, nil, algorithm, nil)
    }
    return Digest(result)
  }

  /// The digest of the UTF-8 form of `text`.
  public static func digest(of text: String) -> Digest {
    digest(of: Array(text.utf8))
  }

  // Fetched once: EVP_sha256() looks the provider up again at each use.
  nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
}

/// The 32 bytes of a SHA-256.
public struct Digest: Hashable, Sendable {
  static let length = 32

  /// The raw bytes, always 32.
  public let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { Hex.encode(bytes) }

  /// Base64 with padding, the form of Lambda's `CodeSha256`.
  public var base64: String { Base64.encode(bytes) }
}
