/// A file pattern as gitignore understands it, matched over the bytes of a path.
///
/// `*` and `?` never match a slash; `**/` in front, `/**` at the end and `/**/` in between span folders; `[a-z]`,
/// `[!a-z]` and `[[:digit:]]` are sets; a backslash takes away the meaning of what follows.
public struct Glob: Hashable, Sendable {
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

  private let tokens: [Token]
  /// The pattern as a plain string when it has nothing special.
  private let literal: [UInt8]?

  /// Nil for a pattern that matches nothing: an open bracket or a backslash at the end.
  public init?(_ pattern: some Sequence<UInt8>) {
    let bytes = Array(pattern)
    var tokens: [Token] = []
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\"):
        guard index + 1 < bytes.count else { return nil }
        tokens.append(.byte(bytes[index + 1]))
        index += 2
      case UInt8(ascii: "?"):
        tokens.append(.any)
        index += 1
      case UInt8(ascii: "*"):
        var end = index
        while end < bytes.count, bytes[end] == UInt8(ascii: "*") { end += 1 }
        let startsPart = index == 0 || bytes[index - 1] == UInt8(ascii: "/")
        if end - index == 2, startsPart, end == bytes.count {
          tokens.append(.rest)
        } else if end - index == 2, startsPart, bytes[end] == UInt8(ascii: "/") {
          tokens.append(.folders)
          end += 1
        } else {
          tokens.append(.star)
        }
        index = end
      case UInt8(ascii: "["):
        guard let (set, end) = Self.set(in: bytes, from: index + 1) else { return nil }
        tokens.append(set)
        index = end
      default:
        tokens.append(.byte(bytes[index]))
        index += 1
      }
    }
    self.tokens = tokens
    let plain = tokens.compactMap { token -> UInt8? in if case .byte(let byte) = token { byte } else { nil } }
    literal = plain.count == tokens.count ? plain : nil
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
        let end = bytes[(index + 2)...].firstRange(of: Array(":]".utf8))
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

  /// Whether the whole of `path` matches.
  public func matches(_ path: String) -> Bool {
    var path = path
    return path.withUTF8 { bytes in
      if let literal { return bytes.elementsEqual(literal) }
      return matches(bytes, 0, 0)
    }
  }

  private func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ firstToken: Int) -> Bool {
    let slash = UInt8(ascii: "/")
    var index = start
    var position = firstToken
    while position < tokens.count {
      switch tokens[position] {
      case .byte(let byte):
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
      case .any:
        guard index < bytes.count, bytes[index] != slash else { return false }
        index += 1
      case .set(let members, let negated):
        guard index < bytes.count, bytes[index] != slash,
          members.contains(where: { $0.contains(bytes[index]) }) != negated
        else { return false }
        index += 1
      case .star:
        while true {
          if matches(bytes, index, position + 1) { return true }
          guard index < bytes.count, bytes[index] != slash else { return false }
          index += 1
        }
      case .folders:
        if matches(bytes, index, position + 1) { return true }
        while index < bytes.count {
          index += 1
          if bytes[index - 1] == slash, matches(bytes, index, position + 1) { return true }
        }
        return false
      case .rest:
        return index < bytes.count
      }
      position += 1
    }
    return index == bytes.count
  }
}
