/// A place in a bucket: `s3://bucket/prefix`.
package struct BucketPlace: Hashable, Sendable, CustomStringConvertible {
  /// The bucket's name.
  package let bucket: String
  /// What keys begin with, without a slash at either end; may be empty.
  package let prefix: String

  /// Reads `s3://bucket/prefix`; nil for anything else. Keys hold what needs no encoding anywhere: letters, digits and
  /// `-_.!*'()/` (S3's list of safe characters), and no `..`.
  package init?(parsing text: String) {
    let scheme = "s3://"
    guard text.utf8.starts(with: scheme.utf8) else { return nil }
    let parts = text.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
    let bucket = parts.first.map(String.init) ?? ""
    let bytes = Array(bucket.utf8)
    let isName =
      (3...63).contains(bytes.count)
      && bytes.allSatisfy { Self.isSmall($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    var names = parts.dropFirst()
    if names.last?.isEmpty == true { names.removeLast() }
    let isSafe = names.allSatisfy { name in
      !name.isEmpty && name != "." && name != ".." && name.utf8.allSatisfy(Self.isSafe)
    }
    guard isName, isSafe else { return nil }
    self.bucket = bucket
    prefix = names.joined(separator: "/")
  }

  private static func isSmall(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }

  private static func isSafe(_ byte: UInt8) -> Bool {
    isSmall(byte) || (65...90).contains(byte) || "-_.!*'()".utf8.contains(byte)
  }

  /// The key of a name below the prefix.
  package func key(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix)/\(name)" }

  /// As it is written.
  package var description: String { prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)" }
}
