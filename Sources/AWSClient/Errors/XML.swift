/// The little XML that AWS's older protocols answer with: elements by name, in written order.
///
/// Nothing is nested by it: what is asked for is cut out of the text, in one pass over its bytes. The transport's limits
/// bound the size.
enum XML {
  /// The text of the first element `name`, with entities resolved; nil when there is none.
  static func text(of name: String, in document: some StringProtocol) -> String? {
    element(name, in: document).map(unescaped)
  }

  /// What stands between the tags of the first element `name`; empty for `<name/>`.
  static func element(_ name: String, in document: some StringProtocol) -> String? {
    elements(name, in: document, limit: 1).first
  }

  /// What stands between the tags of each element `name`. Elements of one name must not be nested.
  static func elements(
    _ name: String, in document: some StringProtocol, limit: Int = .max
  ) -> [String] {
    let bytes = Array(document.utf8)
    let (opening, closing) = (Array("<\(name)".utf8), Array("</\(name)>".utf8))
    var found: [String] = []
    var index = 0
    while found.count < limit, let open = place(of: opening, in: bytes, from: index) {
      index = open + opening.count
      guard index < bytes.count else { break }
      // <CodeName> is no <Code>.
      guard [UInt8(ascii: ">"), UInt8(ascii: "/"), 9, 10, 13, 32].contains(bytes[index]) else { continue }
      guard let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) else { break }
      index = end + 1
      if bytes[end - 1] == UInt8(ascii: "/") {
        found.append("")
        continue
      }
      guard let close = place(of: closing, in: bytes, from: index) else { break }
      found.append(String(decoding: bytes[index..<close], as: UTF8.self))
      index = close + closing.count
    }
    return found
  }

  /// Both tags begin with the only `<` in them, so that no byte is looked at for a second beginning.
  private static func place(of tag: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while let next = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
      if bytes[next...].starts(with: tag) { return next }
      index = next + 1
    }
    return nil
  }

  /// `text` as it may stand between tags.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `&#x10FFFF;` is the longest entity that means anything.
  private static let longestEntity = 10

  private static func unescaped(_ text: String) -> String {
    var bytes = Array(text.utf8)[...]
    var result: [UInt8] = []
    while let ampersand = bytes.firstIndex(of: UInt8(ascii: "&")) {
      result += bytes[..<ampersand]
      bytes = bytes[(ampersand + 1)...]
      let name = bytes.prefix(longestEntity).prefix { $0 != UInt8(ascii: ";") }
      if bytes.dropFirst(name.count).first == UInt8(ascii: ";"),
        let scalar = scalar(named: String(decoding: name, as: UTF8.self))
      {
        result += String(Character(scalar)).utf8
        bytes = bytes.dropFirst(name.count + 1)
      } else {
        result.append(UInt8(ascii: "&"))
      }
    }
    return String(decoding: result + bytes, as: UTF8.self)
  }

  private static func scalar(named name: String) -> UnicodeScalar? {
    switch name {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    default:
      if name.hasPrefix("#x") {
        UInt32(name.dropFirst(2), radix: 16).flatMap(UnicodeScalar.init)
      } else if name.hasPrefix("#") {
        UInt32(name.dropFirst()).flatMap(UnicodeScalar.init)
      } else {
        nil
      }
    }
  }
}
