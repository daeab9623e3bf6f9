internal import Core

/// A file pattern as gitignore understands it, matched over the bytes of a path.
///
/// `*` and `?` never match a slash; `**/` in front, `/**` at the end and `/**/` in between span folders; `[a-z]`,
/// `[!a-z]` and `[[:digit:]]` are sets; a backslash takes away the meaning of what follows.
///
/// A match takes at most as many steps as the path has bytes times the pattern has tokens: only the last `*` and the last
/// `**/` that were passed are ever gone back to. A later one makes going back to an earlier one pointless, since what
/// the earlier one could take more of, the later one can take as well.
package struct Glob: Hashable, Sendable {
  private enum Token: Hashable, Sendable {
    case byte(UInt8)
    case any
    case star
    /// `**/`: nothing, or any number of whole folders with the slash after the last.
    case folders
    /// `**` at the end: anything that is left, at least one byte.
    case rest
    case set(members: [ClosedRange<UInt8>], negated: Bool)
  }

  /// The most bytes of a pattern: no path that Linux can use is longer.
  package static let longest = 4_096
  private static let slash = UInt8(ascii: "/")

  private let tokens: [Token]
  /// The pattern as a plain string when it has nothing special.
  private let literal: [UInt8]?

  /// Nil for a pattern that matches nothing: an open bracket, a backslash at the end, more than ``longest`` bytes.
  package init?(_ pattern: some Sequence<UInt8>) {
    let bytes = Array(pattern)
    guard bytes.count <= Self.longest else { return nil }
    var tokens: [Token] = []
    var index = 0
    while index < bytes.count {
      guard let (token, end) = Self.token(in: bytes, at: index) else { return nil }
      tokens.append(token)
      index = end
    }
    self.tokens = tokens
    let plain = tokens.compactMap { token -> UInt8? in if case .byte(let byte) = token { byte } else { nil } }
    literal = plain.count == tokens.count ? plain : nil
  }

  /// The token that begins at `index`, and where the next one does; nil for what makes the pattern match nothing.
  private static func token(in bytes: [UInt8], at index: Int) -> (Token, Int)? {
    switch bytes[index] {
    case UInt8(ascii: "\\"): return index + 1 < bytes.count ? (.byte(bytes[index + 1]), index + 2) : nil
    case UInt8(ascii: "?"): return (.any, index + 1)
    case UInt8(ascii: "["): return set(in: bytes, from: index + 1)
    case UInt8(ascii: "*"):
      var end = index
      while end < bytes.count, bytes[end] == UInt8(ascii: "*") { end += 1 }
      let startsPart = index == 0 || bytes[index - 1] == slash
      guard end - index == 2, startsPart else { return (.star, end) }
      if end == bytes.count { return (.rest, end) }
      return bytes[end] == slash ? (.folders, end + 1) : (.star, end)
    default: return (.byte(bytes[index]), index + 1)
    }
  }

  private static func set(in bytes: [UInt8], from start: Int) -> (Token, Int)? {
    var index = start
    var negated = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "^") {
      negated = true
      index += 1
    }
    var members: [ClosedRange<UInt8>] = []
    var isFirst = true
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "]"), !isFirst {
        return (.set(members: members, negated: negated), index + 1)
      }
      isFirst = false
      if bytes[index...].starts(with: "[:".utf8),
        let end = bytes[(index + 2)...].prefix(longestClass + 2).firstRange(of: Array(":]".utf8))
      {
        guard let ranges = classes[String(decoding: bytes[(index + 2)..<end.lowerBound], as: UTF8.self)]
        else {
          return nil
        }
        members += ranges
        index = end.upperBound
        continue
      }
      if bytes[index] == UInt8(ascii: "\\") { index += 1 }
      guard index < bytes.count else { return nil }
      let low = bytes[index]
      index += 1
      guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "-"), bytes[index + 1] != UInt8(ascii: "]")
      else {
        members.append(low...low)
        continue
      }
      index += bytes[index + 1] == UInt8(ascii: "\\") ? 2 : 1
      guard index < bytes.count else { return nil }
      if low <= bytes[index] { members.append(low...bytes[index]) }
      index += 1
    }
    return nil
  }

  private static let classes: [String: [ClosedRange<UInt8>]] = [
    "digit": [48...57], "alpha": [65...90, 97...122], "alnum": [48...57, 65...90, 97...122],
    "upper": [65...90],
    "lower": [97...122], "space": [9...13, 32...32], "xdigit": [48...57, 65...70, 97...102],
    "blank": [9...9, 32...32], "cntrl": [0...31, 127...127], "graph": [33...126], "print": [32...126],
    "punct": [33...47, 58...64, 91...96, 123...126],
  ]
  private static let longestClass = 6

  /// Whether the whole of `text` matches.
  package func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0) }
  }

  /// Whether all of `bytes` match.
  func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if let literal { return bytes.elementsEqual(literal) }
    var index = 0
    var position = 0
    // Where to go on when nothing fits: the token after the last star and the byte that the star takes next; the same
    // for folders.
    var star: (position: Int, index: Int)?
    var folders: (position: Int, index: Int)?
    while true {
      if position == tokens.count {
        if index == bytes.count { return true }
      } else {
        switch tokens[position] {
        case .rest: if index < bytes.count { return true }
        case .star:
          position += 1
          star = (position, index)
          continue
        case .folders:
          position += 1
          folders = (position, index)
          // A star before it lies in a part that has been matched.
          star = nil
          continue
        case let token:
          if index < bytes.count, Self.fits(bytes[index], token) {
            index += 1
            position += 1
            continue
          }
        }
      }
      if let last = star, last.index < bytes.count, bytes[last.index] != Self.slash {
        star = (last.position, last.index + 1)
        (position, index) = (last.position, last.index + 1)
      } else if let last = folders, let slash = bytes[last.index...].firstIndex(of: Self.slash) {
        star = nil
        folders = (last.position, slash + 1)
        (position, index) = (last.position, slash + 1)
      } else {
        return false
      }
    }
  }

  private static func fits(_ byte: UInt8, _ token: Token) -> Bool {
    switch token {
    case .byte(let wanted): byte == wanted
    case .any: byte != slash
    case .set(let members, let negated): byte != slash && members.contains { $0.contains(byte) } != negated
    case .star, .folders, .rest: false
    }
  }
}
