extension TOMLParser {
  /// Reads a truth value, a number, a date or a time.
  mutating func word() throws(JSONSyntaxError) -> JSONNode.Kind {
    let start = cursor.index
    let place = cursor.position
    skipWord()
    if cursor.index - start == 10, cursor.next == UInt8(ascii: " "), Self.isMoment(cursor.text(from: start)),
      let digit = cursor.peek(1), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
    {
      cursor.step(1)
      skipWord()
    }
    let text = cursor.text(from: start)
    switch text {
    case "": throw cursor.fault("'\(cursor.character)' begins no value")
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "inf", "+inf", "-inf", "nan", "+nan", "-nan": return .string(text)
    default: break
    }
    if Self.isMoment(text) { return .string(text) }
    guard let number = Self.number(text) else {
      throw JSONSyntaxError(position: place, reason: "'\(text.prefix(40))' is no value")
    }
    return .number(number)
  }

  private mutating func skipWord() {
    while let byte = cursor.next {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: ":"):
        cursor.step(1)
      default: return
      }
    }
  }

  /// Whether `text` has the shape of a date, a time or both.
  private static func isMoment(_ text: String) -> Bool {
    let shape = text.utf8.map {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) ? UInt8(ascii: "0") : $0
    }
    let date = shape.starts(with: "0000-00-00".utf8)
    if date, shape.count == 10 { return true }
    var rest = shape[...]
    if date {
      guard let separator = rest.dropFirst(10).first, "Tt ".utf8.contains(separator) else { return false }
      rest = rest.dropFirst(11)
    }
    guard rest.starts(with: "00:00:00".utf8) else { return false }
    rest = rest.dropFirst(8)
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { $0 == UInt8(ascii: "0") }
      guard !digits.isEmpty else { return false }
      rest = rest.dropFirst(1 + digits.count)
    }
    guard date, let zone = rest.first else { return rest.isEmpty }
    if rest.count == 1 { return "Zz".utf8.contains(zone) }
    return "+-".utf8.contains(zone) && rest.dropFirst().elementsEqual("00:00".utf8)
  }

  /// The digits of a number as JSON writes them; nil when `text` is none.
  private static func number(_ text: String) -> String? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
      guard let digits = withoutUnderscores(text.dropFirst(2)), digits.utf8.first != UInt8(ascii: "+"),
        digits.utf8.first != UInt8(ascii: "-")
      else { return nil }
      return Int64(digits, radix: radix).map(String.init)
    }
    let isNegative = text.hasPrefix("-")
    let unsigned = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard let digits = withoutUnderscores(unsigned) else { return nil }
    let written = (isNegative ? "-" : "") + digits
    guard case .number(let number)? = (try? JSONNode(parsing: Array(written.utf8)))?.kind else { return nil }
    let isWhole = number.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }
    // Whole numbers have 64 bits.
    return isWhole && Int64(number) == nil ? nil : number
  }

  /// `text` without its underscores; nil when one of them is not between two digits.
  private static func withoutUnderscores(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "_")) else { return String(text) }
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    let isRight = parts.indices.allSatisfy { index in
      (index == 0 || parts[index].first?.isHexDigit == true)
        && (index == parts.count - 1 || parts[index].last?.isHexDigit == true)
    }
    return isRight ? parts.joined() : nil
  }
}
