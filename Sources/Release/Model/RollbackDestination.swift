/// Where a rollback is to go.
package enum RollbackDestination: Hashable, Sendable {
  /// A canary ends; else the recorded previous good version.
  case recorded
  /// A version of this number.
  case version(String)
  /// The newest version that was made of a commit with this beginning.
  case commit(String)
  /// The version that a release made.
  case release(ReleaseID)

  /// The version among `versions`, in ascending order, that is meant: the newest that is not in `bad`, which are known
  /// to be bad or on trial, else the newest; nil when there is none.
  func version(
    among versions: [(number: String, origin: VersionProvenance?)], bad: [String] = []
  ) -> String? {
    let meant = versions.filter { version in
      switch self {
      case .recorded: false
      case .version(let number): version.number == number
      case .commit(let beginning):
        version.origin?.commit.map { beginning.hasPrefix($0) || $0.hasPrefix(beginning) } ?? false
      case .release(let release): version.origin?.release == release
      }
    }
    return (meant.last { !bad.contains($0.number) } ?? meant.last)?.number
  }

  /// What it means for a function that it has no such version: it may have no part in a commit or a release, while a
  /// number was meant for it.
  var missing: RollbackStep {
    guard case .version(let number) = self else { return .notInRelease }
    return .noTarget(
      reason: "it has no version \(number)", fix: "name the function with --only, or another version")
  }
}
