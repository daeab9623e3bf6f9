/// What `rollback --to` goes back to.
enum RollbackTarget: Hashable, ParameterValue {
  /// A published version of Lambda: `41`.
  case version(String)
  /// A commit, or the beginning of one, of at least seven digits: `3f2a1c9`.
  case commit(String)
  /// The id of a release: `20261121T054900Z-3f2a1c9`.
  case release(String)

  init(argument: String) throws(ValueError) {
    let text = argument.lowercased()
    if Self.isRelease(argument) {
      self = .release(argument)
    } else if (1...6).contains(text.count), text.allSatisfy(Self.isDigit), !text.hasPrefix("0") {
      // Seven digits and more are a commit that happens to have no letter: one in thirty short ones does,
      // while no function has a million versions.
      self = .version(text)
    } else if (7...64).contains(text.count), text.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
      self = .commit(text)
    } else {
      throw ValueError(
        "'\(argument)' is no version, commit or release: write for example 41, 3f2a1c9 or 20261121T054900Z-3f2a1c9"
      )
    }
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func isRelease(_ text: String) -> Bool {
    let halves = text.split(separator: "-", maxSplits: 1)
    guard halves.count == 2 else { return false }
    let time = Array(halves[0])
    return time.count == 16 && time[8] == "T" && time[15] == "Z"
      && (time[..<8] + time[9..<15]).allSatisfy(isDigit)
  }
}
