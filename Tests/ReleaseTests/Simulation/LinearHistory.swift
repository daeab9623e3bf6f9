import Core
import Release

/// Commits one after the other, as git knows them.
final class LinearHistory: CommitHistory {
  private let state = Lock<(commits: [String], questions: Int)>(([], 0))

  /// Makes the commits known, the oldest first.
  func set(_ commits: [String]) { state.withLock { $0.commits = commits } }

  /// How often git was asked.
  var questions: Int { state.withLock { $0.questions } }

  func isAncestor(_ older: String, of newer: String) async -> Bool {
    state.withLock { state in
      state.questions += 1
      guard let first = state.commits.firstIndex(of: older), let second = state.commits.firstIndex(of: newer)
      else { return false }
      return first < second
    }
  }
}
