/// Knows the order of commits.
public protocol CommitHistory: Sendable {
  /// Whether `older` is among the commits that `newer` was made from. False also where nobody can tell: without git,
  /// in a shallow clone, for a commit that is not here.
  ///
  /// - Parameters: hexadecimal digits, perhaps not all of them.
  func isAncestor(_ older: String, of newer: String) async -> Bool
}
