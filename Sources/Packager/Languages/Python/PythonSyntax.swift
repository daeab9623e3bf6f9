/// Syntax that Python has learned since the oldest version that Lambda runs, as far as it cannot be anything else: where
/// words of the language are also names of the user's own, only what an older Python certainly refuses counts.
///
/// Source: "What's New in Python" 3.10 to 3.14; PEP 634, 654, 695, 701, 750, 758.
struct PythonSyntax: Equatable {
  /// What it is, as half a sentence.
  let what: String
  /// The first minor version that reads it.
  let minor: Int
  /// The byte of it.
  let offset: Int

  private typealias Tokens = ArraySlice<PythonTokenizer.Located>

  /// The first thing in `source` that Python 3.`minor` does not read; nil where there is none that is known.
  ///
  /// - Parameter tokens: those of `source`.
  static func fault(
    in source: [UInt8], _ tokens: [PythonTokenizer.Located], minor: Int
  ) -> PythonSyntax? {
    guard minor < newest else { return nil }
    let lines = tokens.split { $0.token == .newline }
    for (index, line) in lines.enumerated() {
      let next = index + 1 < lines.count ? lines[index + 1] : []
      if let found = statement(line, next), found.minor > minor { return found }
      // From 3.12 on strings are cut in another way.
      guard minor < 12 else { continue }
      for located in line where located.token == .string {
        if let found = string(source, at: located.offset) { return found }
      }
    }
    return nil
  }

  /// What this knows nothing newer than.
  private static let newest = 14

  private static func statement(_ line: Tokens, _ next: Tokens) -> PythonSyntax? {
    guard let first = line.first, case .name(let word) = first.token else { return nil }
    let has = { (what: String, minor: Int) in PythonSyntax(what: what, minor: minor, offset: first.offset) }
    switch word {
    case "match": return isMatch(line, next) ? has("a 'match' statement", 10) : nil
    case "except":
      if line.dropFirst().first?.token == .symbol(UInt8(ascii: "*")) { return has("'except*'", 11) }
      return namesSeveral(line.dropFirst()) ? has("'except' with several types and no brackets", 14) : nil
    case "type": return isAlias(line) ? has("a 'type' statement", 12) : nil
    case "def", "class": return isGeneric(line.dropFirst()) ? has("'\(word)' with type parameters", 12) : nil
    case "async":
      let rest = line.dropFirst()
      guard rest.first?.token == .name("def") else { return nil }
      return isGeneric(rest.dropFirst()) ? has("'def' with type parameters", 12) : nil
    default: return nil
    }
  }

  /// `match x:` and nothing behind it, with an indented `case …:` below: as anything else neither line could stand.
  private static func isMatch(_ line: Tokens, _ next: Tokens) -> Bool {
    guard let first = line.first, let case_ = next.first, line.count > 2,
      line.last?.token == .symbol(UInt8(ascii: ":")), case_.token == .name("case"),
      case_.column > first.column
    else { return false }
    return next.count > 2 && next.contains { $0.token == .symbol(UInt8(ascii: ":")) }
  }

  /// `type X = …` and `type X[T] = …`: two names beside one another, of which the second is no operator.
  private static func isAlias(_ line: Tokens) -> Bool {
    let rest = line.dropFirst()
    guard case .name(let name)? = rest.first?.token, !operators.contains(name) else { return false }
    switch rest.dropFirst().first?.token {
    case .symbol(UInt8(ascii: "=")):
      return rest.dropFirst(2).first?.token != .symbol(UInt8(ascii: "="))
    case .symbol(UInt8(ascii: "[")): return true
    default: return false
    }
  }

  private static let operators: Set<String> = ["in", "is", "and", "or", "not", "if", "else", "for", "as"]

  /// `def f[T](…)`, `class A[T]:`
  private static func isGeneric(_ rest: Tokens) -> Bool {
    guard case .name? = rest.first?.token else { return false }
    return rest.dropFirst().first?.token == .symbol(UInt8(ascii: "["))
  }

  /// `except A, B:`
  private static func namesSeveral(_ rest: Tokens) -> Bool {
    var depth = 0
    for located in rest {
      guard case .symbol(let byte) = located.token else { continue }
      if "([{".utf8.contains(byte) { depth += 1 }
      if ")]}".utf8.contains(byte) { depth -= 1 }
      if depth == 0, byte == UInt8(ascii: ":") { return false }
      if depth == 0, byte == UInt8(ascii: ",") { return true }
    }
    return false
  }

  /// What an older Python does not read of the string with its letters at `start`.
  private static func string(_ source: [UInt8], at start: Int) -> PythonSyntax? {
    source.withUnsafeBufferPointer { bytes in
      let quote = bytes[start...].firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
      guard let quote, quote - start < 3 else { return nil }
      let letters = Set(bytes[start..<quote].map { $0 | 0x20 })
      if letters.contains(UInt8(ascii: "t")) {
        return PythonSyntax(what: "a template string (t\"…\")", minor: 14, offset: start)
      }
      guard letters.contains(UInt8(ascii: "f")) else { return nil }
      let end = PythonString.end(in: bytes, from: quote).index
      var field = PythonFields(
        bytes: bytes, quote: quote, end: end, isRaw: letters.contains(UInt8(ascii: "r")))
      return field.fault().map { PythonSyntax(what: $0, minor: 12, offset: start) }
    }
  }
}

/// The replacement fields of an f-string, as Python read them up to 3.11: a string with fields in it, cut as any other.
private struct PythonFields {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let end: Int
  private let isRaw: Bool
  private var index: Int

  init(bytes: UnsafeBufferPointer<UInt8>, quote: Int, end: Int, isRaw: Bool) {
    self.bytes = bytes
    self.isRaw = isRaw
    let byte = bytes[quote]
    let isTriple = quote + 2 < end && bytes[quote + 1] == byte && bytes[quote + 2] == byte
    let width = isTriple && end - quote > 5 ? 3 : 1
    index = quote + width
    // One without an end has none to take off.
    self.end = max(index, bytes[end - 1] == byte ? end - width : end)
  }

  /// What only Python 3.12 reads.
  mutating func fault() -> String? {
    while index < end {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\\") where !isRaw: passEscape()
      case UInt8(ascii: "{"):
        if index < end, bytes[index] == UInt8(ascii: "{") {
          index += 1
        } else if let fault = field() {
          return fault
        }
      default: break
      }
    }
    return nil
  }

  /// `\N{DASH}` has brackets that open no field; `\{` opens one all the same.
  private mutating func passEscape() {
    guard index < end else { return }
    if bytes[index] == UInt8(ascii: "N"), index + 1 < end, bytes[index + 1] == UInt8(ascii: "{") {
      while index < end, bytes[index] != UInt8(ascii: "}") { index += 1 }
    } else if bytes[index] != UInt8(ascii: "{") {
      index += 1
    }
  }

  /// Steps over the field that is open, its format included.
  private mutating func field() -> String? {
    // Of each bracket that is open: whether it is that of a field, whose format has begun or not.
    var open: [Bracket] = [.field]
    while index < end, let innermost = open.last {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "{"): open.append(innermost == .format ? .field : .bracket)
      case UInt8(ascii: "}"): open.removeLast()
      case _ where innermost == .format: break
      case UInt8(ascii: "("), UInt8(ascii: "["): open.append(.bracket)
      case UInt8(ascii: ")"), UInt8(ascii: "]"): if innermost == .bracket { open.removeLast() }
      case UInt8(ascii: ":") where innermost == .field: open[open.count - 1] = .format
      case UInt8(ascii: "\\"): return "an f-string with a backslash in a field"
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let inner = PythonString.end(in: UnsafeBufferPointer(rebasing: bytes[..<end]), from: index - 1).index
        if bytes[index..<inner].contains(UInt8(ascii: "\\")) {
          return "an f-string with a backslash in a field"
        }
        index = inner
      default: break
      }
    }
    return open.isEmpty ? nil : "an f-string with its own quotes in a field"
  }

  private enum Bracket {
    case field, format, bracket
  }
}
