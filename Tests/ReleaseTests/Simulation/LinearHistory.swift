import Core
import Release

/// Commits one after the other, as git knows them.
final class LinearHistory: CommitHistory {
  private let state = Lock<(commits: [String], questions: Int, isShallow: Bool)>(([], 0, false))

  /// Makes the commits known, the oldest first.
  func set(_ commits: [String]) { state.withLock { $0.commits = commits } }

  /// How often git was asked.
  var questions: Int { state.withLock { $0.questions } }

  /// From now on the history ends where the known commits do.
  func cut() { state.withLock { $0.isShallow = true } }

  func order(of commit: String, to other: String) async -> CommitOrder {
    state.withLock { state in
      state.questions += 1
      guard let first = state.commits.firstIndex(of: commit), let second = state.commits.firstIndex(of: other)
      else { return state.isShallow ? .unknown(fetch: "git fetch --unshallow") : .notOlder }
      return first < second ? .older : .notOlder
    }
  }
}
