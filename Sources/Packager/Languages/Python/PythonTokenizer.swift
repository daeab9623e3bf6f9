/// A piece of Python source. Comments, white space and line breaks inside brackets are not handed out.
enum PythonToken: Hashable {
  case name(String)
  case string
  case number
  case symbol(UInt8)
  /// The end of a logical line.
  case newline
}

/// Cuts Python source into tokens over its bytes.
struct PythonTokenizer {
  /// A token with the column and the byte it begins at, and whether it is the first of its logical line.
  struct Located {
    let token: PythonToken
    let column: Int
    let offset: Int
    let startsLine: Bool
  }

  private let bytes: [UInt8]
  private var index = 0
  private var lineStart = 0
  private var depth = 0
  private var startsLine = true
  private var tokens: [Located] = []

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      index = 3
      lineStart = 3
    }
  }

  /// All tokens of `source`.
  static func tokens(of source: [UInt8]) -> [Located] {
    var tokenizer = PythonTokenizer(source)
    tokenizer.run()
    return tokenizer.tokens
  }

  private func byte(at offset: Int) -> UInt8? {
    index + offset < bytes.count ? bytes[index + offset] : nil
  }

  private mutating func emit(_ token: PythonToken, at start: Int) {
    tokens.append(
      Located(token: token, column: start - lineStart, offset: start, startsLine: startsLine))
    startsLine = false
  }

  private mutating func lineBreak() {
    if depth == 0, !startsLine {
      emit(.newline, at: index)
      startsLine = true
    }
    index += 1
    lineStart = index
  }

  private mutating func run() {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\n"): lineBreak()
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C: index += 1
      case UInt8(ascii: "#"): while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "\\"): skipContinuation()
      case UInt8(ascii: "\""), UInt8(ascii: "'"): string(from: index)
      case _ where Self.isName(byte): name()
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        emit(.symbol(byte), at: index)
        depth += 1
        index += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth = max(0, depth - 1)
        emit(.symbol(byte), at: index)
        index += 1
      default:
        emit(.symbol(byte), at: index)
        index += 1
      }
    }
    if !startsLine { emit(.newline, at: index) }
  }

  private mutating func skipContinuation() {
    index += 1
    if byte(at: 0) == UInt8(ascii: "\r") { index += 1 }
    if byte(at: 0) == UInt8(ascii: "\n") {
      index += 1
      lineStart = index
    }
  }

  static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 95, 97...122, 128...: true
    default: false
    }
  }

  private mutating func name() {
    let start = index
    while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    let next = byte(at: 0)
    let isPrefix = text.utf8.count <= 2 && text.lowercased().allSatisfy { "rbfut".contains($0) }
    if isPrefix, next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
      string(from: start)
    } else if (48...57).contains(bytes[start]) {
      emit(.number, at: start)
    } else {
      emit(.name(text), at: start)
    }
  }

  /// Steps over a string whose opening quote is at ``index``.
  private mutating func string(from start: Int) {
    emit(.string, at: start)
    let end = bytes.withUnsafeBufferPointer { PythonString.end(in: $0, from: index) }
    index = end.index
    lineStart = end.lineStart ?? lineStart
  }
}
