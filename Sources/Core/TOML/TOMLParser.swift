extension JSONNode {
  /// Reads `bytes` as a document in TOML 1.0: at most 64 MiB, 4,000,000 values, nested 64 deep. Dates and times become
  /// strings as they are written, `inf` and `nan` as well; whole numbers are written in decimal digits.
  ///
  /// - Throws: ``JSONSyntaxError`` with the place of the first fault.
  package init(toml bytes: [UInt8]) throws(JSONSyntaxError) {
    var parser = TOMLParser(cursor: try TextCursor(bytes))
    self = try parser.document()
  }
}

/// Reads TOML 1.0 (https://toml.io/en/v1.0.0).
struct TOMLParser {
  /// No key has more parts, and no value is nested deeper.
  static let deepest = 64

  var cursor: TextCursor
  var depth = 0
  var values = 0

  init(cursor: TextCursor) { self.cursor = cursor }

  mutating func document() throws(JSONSyntaxError) -> JSONNode {
    let root = TOMLTable(.header, at: JSONNode.Position(line: 1, column: 1))
    var table = root
    while true {
      try skipBlankLines()
      guard let byte = cursor.next else { return root.node }
      if byte == UInt8(ascii: "[") {
        table = try header(below: root)
      } else {
        try pair(into: table)
      }
      try endOfLine()
    }
  }

  /// Reads `[a.b]` or `[[a.b]]` and gives the table that it begins.
  private mutating func header(below root: TOMLTable) throws(JSONSyntaxError) -> TOMLTable {
    let start = cursor.mark()
    let isList = cursor.isAt("[[")
    cursor.step(isList ? 2 : 1)
    let path = try key()
    guard isList ? cursor.isAt("]]") : cursor.next == UInt8(ascii: "]") else {
      throw cursor.fault("'\(isList ? "]]" : "]")' was expected after the name of the table")
    }
    cursor.step(isList ? 2 : 1)
    try count()
    let last = path[path.count - 1]
    let parent = try table(at: path.dropLast(), below: root, making: .below)
    let new = TOMLTable(.header, at: start)
    switch (parent[last.text], isList) {
    case (nil, true):
      let list = TOMLTable.List()
      list.tables.append(new)
      parent.add(last, .list(list))
    case (nil, false): parent.add(last, .table(new))
    case (.list(let list)?, true): list.tables.append(new)
    case (.table(let known)?, false) where known.origin == .below:
      known.origin = .header
      return known
    default: throw repeated(last)
    }
    return new
  }

  /// Reads `a.b = value`.
  mutating func pair(into table: TOMLTable) throws(JSONSyntaxError) {
    let path = try key()
    guard cursor.next == UInt8(ascii: "=") else { throw cursor.fault("'=' was expected after the key") }
    cursor.step(1)
    skipSpaces()
    let last = path[path.count - 1]
    let parent = try self.table(at: path.dropLast(), below: table, making: .dotted)
    guard parent[last.text] == nil else { throw repeated(last) }
    parent.add(last, .value(try value()))
  }

  /// The table that `path` leads to, made where there is none.
  private func table(
    at path: ArraySlice<TOMLKey>, below top: TOMLTable, making origin: TOMLTable.Origin
  ) throws(JSONSyntaxError) -> TOMLTable {
    var table = top
    for key in path {
      switch table[key.text] {
      case nil:
        let new = TOMLTable(origin, at: key.position)
        table.add(key, .table(new))
        table = new
      // A key with dots adds to no table that a header has made.
      case .table(let known)? where origin == .below || known.origin == .dotted: table = known
      case .list(let list)? where origin == .below: table = list.tables[list.tables.count - 1]
      default: throw repeated(key)
      }
    }
    return table
  }

  private func repeated(_ key: TOMLKey) -> JSONSyntaxError {
    JSONSyntaxError(position: key.position, reason: "the key \"\(key.text)\" stands here twice")
  }

  /// Reads a key with the space around it.
  private mutating func key() throws(JSONSyntaxError) -> [TOMLKey] {
    var parts: [TOMLKey] = []
    while true {
      skipSpaces()
      let position = cursor.mark()
      parts.append(TOMLKey(text: try part(), position: position))
      guard parts.count <= Self.deepest else {
        throw cursor.fault("the key has more than \(Self.deepest) parts")
      }
      skipSpaces()
      guard cursor.next == UInt8(ascii: ".") else { return parts }
      cursor.step(1)
    }
  }

  private mutating func part() throws(JSONSyntaxError) -> String {
    switch cursor.next {
    case UInt8(ascii: "\"")?: return try basicString()
    case UInt8(ascii: "'")?: return try literalString()
    default:
      let start = cursor.index
      while let byte = cursor.next, Self.isBare(byte) { cursor.step(1) }
      guard cursor.index > start else {
        throw cursor.fault(
          cursor.next == nil ? "the text ends where a key was expected" : "a key was expected")
      }
      return cursor.text(from: start)
    }
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  mutating func count() throws(JSONSyntaxError) {
    values += 1
    guard values <= TextCursor.mostValues else {
      throw cursor.fault("the text holds more than \(TextCursor.mostValues) values")
    }
  }
}

extension TOMLParser {
  mutating func skipSpaces() {
    while let byte = cursor.next, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { cursor.step(1) }
  }

  /// Steps over space, comments and line breaks.
  mutating func skipBlankLines() throws(JSONSyntaxError) {
    while true {
      skipSpaces()
      try skipComment()
      guard try skipLineBreak() else { return }
    }
  }

  private mutating func endOfLine() throws(JSONSyntaxError) {
    skipSpaces()
    try skipComment()
    guard cursor.next != nil else { return }
    guard try skipLineBreak() else { throw cursor.fault("the line must end after the value") }
  }

  private mutating func skipComment() throws(JSONSyntaxError) {
    guard cursor.next == UInt8(ascii: "#") else { return }
    while let byte = cursor.next, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
      try checkPlain(byte)
      cursor.step(1)
    }
  }

  /// Whether there was a line break to step over.
  mutating func skipLineBreak() throws(JSONSyntaxError) -> Bool {
    if cursor.next == UInt8(ascii: "\r") {
      guard cursor.isAt("\r\n") else { throw cursor.fault("a carriage return must end its line") }
      cursor.step(1)
    }
    guard cursor.next == UInt8(ascii: "\n") else { return false }
    cursor.step()
    return true
  }

  func checkPlain(_ byte: UInt8) throws(JSONSyntaxError) {
    guard byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") else {
      throw cursor.fault("a control character must be escaped")
    }
  }
}
