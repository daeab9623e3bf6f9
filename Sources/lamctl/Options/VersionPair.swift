/// Two versions to compare: `41..42`, the one that served and the one that was on trial.
struct VersionPair: Hashable, ParameterValue {
  /// The version that served before.
  let stable: String
  /// The version on trial.
  let canary: String

  init(argument: String) throws(ValueError) {
    let halves = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count == 3, halves[1].isEmpty, Self.isVersion(halves[0]), Self.isVersion(halves[2]) else {
      throw ValueError("'\(argument)' is no pair of versions: write for example 41..42, the older one first")
    }
    guard halves[0] != halves[2] else { throw ValueError("'\(argument)' is the same version twice") }
    stable = String(halves[0])
    canary = String(halves[2])
  }

  private static func isVersion(_ text: Substring) -> Bool {
    !text.isEmpty && text.first != "0" && text.utf8.allSatisfy { (48...57).contains($0) }
  }
}
