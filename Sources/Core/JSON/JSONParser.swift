/// Text that is not the document in JSON, TOML or YAML that was expected, and where.
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the text goes wrong.
  package let position: JSONNode.Position
  /// What is wrong there, in half a sentence.
  package let reason: String

  /// A fault at `position`, in half a sentence.
  package init(position: JSONNode.Position, reason: String) {
    self.position = position
    self.reason = reason
  }

  /// `line 3, column 7: …`.
  package var description: String { "line \(position.line), column \(position.column): \(reason)" }
}

extension JSON {
  /// Reads `bytes` as one JSON value.
  ///
  /// - Throws: ``JSONSyntaxError`` when they are anything else. A repeated key keeps its last value.
  package init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    self = try JSONNode(parsing: bytes, repeatedKeys: true).json
  }

  /// Reads `text` as one JSON value.
  ///
  /// - Throws: ``JSONSyntaxError`` when it is anything else. A repeated key keeps its last value.
  package init(parsing text: String) throws(JSONSyntaxError) {
    try self.init(parsing: Array(text.utf8))
  }
}

extension JSONNode {
  /// Reads `bytes` as one JSON value in UTF-8: at most 64 MiB, 4,000,000 values, nested 128 deep.
  ///
  /// - Parameters:
  ///   - repeatedKeys: whether an object may name a key twice.
  ///   - comments: whether comments, and commas before a closing bracket, are stepped over, as in `tsconfig.json`.
  /// - Throws: ``JSONSyntaxError`` with the place of the first fault.
  package init(
    parsing bytes: [UInt8], repeatedKeys: Bool = false, comments: Bool = false
  ) throws(JSONSyntaxError) {
    var parser = JSONParser(cursor: try TextCursor(bytes), repeatedKeys: repeatedKeys, comments: comments)
    self = try parser.document()
  }
}

struct JSONParser {
  private static let deepest = 128

  var cursor: TextCursor
  private let repeatedKeys: Bool
  private let comments: Bool
  private var depth = 0
  private var values = 0

  init(cursor: TextCursor, repeatedKeys: Bool, comments: Bool) {
    self.cursor = cursor
    self.repeatedKeys = repeatedKeys
    self.comments = comments
  }

  mutating func document() throws(JSONSyntaxError) -> JSONNode {
    try skipSpace()
    let node = try value()
    try skipSpace()
    guard cursor.next == nil else { throw fault("nothing may follow the value") }
    return node
  }

  private mutating func skipSpace() throws(JSONSyntaxError) {
    while let byte = cursor.next {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): cursor.step()
      case UInt8(ascii: "/") where comments: try skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() throws(JSONSyntaxError) {
    if cursor.isAt("//") {
      while let byte = cursor.next, byte != UInt8(ascii: "\n") { cursor.step(1) }
      return
    }
    guard cursor.isAt("/*") else { throw cursor.fault("'/' begins no value") }
    let start = cursor.position
    cursor.step(2)
    while !cursor.isAt("*/") {
      guard cursor.next != nil else {
        throw JSONSyntaxError(position: start, reason: "the comment has no end")
      }
      cursor.step()
    }
    cursor.step(2)
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONNode {
    let start = cursor.mark()
    values += 1
    guard values <= TextCursor.mostValues else {
      throw cursor.fault("the text holds more than \(TextCursor.mostValues) values")
    }
    guard let byte = cursor.next else { throw cursor.fault("the text ends where a value was expected") }
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
    let words: [(StaticString, JSONNode.Kind)] = [
      ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
    ]
    for (word, kind) in words where cursor.isAt(word) {
      cursor.step(word.utf8CodeUnitCount)
      return kind
    }
    throw fault("'\(cursor.character)' begins no value")
  }

  /// What is wrong here, which a comment is wherever it stands.
  private func fault(_ reason: String) -> JSONSyntaxError {
    cursor.fault(cursor.isAt("//") || cursor.isAt("/*") ? "JSON has no comments" : reason)
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    guard depth <= Self.deepest else { throw cursor.fault("nested deeper than \(Self.deepest) levels") }
    cursor.step(1)
    try skipSpace()
  }

  private mutating func members() throws(JSONSyntaxError) -> [JSONNode.Member] {
    try enter()
    defer { depth -= 1 }
    var members: [JSONNode.Member] = []
    var seen: Set<MemberName> = []
    if cursor.next == UInt8(ascii: "}") {
      cursor.step(1)
      return members
    }
    while true {
      let keyPosition = cursor.mark()
      guard cursor.next == UInt8(ascii: "\"") else {
        throw fault(
          members.isEmpty ? "a key in quotes or '}' was expected" : "a key in quotes was expected")
      }
      let key = try string()
      if !repeatedKeys, !seen.insert(MemberName(key)).inserted {
        throw JSONSyntaxError(position: keyPosition, reason: "the key \"\(key)\" stands here twice")
      }
      try skipSpace()
      guard cursor.next == UInt8(ascii: ":") else {
        throw fault("':' was expected after the key \"\(key)\"")
      }
      cursor.step(1)
      try skipSpace()
      members.append(JSONNode.Member(key: key, keyPosition: keyPosition, value: try value()))
      guard try another(closing: UInt8(ascii: "}")) else { return members }
    }
  }

  private mutating func elements() throws(JSONSyntaxError) -> [JSONNode] {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONNode] = []
    if cursor.next == UInt8(ascii: "]") {
      cursor.step(1)
      return elements
    }
    while true {
      elements.append(try value())
      guard try another(closing: UInt8(ascii: "]")) else { return elements }
    }
  }

  /// Steps over a comma (true) or the closing bracket (false).
  private mutating func another(closing: UInt8) throws(JSONSyntaxError) -> Bool {
    try skipSpace()
    if cursor.next == closing {
      cursor.step(1)
      return false
    }
    guard cursor.next == UInt8(ascii: ",") else {
      throw fault("',' or '\(Character(UnicodeScalar(closing)))' was expected")
    }
    cursor.step(1)
    try skipSpace()
    guard cursor.next == closing else { return true }
    guard comments else { throw cursor.fault("JSON has no comma after the last value") }
    cursor.step(1)
    return false
  }

  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = cursor.index
    if cursor.next == UInt8(ascii: "-") { cursor.step(1) }
    let zero = cursor.next == UInt8(ascii: "0")
    let whole = try digits()
    if zero, whole > 1 { throw cursor.fault("a number may not begin with 0") }
    if cursor.next == UInt8(ascii: ".") {
      cursor.step(1)
      _ = try digits()
    }
    if cursor.next == UInt8(ascii: "e") || cursor.next == UInt8(ascii: "E") {
      cursor.step(1)
      if cursor.next == UInt8(ascii: "+") || cursor.next == UInt8(ascii: "-") { cursor.step(1) }
      _ = try digits()
    }
    return cursor.text(from: start)
  }

  private mutating func digits() throws(JSONSyntaxError) -> Int {
    let start = cursor.index
    while let byte = cursor.next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { cursor.step(1) }
    guard cursor.index > start else { throw cursor.fault("a digit was expected") }
    return cursor.index - start
  }
}
