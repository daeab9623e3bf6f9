/// Keyed hashing (RFC 2104) with SHA-256.
package enum HMAC {
  /// The authentication code of `message` under `key`: 32 bytes.
  package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    let block = 64
    var padded = key.count > block ? SHA256.digest(of: key).bytes : key
    padded += [UInt8](repeating: 0, count: block - padded.count)
    let inner = SHA256.digest(of: padded.map { $0 ^ 0x36 } + message).bytes
    return SHA256.digest(of: padded.map { $0 ^ 0x5c } + inner).bytes
  }

  /// The authentication code of the UTF-8 form of `message` under `key`: 32 bytes.
  package static func sha256(key: [UInt8], _ message: String) -> [UInt8] {
    sha256(key: key, Array(message.utf8))
  }
}
