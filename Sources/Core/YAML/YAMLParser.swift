extension JSONNode {
  /// Reads `bytes` as one document in YAML 1.2, as templates and lock files use it: at most 64 MiB, 1,000,000 values with
  /// those that aliases repeat, nested 100 deep, tags not counted.
  ///
  /// A value with a tag of the application becomes an object of one member: `!Sub x` is `{"!Sub": "x"}`. Plain scalars are
  /// null, truth values and numbers by the core schema where JSON can write them in the same digits, and strings else.
  /// Keys are texts; `<<` merges.
  ///
  /// - Throws: ``JSONSyntaxError`` with the place of the first fault, and when there are several documents.
  package init(yaml bytes: [UInt8]) throws(JSONSyntaxError) {
    let documents = try Self.documents(yaml: bytes)
    if documents.count > 1 {
      throw JSONSyntaxError(
        position: documents[1].position, reason: "a second document begins, and one was expected")
    }
    self = documents.first ?? JSONNode(kind: .null, position: Position(line: 1, column: 1))
  }

  /// Reads `bytes` as documents in YAML 1.2, within the bounds of ``init(yaml:)``.
  ///
  /// - Throws: ``JSONSyntaxError`` with the place of the first fault.
  package static func documents(yaml bytes: [UInt8]) throws(JSONSyntaxError) -> [JSONNode] {
    var parser = YAMLParser(cursor: try TextCursor(bytes))
    return try parser.documents()
  }
}

/// Reads what templates, `serverless.yml` and lock files use of YAML 1.2 (https://yaml.org/spec/1.2.2/).
struct YAMLParser {
  static let deepest = 100
  static let mostValues = 1_000_000

  /// A value with a name, for aliases.
  struct Anchor {
    let node: JSONNode
    /// How many values it holds.
    let size: Int
    /// How many levels it has.
    let height: Int
  }

  var cursor: TextCursor
  var anchors: [MemberName: Anchor] = [:]
  var values = 0
  var depth = 0
  /// The deepest level since it was last set back.
  var reached = 0

  init(cursor: TextCursor) { self.cursor = cursor }

  mutating func documents() throws(JSONSyntaxError) -> [JSONNode] {
    var documents: [JSONNode] = []
    while true {
      anchors = [:]
      try skipSpace()
      while cursor.next == UInt8(ascii: "%"), cursor.column == 0 {
        skipLine()
        try skipSpace()
      }
      let isMarked = isAtMarker("---")
      if isMarked { cursor.step(3) }
      try skipSpace()
      guard cursor.next != nil || isMarked else { return documents }
      if isAtMarker("...") {
        cursor.step(3)
        continue
      }
      documents.append(try node(below: -1))
      try skipSpace()
      if isAtMarker("...") { cursor.step(3) }
      try skipSpace()
      guard cursor.next == nil || isAtMarker("---") || cursor.next == UInt8(ascii: "%") else {
        throw misplaced()
      }
    }
  }

  /// Why what is at the cursor belongs to nothing.
  func misplaced() -> JSONSyntaxError {
    if cursor.next == UInt8(ascii: ":") {
      return cursor.fault("a key with ':' cannot stand here: a text with ': ' in it needs quotes")
    }
    if cursor.next == UInt8(ascii: "\t") { return cursor.fault("tabs cannot indent") }
    return cursor.fault("'\(cursor.character)' is indented like nothing above, or follows what has ended")
  }

  mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    reached = max(reached, depth)
    guard depth <= Self.deepest else { throw cursor.fault("nested deeper than \(Self.deepest) levels") }
  }

  mutating func count(_ more: Int = 1) throws(JSONSyntaxError) {
    values += more
    guard values <= Self.mostValues else {
      throw cursor.fault("the text holds more than \(Self.mostValues) values, those of aliases counted")
    }
  }
}

extension YAMLParser {
  /// Whether a document begins or ends at the cursor.
  func isAtMarker(_ marker: StaticString) -> Bool {
    cursor.column == 0 && cursor.isAt(marker) && Self.isBreakOrSpace(cursor.peek(3))
  }

  /// Whether a line of the text at the cursor can belong to what is indented deeper than `indent`.
  func continues(below indent: Int) -> Bool {
    cursor.next != nil && cursor.column > indent && !isAtMarker("---") && !isAtMarker("...")
  }

  static func isBreakOrSpace(_ byte: UInt8?) -> Bool {
    guard let byte else { return true }
    return byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || isBreak(byte)
  }

  static func isBreak(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  /// A number sign begins a comment at the start of a line and after a blank.
  private var isAtComment: Bool {
    cursor.next == UInt8(ascii: "#")
      && (cursor.column == 0 || Self.isBreakOrSpace(cursor.bytes[cursor.index - 1]))
  }

  mutating func skipBlanks() {
    while let byte = cursor.next, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { cursor.step(1) }
  }

  mutating func skipLine() {
    while let byte = cursor.next, byte != UInt8(ascii: "\n") { cursor.step(1) }
  }

  /// Steps over blanks and a comment; true when the line ends there.
  mutating func skipToLineEnd() -> Bool {
    skipBlanks()
    if isAtComment { skipLine() }
    return cursor.next == nil || Self.isBreak(cursor.next)
  }

  /// Steps over space, comments and line breaks to what comes next.
  ///
  /// - Throws: ``JSONSyntaxError`` when tabs indent it.
  mutating func skipSpace(inFlow: Bool = false) throws(JSONSyntaxError) {
    while true {
      let isIndent = cursor.column == 0
      var hasTab = false
      while let byte = cursor.next, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
        hasTab = hasTab || byte == UInt8(ascii: "\t")
        cursor.step(1)
      }
      if isAtComment { skipLine() }
      guard Self.isBreak(cursor.next) else {
        if hasTab, isIndent, !inFlow, cursor.next != nil { throw cursor.fault("tabs cannot indent") }
        return
      }
      cursor.step()
    }
  }
}
