/// A place in a text that moves forwards and knows its line and column, at a constant cost a step.
struct TextCursor {
  /// No document is longer: 64 MiB.
  static let longest = 64 << 20
  /// No document holds more values.
  static let mostValues = 4_000_000

  let bytes: [UInt8]
  /// The next byte to be read.
  private(set) var index = 0
  private(set) var line = 1
  /// Where the line under way begins.
  private(set) var lineStart = 0
  /// A place in the line under way, and the column that it has: columns are counted on from there, or a long line would
  /// be counted from its start for every value in it.
  private var counted = (index: 0, column: 1)

  /// A cursor at the start of `bytes`, behind a byte order mark.
  ///
  /// - Throws: ``JSONSyntaxError`` when they are too many or not UTF-8.
  init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
    let start = JSONNode.Position(line: 1, column: 1)
    guard bytes.count <= Self.longest else {
      throw JSONSyntaxError(
        position: start, reason: "the text has \(bytes.count) bytes, and 64 MiB are the most")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONSyntaxError(position: start, reason: "the text is not UTF-8")
    }
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      index = 3
      lineStart = 3
      counted.index = 3
    }
  }

  /// The byte at the cursor; nil at the end.
  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// The byte `offset` bytes ahead; nil beyond the end.
  func peek(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }

  /// Bytes between the line's start and the cursor.
  var column: Int { index - lineStart }

  /// Whether the text goes on with `word`.
  func isAt(_ word: StaticString) -> Bool {
    guard index + word.utf8CodeUnitCount <= bytes.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount where bytes[index + offset] != word.utf8Start[offset] {
      return false
    }
    return true
  }

  /// Steps over one byte.
  mutating func step() {
    if bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
      counted = (index + 1, 1)
    }
    index += 1
  }

  /// Steps over `count` bytes, none of which ends a line.
  mutating func step(_ count: Int) { index += count }

  /// The cursor's place.
  var position: JSONNode.Position {
    // Continuation bytes of UTF-8 do not begin a character.
    let since = bytes[counted.index..<min(index, bytes.count)].count { $0 & 0xC0 != 0x80 }
    return JSONNode.Position(line: line, column: counted.column + since)
  }

  /// The cursor's place, from which later ones in the line are counted on.
  mutating func mark() -> JSONNode.Position {
    let position = position
    counted = (index, position.column)
    return position
  }

  /// An error at the cursor's place.
  func fault(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(position: position, reason: reason) }

  /// The text from `start` to the cursor.
  func text(from start: Int) -> String { String(decoding: bytes[start..<index], as: UTF8.self) }

  /// The character at the cursor, for messages.
  var character: String {
    String(String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).prefix(1))
  }

  /// The value of `count` hexadecimal digits, which are stepped over.
  mutating func hexadecimal(_ count: Int) throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let byte = next, let digit = Self.digit(byte) else {
        throw fault("\(count) hexadecimal digits were expected")
      }
      value = value << 4 | digit
      index += 1
    }
    return value
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The character of a code that is written with `count` hexadecimal digits, in UTF-8.
  mutating func scalar(_ count: Int) throws(JSONSyntaxError) -> String.UTF8View {
    let code = try hexadecimal(count)
    guard let scalar = UnicodeScalar(code) else { throw fault("no character has this code") }
    return String(Character(scalar)).utf8
  }
}
