internal import CSystem

// Searches for words in text. The standard library's own are in a module that brings an engine for regular
// expressions along, 1.4 MB of the binary, and compare character by character; these compare bytes, so that a letter
// is found also where an accent follows it.

extension StringProtocol {
  /// Whether `words` stand in this text; none stand everywhere.
  package func contains(_ words: some StringProtocol) -> Bool { utf8.contains(words.utf8) }

  /// Where `words` stand first in this text; nil where they do not. None stand at its start.
  package func firstRange(of words: some StringProtocol) -> Range<Index>? { utf8.firstRange(of: words.utf8) }

  /// This text with `replacement` wherever `words` stand, from its start on; without words it stays as it is.
  package func replacing(_ words: some StringProtocol, with replacement: some StringProtocol) -> String {
    guard !words.isEmpty else { return String(self) }
    var result = ""
    var rest = self[...]
    while let found = rest.firstRange(of: words) {
      result += rest[..<found.lowerBound]
      result += replacement
      rest = rest[found.upperBound...]
    }
    return result + rest
  }

  /// What stands before the first `words`, between each and the next, and after the last, also where that is nothing;
  /// without words the text whole.
  package func pieces(between words: some StringProtocol) -> [SubSequence] {
    guard !words.isEmpty else { return [self[...]] }
    var pieces: [SubSequence] = []
    var rest = self[...]
    while let found = rest.firstRange(of: words) {
      pieces.append(rest[..<found.lowerBound])
      rest = rest[found.upperBound...]
    }
    return pieces + [rest]
  }

  /// This text without `prefix`, where it begins with it.
  package func trimmingPrefix(_ prefix: some StringProtocol) -> SubSequence {
    utf8.starts(with: prefix.utf8) ? self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...] : self[...]
  }
}

extension Collection<UInt8> {
  /// Whether `bytes` stand in these; none stand everywhere.
  package func contains(_ bytes: some Collection<UInt8>) -> Bool { firstRange(of: bytes) != nil }

  /// Where `bytes` stand first in these; nil where they do not. None stand at the start.
  package func firstRange(of bytes: some Collection<UInt8>) -> Range<Index>? {
    let count = bytes.count
    guard count > 0 else { return startIndex..<startIndex }
    let inPlace = withContiguousStorageIfAvailable { all in
      bytes.withContiguousStorageIfAvailable { Self.offset(of: $0, in: all) }
        ?? Array(bytes).withUnsafeBufferPointer { Self.offset(of: $0, in: all) }
    }
    // Storage in pieces is copied once; what was found by then is the same place in it.
    let offset =
      inPlace
      ?? Array(self).withUnsafeBufferPointer { all in
        Array(bytes).withUnsafeBufferPointer { Self.offset(of: $0, in: all) }
      }
    guard let offset else { return nil }
    let start = index(startIndex, offsetBy: offset)
    return start..<index(start, offsetBy: count)
  }

  private static func offset(
    of bytes: UnsafeBufferPointer<UInt8>, in all: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard let base = all.baseAddress, let words = bytes.baseAddress,
      let found = memmem(base, all.count, words, bytes.count)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
