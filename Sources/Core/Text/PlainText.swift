/// Text that shows what it says: nothing in it moves a cursor, rings, hides or turns the order of what is beside it.
package enum PlainText {
  /// Whether `scalar` acts on the display instead of showing: controls of C0 and C1 (ECMA-48), the marks and embeddings
  /// of the bidirectional algorithm (UAX 9), separators of lines and paragraphs, tags and characters without width.
  package static func isHidden(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200b, 0x200e...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff,
      0xfff9...0xfffb, 0xe0000...0xe007f:
      true
    default: false
    }
  }

  /// `text` as one line without hidden characters: controls become blanks.
  package static func line(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return String(text) }
    var result = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    var pending = scalars.next()
    while let scalar = pending {
      pending = scalars.next()
      if scalar == "\u{1B}" {
        guard pending == "[" else { continue }
        // A control sequence ends with a byte from @ to ~ (ECMA-48, section 5.4).
        repeat { pending = scalars.next() } while pending.map { !(0x40...0x7E).contains($0.value) } ?? false
        pending = scalars.next()
      } else if !isHidden(scalar) {
        result.append(scalar)
      } else if scalar.properties.generalCategory == .control {
        result.append(" ")
      }
    }
    return String(result)
  }
}
