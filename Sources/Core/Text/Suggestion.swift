/// "Did you mean": the nearest known word to a mistyped one.
package enum Suggestion {
  /// Nobody mistypes a longer word, and the distance costs the product of both lengths.
  private static let longest = 256

  /// The candidate with the smallest optimal-string-alignment distance to `word`, if that is at most
  /// a third of the longer of the two (and at least one edit is allowed); the first such on a tie. Nothing is near a word
  /// of more than 256 characters.
  package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    guard word.utf8.prefix(longest * 4 + 1).count <= longest * 4, word.count <= longest else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate.count <= longest {
      let limit = max(1, max(word.count, candidate.count) / 3)
      let found = distance(Array(word.lowercased()), Array(candidate.lowercased()))
      if found <= limit, found < best?.distance ?? .max { best = (candidate, found) }
    }
    return best?.candidate
  }

  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var previous: [Int] = []
    var current = Array(0...b.count)
    for i in a.indices {
      let beforePrevious = previous
      previous = current
      current[0] = i + 1
      for j in b.indices {
        let substitution = previous[j] + (a[i] == b[j] ? 0 : 1)
        current[j + 1] = min(substitution, previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          current[j + 1] = min(current[j + 1], beforePrevious[j - 1] + 1)
        }
      }
    }
    return current[b.count]
  }
}
