extension YAMLParser {
  /// What becomes of the line breaks at the end of a block scalar.
  private enum Chomping {
    case clip
    case strip
    case keep
  }

  /// Reads `|` or `>` with what is indented deeper than `indent`.
  mutating func blockScalar(below indent: Int) throws(JSONSyntaxError) -> String {
    let isFolded = cursor.next == UInt8(ascii: ">")
    cursor.step(1)
    var chomping = Chomping.clip
    var width: Int?
    while let byte = cursor.next {
      switch byte {
      case UInt8(ascii: "-"): chomping = .strip
      case UInt8(ascii: "+"): chomping = .keep
      case UInt8(ascii: "1")...UInt8(ascii: "9"):
        width = max(indent, 0) + Int(byte - UInt8(ascii: "0"))
      default: break
      }
      guard "+-123456789".utf8.contains(byte) else { break }
      cursor.step(1)
    }
    guard skipToLineEnd() else { throw cursor.fault("the line must end after '\(isFolded ? ">" : "|")'") }
    skipLine()
    if cursor.next != nil { cursor.step() }
    return scalar(below: indent, width: width, isFolded: isFolded, chomping)
  }

  private mutating func scalar(below indent: Int, width: Int?, isFolded: Bool, _ chomping: Chomping) -> String
  {
    var width = width
    var text: [UInt8] = []
    // Line breaks since the last line with something in it.
    var pending = 0
    var hasContent = false
    var isLastIndented = false
    while cursor.next != nil {
      var spaces = 0
      while spaces < width ?? .max, cursor.peek(spaces) == UInt8(ascii: " ") { spaces += 1 }
      let first = cursor.peek(spaces)
      let isEmpty = first == nil || Self.isBreak(first)
      if !isEmpty, width == nil, spaces > indent { width = spaces }
      guard isEmpty || spaces == width, !isAtMarker("---"), !isAtMarker("...") else { break }
      cursor.step(spaces)
      let line = restOfLine()
      guard !isEmpty else {
        pending += 1
        continue
      }
      let isIndented = line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
      if isFolded, hasContent, !isIndented, !isLastIndented {
        // One break between two lines is a space, and each further one stays.
        text += pending == 1 ? [UInt8(ascii: " ")] : Array(repeating: UInt8(ascii: "\n"), count: pending - 1)
      } else {
        text += repeatElement(UInt8(ascii: "\n"), count: pending)
      }
      text += line
      pending = 1
      hasContent = true
      isLastIndented = isIndented
    }
    switch chomping {
    case .strip: break
    case .clip: text += hasContent ? [UInt8(ascii: "\n")] : []
    case .keep: text += repeatElement(UInt8(ascii: "\n"), count: pending)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Steps over the line and its break; the line without its break.
  private mutating func restOfLine() -> ArraySlice<UInt8> {
    let start = cursor.index
    skipLine()
    var end = cursor.index
    if cursor.next != nil { cursor.step() }
    if end > start, cursor.bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return cursor.bytes[start..<end]
  }
}
