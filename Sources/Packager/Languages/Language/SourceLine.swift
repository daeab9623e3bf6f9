/// Where in a text something stands.
enum SourceLine {
  /// The line, from 1, of the byte at `offset`.
  static func number(at offset: Int, in source: [UInt8]) -> Int {
    1 + source.prefix(max(0, offset)).reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }
}
