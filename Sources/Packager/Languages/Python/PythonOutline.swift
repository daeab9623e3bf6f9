import Glibc

/// The logical lines of a Python source that can import something or be a handler; all others are stepped over without
/// being cut into tokens.
///
/// Most of a source's bytes are the bodies of functions. What decides here is the shape of a line: a place that may
/// matter holds `import`, a handler's usual name, or begins a function at the top level that takes an event. Behind the
/// last such place nothing is looked at; before it only quotes, brackets, comments and ends of lines are, by the rules of
/// ``PythonTokenizer``, so that what stands inside of a string stays there.
struct PythonOutline {
  /// The lines that matter, as they are written: as source they have the same imports and handlers.
  let source: [UInt8]

  init(_ source: [UInt8]) {
    self.source = source.withUnsafeBufferPointer { bytes in
      let places = Self.places(in: bytes)
      guard let last = places.last else { return [] }
      var scan = LineScan(bytes: bytes)
      var kept = Kept()
      var next = 0
      while scan.start <= last, let line = scan.nextLine() {
        while next < places.count, places[next] < line.start { next += 1 }
        let matters = next < places.count && places[next] < line.end
        let isFlush = line.start == line.lineStart
        let text = bytes[line.lineStart..<line.end]
        if isFlush, bytes[line.start] == UInt8(ascii: "@") {
          kept.decorate(text)
        } else if matters {
          kept.take(text, isFlush: isFlush)
        } else {
          kept.pass(opensBlock: isFlush ? Self.opensBlock(bytes, line) : nil)
        }
      }
      return kept.source
    }
  }

  /// The lines that matter, and as much of the others as decides about them: whether what is indented below a line at the
  /// top level belongs to the top level.
  private struct Kept {
    private(set) var source: [UInt8] = []
    /// Decorators that stand over what comes next.
    private var decorators: [UInt8] = []
    /// Whether the last line at the top level that was passed opens a block of it; nil where none was passed since the
    /// last one that was taken.
    private var passed: Bool?

    mutating func decorate(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
      decorators += text
      decorators.append(UInt8(ascii: "\n"))
    }

    mutating func take(_ text: Slice<UnsafeBufferPointer<UInt8>>, isFlush: Bool) {
      if let passed, !isFlush { source += (passed ? "if _:\n" : "_\n").utf8 }
      passed = nil
      source += decorators
      decorators = []
      source += text
      source.append(UInt8(ascii: "\n"))
    }

    mutating func pass(opensBlock: Bool?) {
      passed = opensBlock ?? passed
      decorators = []
    }
  }

  /// Whether a line at the top level begins with a word whose block belongs to the top level.
  private static func opensBlock(_ bytes: UnsafeBufferPointer<UInt8>, _ line: LineScan.Line) -> Bool {
    var end = line.start
    while end < line.end, PythonTokenizer.isName(bytes[end]) { end += 1 }
    return blocks.contains { $0.elementsEqual(bytes[line.start..<end]) }
  }

  private static let blocks = PythonModule.blocks.map { Array($0.utf8) }

  /// Where something stands that may matter, in ascending order.
  private static func places(in bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var places: [Int] = []
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { check(3, in: bytes, isLineStart: true, &places) }
    check(0, in: bytes, isLineStart: true, &places)
    guard let base = bytes.baseAddress else { return places }
    let width = 32
    var index = 0
    // A group of bytes at a time; most groups hold nothing. Two bytes of a word at once are zero in the same place of
    // what differs from them. The sums and masks of vectors are those of the processor; their comparisons in the standard
    // library take forty times as long.
    while index + width + 5 <= bytes.count {
      let raw = UnsafeRawPointer(base + index)
      let first = raw.loadUnaligned(as: Words.self)
      let second = (raw + 1).loadUnaligned(as: Words.self)
      let sixth = (raw + 5).loadUnaligned(as: Words.self)
      let isImport = (first ^ every("i")) | (sixth ^ every("t"))
      let isHandle = (first ^ every("h")) | (sixth ^ every("e"))
      let isLine = first ^ every("\n")
      let found =
        zeros(isImport) | zeros(isHandle) | zeros(isLine | (second ^ every("d")))
        | zeros(isLine | (second ^ every("a"))) | zeros(isLine | (second ^ every("m")))
      if found[0] | found[1] | found[2] | found[3] != 0 {
        for word in 0..<4 {
          var marks = UInt64(littleEndian: found[word])
          while marks != 0 {
            let offset = index + word * 8 + marks.trailingZeroBitCount / 8
            check(offset, in: bytes, isLineStart: false, &places)
            marks &= marks &- 1
          }
        }
      }
      index += width
    }
    while index < bytes.count {
      check(index, in: bytes, isLineStart: false, &places)
      index += 1
    }
    return places
  }

  private typealias Words = SIMD4<UInt64>

  /// Words of eight times the same byte.
  @inline(__always)
  private static func every(_ byte: Unicode.Scalar) -> Words {
    Words(repeating: 0x0101_0101_0101_0101 &* UInt64(byte.value))
  }

  /// A bit for every byte of a word that is 0, and at most for others that follow such a one.
  @inline(__always)
  private static func zeros(_ words: Words) -> Words {
    (words &- Words(repeating: 0x0101_0101_0101_0101)) & ~words & Words(repeating: 0x8080_8080_8080_8080)
  }

  /// Notes the byte at `index`, or the one behind it where that begins a line, if something begins there.
  private static func check(
    _ index: Int, in bytes: UnsafeBufferPointer<UInt8>, isLineStart: Bool, _ places: inout [Int]
  ) {
    guard index < bytes.count else { return }
    switch bytes[index] {
    case UInt8(ascii: "i"): if has("import", at: index, in: bytes) { places.append(index) }
    case UInt8(ascii: "h"): if has("handle", at: index, in: bytes) { places.append(index) }
    case UInt8(ascii: "\n"): if mayBeHandler(at: index + 1, in: bytes) { places.append(index + 1) }
    default: if isLineStart, mayBeHandler(at: index, in: bytes) { places.append(index) }
    }
  }

  private static func has(
    _ word: StaticString, at index: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard index + word.utf8CodeUnitCount <= bytes.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount where word.utf8Start[offset] != bytes[index + offset] {
      return false
    }
    return true
  }

  /// Whether the line that begins at `index` defines a function that takes an event, or something called `main`.
  private static func mayBeHandler(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if has("main", at: index, in: bytes) { return true }
    guard has("def", at: index, in: bytes) || has("async", at: index, in: bytes) else { return false }
    // The first parameter stands before the first bracket that closes.
    let head = UnsafeBufferPointer(rebasing: bytes[index..<min(bytes.count, index + longestHead)])
    guard let base = head.baseAddress else { return false }
    let close = memchr(base, Int32(UInt8(ascii: ")")), head.count).map {
      UnsafeRawPointer($0) - UnsafeRawPointer(base)
    }
    // One that is longer is looked at, rather than searched for its end.
    guard close != nil || head.count < longestHead else { return true }
    for place in 0..<(close ?? head.count) {
      switch head[place] {
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        if place + 1 < head.count, head[place + 1] | 0x20 == UInt8(ascii: "v") { return true }
      case UInt8(ascii: "m"): if has("main", at: index + place, in: bytes) { return true }
      default: break
      }
    }
    return false
  }

  private static let longestHead = 4_096
}

/// Steps from one logical line of Python to the next.
private struct LineScan {
  struct Line {
    /// Where the physical line begins that it starts on.
    let lineStart: Int
    /// Its first token.
    let start: Int
    /// Behind its last byte.
    let end: Int
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var lineStart = 0

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      index = 3
      lineStart = 3
    }
  }

  /// Where the scan stands.
  var start: Int { index }

  private func byte(at offset: Int) -> UInt8? {
    index + offset < bytes.count ? bytes[index + offset] : nil
  }

  /// The next line that holds a token; nil behind the last.
  mutating func nextLine() -> Line? {
    var first: (lineStart: Int, start: Int)?
    var depth = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\n"):
        if depth == 0, let first {
          let line = Line(lineStart: first.lineStart, start: first.start, end: index)
          index += 1
          lineStart = index
          return line
        }
        index += 1
        lineStart = index
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C: index += 1
      case UInt8(ascii: "#"): while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "\\"):
        index += 1
        if self.byte(at: 0) == UInt8(ascii: "\r") { index += 1 }
        if self.byte(at: 0) == UInt8(ascii: "\n") {
          index += 1
          lineStart = index
        }
      default:
        if first == nil { first = (lineStart, index) }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): string()
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
          depth += 1
          index += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
          depth = max(0, depth - 1)
          index += 1
        default: index += 1
        }
      }
    }
    return first.map { Line(lineStart: $0.lineStart, start: $0.start, end: bytes.count) }
  }

  /// Steps over the string whose opening quote is at ``index``.
  private mutating func string() {
    let end = PythonString.end(in: bytes, from: index)
    index = end.index
    lineStart = end.lineStart ?? lineStart
  }
}

/// Where strings of Python end.
enum PythonString {
  /// Steps over the string whose opening quote is at `start`: to behind its closing quote, to the end of the line of a plain
  /// one that has none, so that the rest of a broken file is still read, or to the end of the bytes. A backslash hides
  /// the next byte in raw strings as well.
  ///
  /// - Returns: the place behind it, and where the last line begins that begins in it.
  static func end(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (index: Int, lineStart: Int?) {
    let quote = bytes[start]
    let isTriple = start + 2 < bytes.count && bytes[start + 1] == quote && bytes[start + 2] == quote
    var index = start + (isTriple ? 3 : 1)
    var lineStart: Int?
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        index += 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "\n") { lineStart = index + 1 }
        index += 1
      } else if byte == UInt8(ascii: "\n") {
        guard isTriple else { return (index, lineStart) }
        index += 1
        lineStart = index
      } else if byte == quote {
        guard isTriple else { return (index + 1, lineStart) }
        if index + 2 < bytes.count, bytes[index + 1] == quote, bytes[index + 2] == quote {
          return (index + 3, lineStart)
        }
        index += 1
      } else {
        index += 1
      }
    }
    // An escape may stand for what is not there any more.
    return (min(index, bytes.count), lineStart)
  }
}
