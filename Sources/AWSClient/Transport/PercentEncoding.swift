internal import Core

/// Percent-encoding by RFC 3986 as AWS wants it: all but the unreserved characters, hexadecimal in upper
/// case.
enum PercentEncoding {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// `text` for one segment of a path, or one name or value of a query.
  static func encode(_ text: some StringProtocol) -> String {
    encode(text, keeping: { _ in false })
  }

  /// `path` with its slashes kept.
  static func encode(path: some StringProtocol) -> String {
    encode(path, keeping: { $0 == UInt8(ascii: "/") })
  }

  private static func encode(_ text: some StringProtocol, keeping isKept: (UInt8) -> Bool) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isUnreserved(byte) || isKept(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `name=value` pairs joined with `&`, in the order given.
  static func query(_ pairs: [(name: String, value: String)]) -> String {
    pairs.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
