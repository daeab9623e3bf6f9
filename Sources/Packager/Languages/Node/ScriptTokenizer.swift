/// A piece of JavaScript or TypeScript. Comments and white space are not handed out.
enum ScriptToken: Hashable {
  case name(String)
  /// A quoted string, or a template without `${}`, with its text.
  case string(String)
  /// A template with `${}`, a regular expression or a number.
  case value
  case symbol(UInt8)
  /// `=>`
  case arrow
}

/// Cuts JavaScript or TypeScript into tokens over its bytes.
struct ScriptTokenizer {
  private let bytes: [UInt8]
  private var index = 0
  private var tokens: [ScriptToken] = []

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    if bytes[index...].starts(with: "#!".utf8) { skipLine() }
  }

  /// All tokens of `source`.
  static func tokens(of source: [UInt8]) -> [ScriptToken] {
    var tokenizer = ScriptTokenizer(source)
    tokenizer.run()
    return tokenizer.tokens
  }

  private func byte(at offset: Int) -> UInt8? {
    index + offset < bytes.count ? bytes[index + offset] : nil
  }

  private mutating func skipLine() {
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
  }

  private mutating func run() {
    while let byte = byte(at: 0) {
      switch byte {
      case UInt8(ascii: " "), 9...13: index += 1
      case UInt8(ascii: "/"): slash()
      case UInt8(ascii: "\""), UInt8(ascii: "'"): string(quote: byte)
      case UInt8(ascii: "`"): template()
      case UInt8(ascii: "=") where self.byte(at: 1) == UInt8(ascii: ">"):
        tokens.append(.arrow)
        index += 2
      case 48...57: number()
      case _ where Self.isName(byte): name()
      default:
        tokens.append(.symbol(byte))
        index += 1
      }
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 36, 48...57, 65...90, 95, 97...122, 128...: true
    default: false
    }
  }

  private mutating func name() {
    let start = index
    while let byte = byte(at: 0), Self.isName(byte) { index += 1 }
    tokens.append(.name(String(decoding: bytes[start..<index], as: UTF8.self)))
  }

  private mutating func number() {
    while let byte = byte(at: 0), Self.isName(byte) || byte == UInt8(ascii: ".") { index += 1 }
    tokens.append(.value)
  }

  private mutating func slash() {
    switch byte(at: 1) {
    case UInt8(ascii: "/"): skipLine()
    case UInt8(ascii: "*"):
      index += 2
      while index < bytes.count, !(bytes[index] == UInt8(ascii: "*") && byte(at: 1) == UInt8(ascii: "/")) {
        index += 1
      }
      index += 2
    default:
      if endsOperand {
        tokens.append(.symbol(UInt8(ascii: "/")))
        index += 1
      } else {
        expression()
      }
    }
  }

  /// Whether what came last is a value, so that a slash divides it.
  private var endsOperand: Bool {
    switch tokens.last {
    case .name(let word): !Self.wordsBeforeExpressions.contains(word)
    case .string, .value: true
    case .symbol(let byte): ")]}".utf8.contains(byte)
    case .arrow, nil: false
    }
  }

  private static let wordsBeforeExpressions: Set<String> = [
    "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "instanceof",
    "await",
    "yield",
  ]

  private mutating func expression() {
    index += 1
    var isInSet = false
    while let byte = byte(at: 0), byte != UInt8(ascii: "\n") {
      index += 1
      switch byte {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "["): isInSet = true
      case UInt8(ascii: "]"): isInSet = false
      case UInt8(ascii: "/") where !isInSet:
        while let flag = self.byte(at: 0), Self.isName(flag) { index += 1 }
        tokens.append(.value)
        return
      default: break
      }
    }
    tokens.append(.value)
  }

  private mutating func string(quote: UInt8) {
    index += 1
    var text: [UInt8] = []
    while let byte = byte(at: 0), byte != quote, byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\\") { index += 1 }
      if let byte = self.byte(at: 0) { text.append(byte) }
      index += 1
    }
    index += 1
    tokens.append(.string(String(decoding: text, as: UTF8.self)))
  }

  private mutating func template() {
    index += 1
    let start = index
    var isPlain = true
    while let byte = byte(at: 0), byte != UInt8(ascii: "`") {
      if byte == UInt8(ascii: "\\") {
        index += 2
      } else if byte == UInt8(ascii: "$"), self.byte(at: 1) == UInt8(ascii: "{") {
        isPlain = false
        index += 2
        substitution()
      } else {
        index += 1
      }
    }
    let end = min(index, bytes.count)
    index += 1
    tokens.append(isPlain ? .string(String(decoding: bytes[start..<end], as: UTF8.self)) : .value)
  }

  /// Steps over what stands between `${` and `}`, which may hold strings and templates itself.
  private mutating func substitution() {
    let outer = tokens
    tokens = []
    var depth = 1
    while let byte = byte(at: 0) {
      switch byte {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        string(quote: byte)
        continue
      case UInt8(ascii: "`"):
        template()
        continue
      case UInt8(ascii: "/"):
        slash()
        continue
      default: break
      }
      tokens.append(.symbol(byte))
      index += 1
      if depth == 0 { break }
    }
    tokens = outer
  }
}
