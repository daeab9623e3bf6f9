extension TOMLParser {
  mutating func value() throws(JSONSyntaxError) -> JSONNode {
    let start = cursor.mark()
    try count()
    guard let byte = cursor.next else { throw cursor.fault("the text ends where a value was expected") }
    let kind: JSONNode.Kind
    switch byte {
    case UInt8(ascii: "\""):
      kind = .string(cursor.isAt("\"\"\"") ? try longString(quote: byte) : try basicString())
    case UInt8(ascii: "'"):
      kind = .string(cursor.isAt("'''") ? try longString(quote: byte) : try literalString())
    case UInt8(ascii: "["): kind = .array(try elements())
    case UInt8(ascii: "{"): return try inlineTable(at: start)
    default: kind = try word()
    }
    return JSONNode(kind: kind, position: start)
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    guard depth <= Self.deepest else { throw cursor.fault("nested deeper than \(Self.deepest) levels") }
    cursor.step(1)
  }

  private mutating func elements() throws(JSONSyntaxError) -> [JSONNode] {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONNode] = []
    while true {
      try skipBlankLines()
      if cursor.next == UInt8(ascii: "]") { break }
      elements.append(try value())
      try skipBlankLines()
      if cursor.next == UInt8(ascii: "]") { break }
      guard cursor.next == UInt8(ascii: ",") else { throw cursor.fault("',' or ']' was expected") }
      cursor.step(1)
    }
    cursor.step(1)
    return elements
  }

  private mutating func inlineTable(at start: JSONNode.Position) throws(JSONSyntaxError) -> JSONNode {
    try enter()
    defer { depth -= 1 }
    let table = TOMLTable(.header, at: start)
    skipSpaces()
    if cursor.next != UInt8(ascii: "}") {
      while true {
        try pair(into: table)
        skipSpaces()
        if cursor.next == UInt8(ascii: "}") { break }
        guard cursor.next == UInt8(ascii: ",") else { throw cursor.fault("',' or '}' was expected") }
        cursor.step(1)
      }
    }
    cursor.step(1)
    return table.node
  }
}

extension TOMLParser {
  mutating func literalString() throws(JSONSyntaxError) -> String {
    let start = cursor.index + 1
    cursor.step(1)
    while let byte = cursor.next, byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "'") {
        let text = cursor.text(from: start)
        cursor.step(1)
        return text
      }
      try checkPlain(byte)
      cursor.step(1)
    }
    throw cursor.fault("the string has no closing quote")
  }

  mutating func basicString() throws(JSONSyntaxError) -> String {
    cursor.step(1)
    var text: [UInt8] = []
    while let byte = cursor.next, byte != UInt8(ascii: "\n") {
      switch byte {
      case UInt8(ascii: "\""):
        cursor.step(1)
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        cursor.step(1)
        text += try escape()
      default:
        try checkPlain(byte)
        text.append(byte)
        cursor.step(1)
      }
    }
    throw cursor.fault("the string has no closing quote")
  }

  /// Reads a string in three quotes.
  private mutating func longString(quote: UInt8) throws(JSONSyntaxError) -> String {
    cursor.step(3)
    _ = try skipLineBreak()
    var text: [UInt8] = []
    while let byte = cursor.next {
      switch byte {
      case quote:
        let start = cursor.index
        while cursor.next == quote { cursor.step(1) }
        let quotes = cursor.index - start
        guard quotes >= 3 else {
          text += repeatElement(quote, count: quotes)
          continue
        }
        // Up to two quotes may stand right before the closing ones.
        guard quotes <= 5 else { throw cursor.fault("too many quotes close the string") }
        text += repeatElement(quote, count: quotes - 3)
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""):
        cursor.step(1)
        if try !skipContinuation() { text += try escape() }
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        guard try skipLineBreak() else { continue }
        text.append(UInt8(ascii: "\n"))
      default:
        try checkPlain(byte)
        text.append(byte)
        cursor.step(1)
      }
    }
    throw cursor.fault("the string has no closing quotes")
  }

  /// Steps over a line break behind a backslash and all space that follows; false when there is none.
  private mutating func skipContinuation() throws(JSONSyntaxError) -> Bool {
    guard let byte = cursor.next, [UInt8(ascii: " "), 9, 10, 13].contains(byte) else { return false }
    skipSpaces()
    guard try skipLineBreak() else { throw cursor.fault("the line must end after the backslash") }
    repeat { skipSpaces() } while try skipLineBreak()
    return true
  }

  private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
    guard let byte = cursor.next else { throw cursor.fault("the string has no closing quote") }
    cursor.step()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return Array(try cursor.scalar(4))
    case UInt8(ascii: "U"): return Array(try cursor.scalar(8))
    default: throw cursor.fault("the backslash begins no escape")
    }
  }
}
