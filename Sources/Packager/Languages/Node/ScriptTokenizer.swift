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
  /// Where each token ends.
  private var ends: [Int] = []
  /// The last token, also of those that are not handed out.
  private var last: ScriptToken?
  /// How many braces are open in the substitution of each template that is open, the innermost last. A list rather than
  /// calls in one another: they may be nested as deep as the file is long.
  private var templates: [Int] = []

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    if bytes[index...].starts(with: "#!".utf8) { skipLine() }
  }

  /// All tokens of `source`.
  static func tokens(of source: [UInt8]) -> [ScriptToken] { located(in: source).tokens }

  /// All tokens of `source`, and the place, counted in bytes, at or after which each one ends.
  static func located(in source: [UInt8]) -> (tokens: [ScriptToken], ends: [Int]) {
    var tokenizer = ScriptTokenizer(source)
    tokenizer.run()
    return (tokenizer.tokens, tokenizer.ends)
  }

  private func byte(at offset: Int) -> UInt8? {
    index + offset < bytes.count ? bytes[index + offset] : nil
  }

  /// Hands out a token, unless it stands in a template's substitution.
  private mutating func emit(_ token: ScriptToken) {
    last = token
    guard templates.isEmpty else { return }
    tokens.append(token)
    ends.append(index)
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
      case UInt8(ascii: "`"):
        index += 1
        template(isPlain: true)
      case UInt8(ascii: "=") where self.byte(at: 1) == UInt8(ascii: ">"):
        emit(.arrow)
        index += 2
      case 48...57: number()
      case _ where Self.isName(byte): name()
      default:
        index += 1
        symbol(byte)
      }
    }
  }

  private mutating func symbol(_ byte: UInt8) {
    let top = templates.count - 1
    if top >= 0, byte == UInt8(ascii: "{") { templates[top] += 1 }
    if top >= 0, byte == UInt8(ascii: "}") {
      templates[top] -= 1
      if templates[top] == 0 {
        // The substitution is over, and the template's text goes on.
        templates.removeLast()
        return template(isPlain: false)
      }
    }
    emit(.symbol(byte))
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
    emit(.name(String(decoding: bytes[start..<index], as: UTF8.self)))
  }

  private mutating func number() {
    while let byte = byte(at: 0), Self.isName(byte) || byte == UInt8(ascii: ".") { index += 1 }
    emit(.value)
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
        emit(.symbol(UInt8(ascii: "/")))
        index += 1
      } else {
        expression()
      }
    }
  }

  /// Whether what came last is a value, so that a slash divides it.
  private var endsOperand: Bool {
    switch last {
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
        emit(.value)
        return
      default: break
      }
    }
    emit(.value)
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
    emit(.string(String(decoding: text, as: UTF8.self)))
  }

  /// Steps over a template's text up to its end or its next substitution.
  ///
  /// - Parameter isPlain: whether it has had no substitution so far.
  private mutating func template(isPlain: Bool) {
    let start = index
    while let byte = byte(at: 0), byte != UInt8(ascii: "`") {
      if byte == UInt8(ascii: "\\") {
        index += 2
      } else if byte == UInt8(ascii: "$"), self.byte(at: 1) == UInt8(ascii: "{") {
        index += 2
        templates.append(1)
        last = .symbol(UInt8(ascii: "{"))
        return
      } else {
        index += 1
      }
    }
    let end = min(index, bytes.count)
    index += 1
    emit(isPlain ? .string(String(decoding: bytes[start..<end], as: UTF8.self)) : .value)
  }
}
