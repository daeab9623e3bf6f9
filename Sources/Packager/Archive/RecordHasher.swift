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
    add(fields.map { Array($0.utf8) })
  }

  /// Adds one record of raw fields.
  func add(_ fields: [[UInt8]]) {
    hasher.update(Self.bytes(fields.count))
    for field in fields {
      hasher.update(Self.bytes(field.count))
      hasher.update(field)
    }
  }

  func digest() -> Digest { hasher.finalize() }

  private static func bytes(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) }
  }
}
