internal import Core

/// Addresses of pages that are made of names which others chose.
enum WebAddress {
  /// A name as one segment of a path: everything but what means nothing there is told by its number (RFC 3986, 2.3).
  static func segment(_ name: String) -> String {
    encoded(name) { isPlain($0) }
  }

  /// An address that may stand in Markdown or an attribute: what no address may hold, and what would end it there, is told
  /// by its number. What is told so already stays, and so does its meaning.
  static func safe(_ address: String) -> String {
    encoded(address) { isPlain($0) || ":/?#@!$&*+,;=%".utf8.contains($0) }
  }

  /// Letters, digits and `-._~`.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~".utf8.contains(byte)
    }
  }

  private static func encoded(_ text: String, _ stays: (UInt8) -> Bool) -> String {
    var result = ""
    for byte in text.utf8 {
      if stays(byte) {
        result.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        result += "%" + Hex.encode([byte]).uppercased()
      }
    }
    return result
  }
}
