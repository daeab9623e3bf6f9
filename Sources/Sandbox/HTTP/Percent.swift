/// Percent-encoding (RFC 3986, section 2.1), over bytes.
enum Percent {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// The bytes that `source` encodes; a `%` without two digits stays.
  static func decode(_ source: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var index = source.startIndex
    while index < source.endIndex {
      let byte = source[index]
      if byte == UInt8(ascii: "%"), source.endIndex - index > 2, let high = value(of: source[index + 1]),
        let low = value(of: source[index + 2])
      {
        bytes.append(high << 4 | low)
        index += 3
        continue
      }
      bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      index += 1
    }
    return bytes
  }

  /// The text that `text` encodes.
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
    String(decoding: decode(Array(text.utf8)[...], plusIsSpace: plusIsSpace), as: UTF8.self)
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
  }

  /// `bytes` with all but unreserved characters encoded; `/` too unless `keepSlash`.
  static func encode(_ source: some Sequence<UInt8>, keepSlash: Bool = false) -> String {
    var bytes: [UInt8] = []
    for byte in source {
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        bytes.append(byte)
      case UInt8(ascii: "/") where keepSlash: bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
