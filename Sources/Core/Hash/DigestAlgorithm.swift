internal import CCrypto

/// A hash function of OpenSSL, fetched once: `EVP_sha256()` and its like look the provider up again at each use.
///
/// Without a provider OpenSSL hashes nothing and says so only in its results. Every result is looked at: a digest of zero
/// bytes would make all packages and signatures alike, so that no work goes on without hashes.
struct DigestAlgorithm: @unchecked Sendable {
  // @unchecked: an EVP_MD is constant and counted; it lives as long as the process.
  private let method: OpaquePointer
  private let length: Int

  private init(_ name: String, length: Int) {
    guard let method = EVP_MD_fetch(nil, name, nil) else { Self.fail(name) }
    self.method = method
    self.length = length
  }

  static let sha256 = DigestAlgorithm("SHA256", length: 32)
  static let sha1 = DigestAlgorithm("SHA1", length: 20)

  /// Makes `context` ready for new input.
  func start(_ context: OpaquePointer) {
    guard EVP_DigestInit_ex(context, method, nil) == 1 else { Self.fail("a hash") }
  }

  /// Adds bytes to the input of `context`.
  func add(_ bytes: UnsafeRawBufferPointer, to context: OpaquePointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    guard EVP_DigestUpdate(context, base, bytes.count) == 1 else { Self.fail("a hash") }
  }

  /// The digest of what `context` was given.
  func finish(_ context: OpaquePointer) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: length)
    var written: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &result, &written) == 1, written == length else { Self.fail("a hash") }
    return result
  }

  /// The digest of `bytes`.
  func digest(of bytes: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: length)
    var written: UInt32 = 0
    let done = bytes.withUnsafeBytes { buffer in
      EVP_Digest(buffer.baseAddress, buffer.count, &result, &written, method, nil)
    }
    guard done == 1, written == length else { Self.fail("a hash") }
    return result
  }

  /// A context without input.
  static func makeContext() -> OpaquePointer {
    guard let context = EVP_MD_CTX_new() else { fail("the memory for a hash") }
    return context
  }

  private static func fail(_ what: String) -> Never {
    fatalError(
      "OpenSSL does not give \(what): its default provider is missing; look at OPENSSL_CONF and OPENSSL_MODULES"
    )
  }
}
