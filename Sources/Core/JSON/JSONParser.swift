/// Text that is not the JSON that was expected, and where.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the text goes wrong.
  public let position: JSONNode.Position
  /// What is wrong there, in half a sentence.
  public let reason: String

  /// `line 3, column 7: …`.
  public var description: String { "line \(position.line), column \(position.column): \(reason)" }
}

extension JSON {
  /// Reads `bytes` as one JSON value.
  ///
  /// - Throws: ``JSONSyntaxError`` when they are anything else. A repeated key keeps its last value.
  public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    self = try JSONNode(parsing: bytes, repeatedKeys: true).json
  }

  /// Reads `text` as one JSON value.
  ///
  /// - Throws: ``JSONSyntaxError`` when it is anything else. A repeated key keeps its last value.
  public init(parsing text: String) throws(JSONSyntaxError) {
    try self.init(parsing: Array(text.utf8))
  }
}

extension JSONNode {
  /// Reads `bytes` as one strict JSON value in UTF-8: at most 64 MiB, 4,000,000 values, nested 128 deep.
  ///
  /// - Parameter repeatedKeys: whether an object may name a key twice.
  /// - Throws: ``JSONSyntaxError`` with the place of the first fault.
  public init(parsing bytes: [UInt8], repeatedKeys: Bool = false) throws(JSONSyntaxError) {
    let start = Position(line: 1, column: 1)
    guard bytes.count <= JSONParser.longest else {
      throw JSONSyntaxError(
        position: start, reason: "the text has \(bytes.count) bytes, and 64 MiB are the most")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONSyntaxError(position: start, reason: "the text is not UTF-8")
    }
    var parser = JSONParser(bytes: bytes, repeatedKeys: repeatedKeys)
    self = try parser.document()
  }
}

struct JSONParser {
  static let longest = 64 << 20
  private static let deepest = 128
  private static let mostValues = 4_000_000

  private let bytes: [UInt8]
  private let repeatedKeys: Bool
  private var index = 0
  private var line = 1
  /// A place in the line under way, and the characters before it: columns are counted on from there, or a long
  /// line would be counted from its start for every value in it.
  private var counted = (index: 0, column: 1)
  private var depth = 0
  private var values = 0

  init(bytes: [UInt8], repeatedKeys: Bool) {
    self.bytes = bytes
    self.repeatedKeys = repeatedKeys
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      index = 3
      counted.index = 3
    }
  }

  mutating func document() throws(JSONSyntaxError) -> JSONNode {
    skipSpace()
    let node = try value()
    skipSpace()
    guard index == bytes.count else { throw fault("nothing may follow the value") }
    return node
  }

  private var position: JSONNode.Position {
    // Continuation bytes of UTF-8 do not begin a character.
    let since = bytes[counted.index..<min(index, bytes.count)].count { $0 & 0xC0 != 0x80 }
    return JSONNode.Position(line: line, column: counted.column + since)
  }

  /// The present position, from which later ones in the line are counted on.
  private mutating func mark() -> JSONNode.Position {
    let position = position
    counted = (index, position.column)
    return position
  }

  private func fault(_ reason: String) -> JSONSyntaxError {
    JSONSyntaxError(position: position, reason: reason)
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\n"):
        index += 1
        line += 1
        counted = (index, 1)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
      default: return
      }
    }
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONNode {
    let start = mark()
    values += 1
    guard values <= Self.mostValues else { throw fault("the text holds more than \(Self.mostValues) values") }
    guard let byte = next else { throw fault("the text ends where a value was expected") }
    let kind: JSONNode.Kind
    switch byte {
    case UInt8(ascii: "{"): kind = .object(try members())
    case UInt8(ascii: "["): kind = .array(try elements())
    case UInt8(ascii: "\""): kind = .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): kind = .number(try number())
    default: kind = try word()
    }
    return JSONNode(kind: kind, position: start)
  }

  private mutating func word() throws(JSONSyntaxError) -> JSONNode.Kind {
    let words: [(String, JSONNode.Kind)] = [("true", .bool(true)), ("false", .bool(false)), ("null", .null)]
    for (word, kind) in words where bytes[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return kind
    }
    if bytes[index...].starts(with: "//".utf8) || bytes[index...].starts(with: "/*".utf8) {
      throw fault("JSON has no comments")
    }
    throw fault("'\(character)' begins no value")
  }

  private var character: String {
    String(String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).prefix(1))
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    guard depth <= Self.deepest else { throw fault("nested deeper than \(Self.deepest) levels") }
    index += 1
    skipSpace()
  }

  private mutating func members() throws(JSONSyntaxError) -> [JSONNode.Member] {
    try enter()
    defer { depth -= 1 }
    var members: [JSONNode.Member] = []
    var seen: Set<MemberName> = []
    if next == UInt8(ascii: "}") {
      index += 1
      return members
    }
    while true {
      let keyPosition = mark()
      guard next == UInt8(ascii: "\"") else {
        throw fault(members.isEmpty ? "a key in quotes or '}' was expected" : "a key in quotes was expected")
      }
      let key = try string()
      if !repeatedKeys, !seen.insert(MemberName(key)).inserted {
        throw JSONSyntaxError(position: keyPosition, reason: "the key \"\(key)\" stands here twice")
      }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw fault("':' was expected after the key \"\(key)\"") }
      index += 1
      skipSpace()
      members.append(JSONNode.Member(key: key, keyPosition: keyPosition, value: try value()))
      guard try another(closing: UInt8(ascii: "}")) else { return members }
    }
  }

  private mutating func elements() throws(JSONSyntaxError) -> [JSONNode] {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONNode] = []
    if next == UInt8(ascii: "]") {
      index += 1
      return elements
    }
    while true {
      elements.append(try value())
      guard try another(closing: UInt8(ascii: "]")) else { return elements }
    }
  }

  /// Steps over a comma (true) or the closing bracket (false).
  private mutating func another(closing: UInt8) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    if next == closing {
      index += 1
      return false
    }
    guard next == UInt8(ascii: ",") else {
      throw fault("',' or '\(Character(UnicodeScalar(closing)))' was expected")
    }
    index += 1
    skipSpace()
    if next == closing { throw fault("a value was expected after the comma") }
    return true
  }

  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = index
    if next == UInt8(ascii: "-") { index += 1 }
    let zero = next == UInt8(ascii: "0")
    let whole = try digits()
    if zero, whole > 1 { throw fault("a number may not begin with 0") }
    if next == UInt8(ascii: ".") {
      index += 1
      _ = try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      index += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
      _ = try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(JSONSyntaxError) -> Int {
    let start = index
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    guard index > start else { throw fault("a digit was expected") }
    return index - start
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        index += 1
        text += try escape()
      case 0..<0x20:
        throw fault("a line break or control character must be escaped inside a string")
      default:
        text.append(byte)
        index += 1
      }
    }
    throw fault("the string has no closing quote")
  }

  private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
    guard let byte = next else { throw fault("the string has no closing quote") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return try unicode()
    default: throw fault("'\\\(Character(UnicodeScalar(byte)))' is no escape")
    }
  }

  private mutating func unicode() throws(JSONSyntaxError) -> [UInt8] {
    let first = try fourDigits()
    var code = UInt32(first)
    if (0xD800..<0xDC00).contains(first) {
      guard bytes[index...].starts(with: "\\u".utf8) else { throw fault("half of a surrogate pair") }
      index += 2
      let second = try fourDigits()
      guard (0xDC00..<0xE000).contains(second) else { throw fault("half of a surrogate pair") }
      code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    }
    guard let scalar = UnicodeScalar(code) else { throw fault("half of a surrogate pair") }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func fourDigits() throws(JSONSyntaxError) -> UInt16 {
    guard index + 4 <= bytes.count,
      let pair = Hex.decode(String(decoding: bytes[index..<index + 4], as: UTF8.self)), pair.count == 2
    else { throw fault("four hexadecimal digits were expected") }
    index += 4
    return UInt16(pair[0]) << 8 | UInt16(pair[1])
  }
}
