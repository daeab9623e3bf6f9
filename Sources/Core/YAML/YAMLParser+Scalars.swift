extension YAMLParser {
  /// Reads the part of a plain scalar that is in one line.
  mutating func plainLine(inFlow: Bool = false, isFirst: Bool = true) throws(JSONSyntaxError) -> String {
    if isFirst { try checkFirst(inFlow: inFlow) }
    let start = cursor.index
    var end = start
    while let byte = cursor.next, !Self.isBreak(byte) {
      if byte == UInt8(ascii: ":") {
        let after = cursor.peek(1)
        if Self.isBreakOrSpace(after) || inFlow && Self.isFlowIndicator(after) { break }
      }
      if inFlow, Self.isFlowIndicator(byte) { break }
      let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
      if byte == UInt8(ascii: "#"), cursor.index > end { break }
      cursor.step(1)
      if !isBlank { end = cursor.index }
    }
    return String(decoding: cursor.bytes[start..<end], as: UTF8.self)
  }

  private func checkFirst(inFlow: Bool) throws(JSONSyntaxError) {
    switch cursor.next {
    case UInt8(ascii: "-")?, UInt8(ascii: "?")?, UInt8(ascii: ":")?:
      let after = cursor.peek(1)
      guard Self.isBreakOrSpace(after) || inFlow && Self.isFlowIndicator(after) else { return }
    case UInt8(ascii: "@")?, UInt8(ascii: "`")?, UInt8(ascii: "%")?, UInt8(ascii: ",")?, UInt8(ascii: "]")?,
      UInt8(ascii: "}")?, UInt8(ascii: "#")?, UInt8(ascii: "|")?, UInt8(ascii: ">")?, UInt8(ascii: "&")?,
      UInt8(ascii: "!")?, UInt8(ascii: "*")?, UInt8(ascii: "\"")?, UInt8(ascii: "'")?, UInt8(ascii: "[")?,
      UInt8(ascii: "{")?:
      break
    case nil: throw cursor.fault("the text ends where a value was expected")
    default: return
    }
    throw cursor.fault("a text that begins with '\(cursor.character)' needs quotes")
  }

  /// Reads a plain scalar, over several lines where they are indented deeper than `indent`.
  mutating func plain(below indent: Int, inFlow: Bool = false) throws(JSONSyntaxError) -> String {
    var text = try plainLine(inFlow: inFlow)
    while true {
      skipBlanks()
      guard Self.isBreak(cursor.next) else { return text }
      let end = cursor
      let breaks = skipBreaks()
      guard inFlow ? cursor.next != nil : continues(below: indent), cursor.next != UInt8(ascii: "#"),
        !(inFlow && (Self.isFlowIndicator(cursor.next) || cursor.next == UInt8(ascii: ":")))
      else {
        cursor = end
        return text
      }
      text += breaks == 1 ? " " : String(repeating: "\n", count: breaks - 1)
      text += try plainLine(inFlow: inFlow, isFirst: false)
      // A colon that ends a key stops a line; what stands there is misplaced.
      guard cursor.next != UInt8(ascii: ":") else { return text }
    }
  }

  /// Steps over line breaks and blanks; how many breaks there were.
  private mutating func skipBreaks() -> Int {
    var breaks = 0
    while Self.isBreak(cursor.next) {
      if cursor.isAt("\r\n") { cursor.step(1) }
      cursor.step()
      breaks += 1
      skipBlanks()
    }
    return breaks
  }

  /// The value of a plain scalar by the core schema.
  static func resolved(_ text: String) -> JSONNode.Kind {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    guard let first = text.utf8.first, first == UInt8(ascii: "-") || first <= UInt8(ascii: "9"),
      text.utf8.count < 400, case .number(let digits)? = (try? JSONNode(parsing: Array(text.utf8)))?.kind
    else { return .string(text) }
    return .number(digits)
  }

  /// Reads a scalar in quotes.
  mutating func quoted() throws(JSONSyntaxError) -> String {
    guard let quote = cursor.next else { return "" }
    let start = cursor.position
    let isDouble = quote == UInt8(ascii: "\"")
    cursor.step(1)
    var text: [UInt8] = []
    // Blanks that an escape made stay at the end of a line.
    var kept = 0
    while let byte = cursor.next {
      switch byte {
      case quote where !isDouble && cursor.peek(1) == quote:
        text.append(byte)
        cursor.step(2)
      case quote:
        cursor.step(1)
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\") where isDouble:
        cursor.step(1)
        if Self.isBreak(cursor.next) {
          text += repeatElement(UInt8(ascii: "\n"), count: skipBreaks() - 1)
        } else {
          text += try escape()
        }
        kept = text.count
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        while text.count > kept, let last = text.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t")
        {
          text.removeLast()
        }
        let breaks = skipBreaks()
        if isAtMarker("---") || isAtMarker("...") {
          throw JSONSyntaxError(position: start, reason: "the text has no closing quote")
        }
        text += breaks == 1 ? [UInt8(ascii: " ")] : Array(repeating: UInt8(ascii: "\n"), count: breaks - 1)
        kept = text.count
      default:
        text.append(byte)
        cursor.step(1)
      }
    }
    throw JSONSyntaxError(position: start, reason: "the text has no closing quote")
  }

  private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
    guard let byte = cursor.next else { throw cursor.fault("the text has no closing quote") }
    cursor.step()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: " "), 9: return [byte]
    case UInt8(ascii: "0"): return [0]
    case UInt8(ascii: "a"): return [7]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "v"): return [11]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "e"): return [27]
    case UInt8(ascii: "N"): return Array("\u{85}".utf8)
    case UInt8(ascii: "_"): return Array("\u{A0}".utf8)
    case UInt8(ascii: "L"): return Array("\u{2028}".utf8)
    case UInt8(ascii: "P"): return Array("\u{2029}".utf8)
    case UInt8(ascii: "x"): return Array(try cursor.scalar(2))
    case UInt8(ascii: "u"): return try unicode()
    case UInt8(ascii: "U"): return Array(try cursor.scalar(8))
    default: throw cursor.fault("the backslash begins no escape")
    }
  }

  /// Reads four digits, and four more where the first are half of a pair, as JSON writes characters.
  private mutating func unicode() throws(JSONSyntaxError) -> [UInt8] {
    let first = try cursor.hexadecimal(4)
    var code = first
    if (0xD800..<0xDC00).contains(first), cursor.isAt("\\u") {
      cursor.step(2)
      let second = try cursor.hexadecimal(4)
      guard (0xDC00..<0xE000).contains(second) else { throw cursor.fault("half of a surrogate pair") }
      code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = UnicodeScalar(code) else { throw cursor.fault("half of a surrogate pair") }
    return Array(String(Character(scalar)).utf8)
  }
}
