/// A piece of source in a language with C's comments and brackets. Comments and white space are not handed out.
enum CodeToken: Hashable {
  /// A name, a keyword or a number.
  case word(String)
  /// A quoted string with its text, escapes as they are written.
  case string(String)
  case symbol(UInt8)

  var word: String? { if case .word(let text) = self { text } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }

  func isSymbol(_ character: Character) -> Bool {
    character.asciiValue.map { self == .symbol($0) } ?? false
  }
}

/// Cuts source of Go, Rust, Java, Kotlin, C# and Swift into tokens over its bytes.
struct CodeTokenizer {
  /// What tells the languages apart here.
  struct Dialect {
    /// Whether a comment may hold comments.
    var nestsComments = false
    /// Whether back quotes make strings.
    var hasBackQuotes = false
    /// Whether three double quotes make strings of several lines.
    var hasTripleQuotes = false
    /// Whether a single quote may begin a lifetime.
    var hasLifetimes = false
    /// Whether single quotes mean nothing.
    var hasNoCharacters = false
    /// Whether `r#"…"#` and `#"…"#` are strings.
    var hasHashStrings = false
    /// Whether `@"…"` is a string without escapes.
    var hasVerbatim = false

    /// Whether single quotes make strings as well.
    var hasSingleStrings = false

    static let gradle = Dialect(hasTripleQuotes: true, hasSingleStrings: true)
    static let go = Dialect(hasBackQuotes: true)
    static let rust = Dialect(nestsComments: true, hasLifetimes: true, hasHashStrings: true)
    static let java = Dialect(hasTripleQuotes: true)
    static let kotlin = Dialect(nestsComments: true, hasTripleQuotes: true)
    static let dotNet = Dialect(hasTripleQuotes: true, hasVerbatim: true)
    static let swift = Dialect(
      nestsComments: true, hasTripleQuotes: true, hasNoCharacters: true, hasHashStrings: true)
  }

  private let bytes: [UInt8]
  private let dialect: Dialect
  private var index = 0
  private var tokens: [CodeToken] = []

  private init(_ bytes: [UInt8], _ dialect: Dialect) {
    self.bytes = bytes
    self.dialect = dialect
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// All tokens of `source`.
  static func tokens(of source: [UInt8], _ dialect: Dialect) -> [CodeToken] {
    var tokenizer = CodeTokenizer(source, dialect)
    tokenizer.run()
    return tokenizer.tokens
  }

  private func byte(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }

  private mutating func run() {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: index += 1
      case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "/"): skipLine()
      case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "*"): skipComment()
      case UInt8(ascii: "\""): string()
      case UInt8(ascii: "`") where dialect.hasBackQuotes: raw(until: [UInt8(ascii: "`")], skipping: 1)
      case UInt8(ascii: "'") where !dialect.hasNoCharacters: character()
      case UInt8(ascii: "@") where dialect.hasVerbatim && self.byte(1) == UInt8(ascii: "\""):
        raw(until: [UInt8(ascii: "\"")], skipping: 2)
      case UInt8(ascii: "#") where dialect.hasHashStrings && hashes(from: 0) != nil: hashString()
      case _ where Self.isWord(byte): word()
      default:
        tokens.append(.symbol(byte))
        index += 1
      }
    }
  }

  private mutating func skipLine() {
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
  }

  private mutating func skipComment() {
    var depth = 0
    while index < bytes.count {
      if byte(0) == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*"), depth == 0 || dialect.nestsComments {
        depth += 1
        index += 2
      } else if byte(0) == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        depth -= 1
        index += 2
        if depth == 0 { return }
      } else {
        index += 1
      }
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 95, 97...122, 128...: true
    default: false
    }
  }

  private mutating func word() {
    let start = index
    while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
    // Rust's `r"…"` and `br#"…"#`.
    if dialect.hasHashStrings, index - start <= 2, bytes[index - 1] == UInt8(ascii: "r") {
      if byte(0) == UInt8(ascii: "\"") { return raw(until: [UInt8(ascii: "\"")], skipping: 1) }
      if byte(0) == UInt8(ascii: "#"), hashes(from: 0) != nil { return hashString() }
    }
    tokens.append(.word(String(decoding: bytes[start..<index], as: UTF8.self)))
  }

  /// How many hashes stand before a double quote.
  private func hashes(from offset: Int) -> Int? {
    var count = 0
    while byte(offset + count) == UInt8(ascii: "#"), count < 256 { count += 1 }
    return count > 0 && byte(offset + count) == UInt8(ascii: "\"") ? count : nil
  }

  private mutating func hashString() {
    let count = hashes(from: 0) ?? 0
    raw(
      until: [UInt8(ascii: "\"")] + [UInt8](repeating: UInt8(ascii: "#"), count: count), skipping: count + 1)
  }

  /// A string without escapes.
  private mutating func raw(until end: [UInt8], skipping opening: Int) {
    index = min(index + opening, bytes.count)
    let start = index
    while index < bytes.count {
      if bytes[index] == end[0], bytes[index...].starts(with: end) {
        tokens.append(.string(String(decoding: bytes[start..<index], as: UTF8.self)))
        index += end.count
        return
      }
      index += 1
    }
    tokens.append(.string(String(decoding: bytes[start...], as: UTF8.self)))
  }

  private mutating func string() {
    if dialect.hasTripleQuotes, byte(1) == UInt8(ascii: "\""), byte(2) == UInt8(ascii: "\"") {
      return raw(until: Array("\"\"\"".utf8), skipping: 3)
    }
    index += 1
    let start = index
    // A string ends with its line: the rest of a broken file is still read.
    while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\n") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    index = min(index, bytes.count)
    tokens.append(.string(String(decoding: bytes[start..<index], as: UTF8.self)))
    if byte(0) == UInt8(ascii: "\"") { index += 1 }
  }

  private mutating func character() {
    let start = index + 1
    defer {
      if dialect.hasSingleStrings, start < index {
        tokens.append(.string(String(decoding: bytes[start..<max(start, index - 1)], as: UTF8.self)))
      }
    }
    if dialect.hasLifetimes, byte(1) != UInt8(ascii: "\\"), byte(2) != UInt8(ascii: "'"), byte(1) < 128 {
      index += 1
      return
    }
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "'"), bytes[index] != UInt8(ascii: "\n") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    index = min(index + 1, bytes.count)
  }
}
