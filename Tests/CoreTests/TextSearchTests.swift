import Core
import Testing

@Suite("Searches in text")
struct TextSearchTests {
  @Test(
    "words are found where they stand first, whatever the characters beside them",
    arguments: [
      ("a-b-c", "-", 1), ("a-b-c", "b-c", 2), ("a-b-c", "a-b-c", 0), ("a-b-c", "a-b-c-", nil),
      ("a-b-c", "x", nil),
      ("", "x", nil), ("abc", "", 0), ("aab", "ab", 1), ("größe", "ße", 4), ("e\u{301}x", "e", 0),
      ("🇩🇪x", "x", 8),
    ])
  func found(text: String, words: String, offset: Int?) {
    let range = text.firstRange(of: words)
    #expect(range.map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) } == offset)
    #expect(range.map { String(text[$0]) } ?? words == words)
    #expect(text.contains(words) == (offset != nil))
    #expect(Array(text.utf8).contains(Array(words.utf8)) == (offset != nil))
  }

  @Test(
    "a part of a text is searched by itself, and its places are the whole text's",
    arguments: [("--a--b--", "--", 3), ("ab", "a", nil), ("xaxa", "a", 3)])
  func parts(text: String, words: String, offset: Int?) {
    let range = text.dropFirst(2).firstRange(of: words)
    #expect(range.map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) } == offset)
  }

  @Test(
    "what is replaced is not looked at again, and without words nothing is",
    arguments: [
      ("a.b.c", ".", "/", "a/b/c"), ("aaaa", "aa", "a", "aa"), ("abc", "", "x", "abc"), ("", "a", "b", ""),
      ("${x}", "${", "$${", "$${x}"), ("größe", "ö", "oe", "groeße"),
    ])
  func replaced(text: String, words: String, replacement: String, result: String) {
    #expect(text.replacing(words, with: replacement) == result)
  }

  @Test(
    "a text has one piece more than there are words between them, and pieces may be empty",
    arguments: [
      ("a, b, c", ["a", "b", "c"]), (", a, , b, ", ["", "a", "", "b", ""]), ("", [""]), (", ", ["", ""]),
      ("a,b", ["a,b"]),
    ])
  func pieces(text: String, pieces: [String]) {
    #expect(text.pieces(between: ", ").map(String.init) == pieces)
  }

  @Test("a prefix is taken off once, where it is one")
  func prefixes() {
    #expect("__a".trimmingPrefix("_") == "_a")
    #expect("a_".trimmingPrefix("_") == "a_")
    #expect("a".trimmingPrefix("a") == "")
    #expect("K".trimmingPrefix("\u{212A}") == "K", "the sign for kelvin is a K only for people")
  }

  @Test("collections in pieces are searched as arrays are")
  func parted() {
    let bytes = Array("abcabd".utf8)
    let lazy = bytes.lazy.map { $0 }
    #expect(lazy.firstRange(of: "abd".utf8) == 3..<6)
    #expect(bytes.firstRange(of: "abd".utf8.lazy.map { $0 }) == 3..<6)
  }

  @Test("what is found is what a comparison at every place finds")
  func property() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<2000 {
      let text = random.bytes(upTo: 24, letters: 3)
      let words = random.bytes(upTo: 4, letters: 3)
      let slow = (0...max(0, text.count - words.count)).first {
        $0 + words.count <= text.count && Array(text[$0..<($0 + words.count)]) == words
      }
      #expect(text.firstRange(of: words)?.lowerBound == slow)
    }
  }
}

/// xorshift64: the same sequence for the same seed.
private struct SeededRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func bytes(upTo length: UInt64, letters: UInt64) -> [UInt8] {
    (0..<(next() % (length + 1))).map { _ in UInt8(97 + next() % letters) }
  }
}
