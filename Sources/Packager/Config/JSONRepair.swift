internal import Core

/// Makes JSON of a text that nearly is: a comma too many or too few, a comment, a line that makes no sense.
///
/// For commands that must work whatever somebody has just typed into a file. Every edit is made at the place of the first
/// fault and kept only if it moves that place on; nothing that would change what belongs to what is tried.
struct JSONRepair {
  private var bytes: [UInt8]
  /// Keys on lines that were left out: what they say is not known.
  private(set) var lost: Set<String> = []

  /// Faults that a text may have and still be read.
  private static let limit = 32

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// What the text says; nil when that cannot be told.
  mutating func node() -> JSONNode? {
    var fault = Self.fault(in: bytes)
    for _ in 0..<Self.limit {
      guard let current = fault else { return try? JSONNode(parsing: bytes) }
      let edits = edits(at: current)
      guard let edit = edits.first(where: { Self.isLater(Self.fault(in: $0.bytes), than: current) }) else {
        return nil
      }
      bytes = edit.bytes
      lost.formUnion(edit.lost)
      fault = Self.fault(in: bytes)
    }
    return nil
  }

  private struct Edit {
    let bytes: [UInt8]
    var lost: Set<String> = []
  }

  private static func fault(in bytes: [UInt8]) -> JSONNode.Position? {
    do throws(JSONSyntaxError) {
      _ = try JSONNode(parsing: bytes)
      return nil
    } catch {
      return error.position
    }
  }

  private static func isLater(_ fault: JSONNode.Position?, than other: JSONNode.Position) -> Bool {
    guard let fault else { return true }
    return (fault.line, fault.column) > (other.line, other.column)
  }

  /// What could be meant, the smallest change first.
  private func edits(at position: JSONNode.Position) -> [Edit] {
    guard let line = line(position.line), let place = offset(of: position.column, in: line) else { return [] }
    var edits: [Edit] = []
    let isSpace: (UInt8) -> Bool = { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
    if let before = bytes[..<place].lastIndex(where: { !isSpace($0) }), bytes[before] == UInt8(ascii: ",") {
      edits.append(Edit(bytes: blanked(before..<(before + 1))))
    }
    let rest = bytes[place..<line.upperBound]
    if rest.starts(with: "//".utf8) {
      edits.append(Edit(bytes: blanked(place..<line.upperBound)))
    } else if rest.starts(with: "/*".utf8), let end = bytes[place...].firstRange(of: Array("*/".utf8)) {
      edits.append(Edit(bytes: blanked(place..<end.upperBound)))
    } else if rest.first == UInt8(ascii: "\"") {
      edits.append(Edit(bytes: bytes[..<place] + [UInt8(ascii: ",")] + bytes[place...]))
    }
    if let blank = withoutLine(line) { edits.append(blank) }
    return edits
  }

  /// The text without the line, which must open and close nothing.
  private func withoutLine(_ line: Range<Int>) -> Edit? {
    let text = bytes[line]
    let brackets = Array("{}[]".utf8)
    guard !text.isEmpty, !text.contains(where: brackets.contains) else { return nil }
    let parts = String(decoding: text, as: UTF8.self).split(separator: "\"", omittingEmptySubsequences: false)
    return Edit(bytes: blanked(line), lost: Set(parts.dropFirst().map(String.init)))
  }

  /// The text with spaces in a place, so that all others keep their lines and columns.
  private func blanked(_ range: Range<Int>) -> [UInt8] {
    var copy = bytes
    for index in range where copy[index] != 10 { copy[index] = 32 }
    return copy
  }

  /// Where a line, counted from 1, is, without its line break.
  private func line(_ number: Int) -> Range<Int>? {
    var start = 0
    for _ in 1..<max(1, number) {
      guard let end = bytes[start...].firstIndex(of: 10) else { return nil }
      start = end + 1
    }
    return start..<(bytes[start...].firstIndex(of: 10) ?? bytes.count)
  }

  /// The byte at a column, counted in characters from 1.
  private func offset(of column: Int, in line: Range<Int>) -> Int? {
    var left = column - 1
    var index = line.lowerBound
    if line.lowerBound == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    while left > 0, index < line.upperBound {
      index += 1
      // Continuation bytes of UTF-8 do not begin a character.
      while index < line.upperBound, bytes[index] & 0xC0 == 0x80 { index += 1 }
      left -= 1
    }
    return left == 0 ? index : nil
  }
}
