internal import CCrypto

/// An incremental SHA-256 (FIPS 180-4).
package final class SHA256 {
  private let context = DigestAlgorithm.makeContext()

  /// Starts with no input.
  package init() {
    DigestAlgorithm.sha256.start(context)
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds bytes to the input.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    DigestAlgorithm.sha256.add(bytes, to: context)
  }

  /// Adds bytes to the input.
  package func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds the UTF-8 form of `text` to the input.
  package func update(_ text: String) {
    let done: Void? = text.utf8.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
    if done == nil { update(Array(text.utf8)) }
  }

  /// The digest of everything added so far; the hasher then starts anew.
  package func finalize() -> Digest {
    defer { DigestAlgorithm.sha256.start(context) }
    return Digest(DigestAlgorithm.sha256.finish(context))
  }

  /// The digest of `bytes`.
  package static func digest(of bytes: [UInt8]) -> Digest { Digest(DigestAlgorithm.sha256.digest(of: bytes)) }

  /// The digest of the UTF-8 form of `text`.
  package static func digest(of text: String) -> Digest { digest(of: Array(text.utf8)) }
}

/// SHA-1 (FIPS 180-4), for names that others have made with it. It secures nothing.
package enum SHA1 {
  /// 40 lower-case hexadecimal digits for the UTF-8 form of `text`.
  package static func hex(of text: String) -> String {
    Hex.encode(DigestAlgorithm.sha1.digest(of: Array(text.utf8)))
  }
}

/// The 32 bytes of a SHA-256.
package struct Digest: Hashable, Sendable {
  /// The raw bytes, always 32.
  package let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { Hex.encode(bytes) }

  /// Base64 with padding, the form of Lambda's `CodeSha256`.
  package var base64: String { Base64.encode(bytes) }
}
