internal import AWSClient

/// What a person's alias is to name.
package enum TemporaryAliasTarget: Hashable, Sendable {
  /// The version on trial in the environment.
  case canary
  /// A version of this number.
  case version(String)
  /// The newest version that was made of a commit with this beginning.
  case commit(String)
  /// The version that a release made.
  case release(ReleaseID)

  /// The same, among published versions; nil for what the environment's alias tells.
  var destination: RollbackDestination? {
    switch self {
    case .canary: nil
    case .version(let number): .version(number)
    case .commit(let beginning): .commit(beginning)
    case .release(let release): .release(release)
    }
  }

  /// What was asked for, in words.
  var words: String {
    switch self {
    case .canary: "a version on trial"
    case .version(let number): "a version \(number)"
    case .commit(let beginning): "a version of the commit \(beginning)"
    case .release(let release): "a version of the release \(release)"
    }
  }
}
