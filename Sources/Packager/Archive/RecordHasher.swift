internal import Core

/// Hashes tagged, length-prefixed records, so that no two lists of values have one input.
struct RecordHasher {
  private let hasher = SHA256()

  /// Starts under a tag that names what is hashed and the version of its rules.
  init(tag: String) {
    add([tag])
  }

  /// Adds one record: the number of its fields, then each with its length in front.
  func add(_ fields: [String]) {
    hasher.update(UInt64(fields.count))
    for field in fields {
      hasher.update(UInt64(field.utf8.count))
      hasher.update(field)
    }
  }

  /// Adds one record of raw fields.
  func add(_ fields: [[UInt8]]) {
    hasher.update(UInt64(fields.count))
    for field in fields {
      hasher.update(UInt64(field.count))
      hasher.update(field)
    }
  }

  func digest() -> Digest { hasher.finalize() }
}

extension SHA256 {
  /// Adds a number of eight bytes, the lowest first.
  fileprivate func update(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { update($0) }
  }
}
