/// How one commit stands to another in the history.
package enum CommitOrder: Hashable, Sendable {
  /// It is among the commits that the other was made from.
  case older
  /// It is not, as far as the whole history that is here says.
  case notOlder
  /// The history that is here ends before it says.
  ///
  /// - Parameter fetch: the command that gets the rest of it.
  case unknown(fetch: String)
}

/// Knows the order of commits.
package protocol CommitHistory: Sendable {
  /// How `commit` stands to `other`. Without git, and for a commit that a whole clone does not have, it is
  /// ``CommitOrder/notOlder``.
  ///
  /// - Parameters: hexadecimal digits, perhaps not all of them.
  func order(of commit: String, to other: String) async -> CommitOrder
}
