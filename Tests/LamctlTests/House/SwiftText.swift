import Core

/// What a Swift source names: read as far as it takes to tell code from comments and strings.
struct SwiftText {
  /// The types that it declares outside of any other declaration.
  private(set) var types: Set<String> = []
  /// Every name with a capital in its code, also in what strings interpolate.
  private(set) var names: Set<String> = []

  private enum Place: Equatable {
    /// Code; in an interpolation, with the parentheses that are open in it.
    case code(open: Int, isInterpolation: Bool)
    /// A string with so many quotes and number signs at its ends.
    case string(quotes: Int, signs: Int)
  }

  init(_ bytes: [UInt8]) {
    var places: [Place] = [.code(open: 0, isInterpolation: false)]
    var depth = 0
    var keyword = ""
    var index = 0
    while index < bytes.count, let place = places.last {
      switch place {
      case .string(let quotes, let signs):
        index = Self.afterPiece(of: bytes, at: index, quotes: quotes, signs: signs, &places)
      case .code(let open, let isInterpolation):
        let byte = bytes[index]
        if Self.isNamePart(byte) {
          let end = bytes[index...].firstIndex { !Self.isNamePart($0) } ?? bytes.count
          let word = String(decoding: bytes[index..<end], as: UTF8.self)
          if (65...90).contains(byte) {
            names.insert(word)
            if depth == 0, Self.declaring.contains(keyword) { types.insert(word) }
          }
          keyword = word
          index = end
        } else if let next = Self.afterComment(of: bytes, at: index) {
          index = next
        } else if let (quotes, signs) = Self.opening(of: bytes, at: index) {
          places.append(.string(quotes: quotes, signs: signs))
          index += quotes + signs
        } else {
          if byte == UInt8(ascii: "{") { depth += 1 }
          if byte == UInt8(ascii: "}") { depth -= 1 }
          if isInterpolation, byte == UInt8(ascii: "(") {
            places[places.count - 1] = .code(open: open + 1, isInterpolation: true)
          }
          if isInterpolation, byte == UInt8(ascii: ")") {
            if open == 0 {
              places.removeLast()
            } else {
              places[places.count - 1] = .code(open: open - 1, isInterpolation: true)
            }
          }
          index += 1
        }
      }
    }
  }

  private static let declaring: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: byte >= 0x80
    }
  }

  private static func count(_ byte: UInt8, in bytes: [UInt8], from start: Int, most: Int = .max) -> Int {
    var count = 0
    while count < most, start + count < bytes.count, bytes[start + count] == byte { count += 1 }
    return count
  }

  /// The index after the comment that begins at `index`; nil when none does.
  private static func afterComment(of bytes: [UInt8], at index: Int) -> Int? {
    guard bytes[index...].starts(with: "//".utf8) else { return nil }
    return bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
  }

  /// The quotes and number signs of the string that begins at `index`; nil when none does.
  private static func opening(of bytes: [UInt8], at index: Int) -> (quotes: Int, signs: Int)? {
    let signs = count(UInt8(ascii: "#"), in: bytes, from: index)
    let quotes = count(UInt8(ascii: "\""), in: bytes, from: index + signs, most: 3)
    // Two quotes are an empty string: its first one opens it.
    return quotes == 0 ? nil : (quotes == 3 ? 3 : 1, signs)
  }

  /// The index after the next piece of a string: a character, an escape, the beginning of an interpolation, its end.
  private static func afterPiece(
    of bytes: [UInt8], at index: Int, quotes: Int, signs: Int, _ places: inout [Place]
  ) -> Int {
    let isEscape =
      bytes[index] == UInt8(ascii: "\\") && count(UInt8(ascii: "#"), in: bytes, from: index + 1) >= signs
    if isEscape {
      let next = index + 1 + signs
      if next < bytes.count, bytes[next] == UInt8(ascii: "(") {
        places.append(.code(open: 0, isInterpolation: true))
      }
      return next + 1
    }
    guard count(UInt8(ascii: "\""), in: bytes, from: index, most: quotes) == quotes,
      count(UInt8(ascii: "#"), in: bytes, from: index + quotes) >= signs
    else { return index + 1 }
    places.removeLast()
    return index + quotes + signs
  }
}
