internal import Core
internal import Release

/// The order of commits, asked of git.
struct GitHistory: CommitHistory {
  /// Where the repository is.
  let folder: String
  /// What git gets to see.
  let environment: [String: String]

  func order(of commit: String, to other: String) async -> CommitOrder {
    guard Self.isCommit(commit), Self.isCommit(other), let checkout = GitCheckout(around: folder) else {
      return .notOlder
    }
    if await isAncestor(commit, of: other, in: checkout) == true { return .older }
    guard checkout.store.isShallow else { return .notOlder }
    // What is here may lack the commits between; that ours follows the other one is certain where it is seen.
    if await isAncestor(other, of: commit, in: checkout) == true { return .notOlder }
    return .unknown(fetch: "git fetch --unshallow")
  }

  /// nil where git does not know one of them, or is missing.
  private func isAncestor(_ older: String, of newer: String, in checkout: GitCheckout) async -> Bool? {
    let git = Git(workTree: checkout.root, store: checkout.store, environment: environment)
    // 0 is yes, 1 is no, and everything else that git does not know.
    let answer = await git.run(
      ["merge-base", "--is-ancestor", older, newer], in: checkout.root, limit: .seconds(30))
    switch answer?.exit {
    case .code(0): return true
    case .code(1): return false
    default: return nil
    }
  }

  /// Whether `text` is a commit's id or the beginning of one, and no option of git.
  private static func isCommit(_ text: String) -> Bool {
    (4...64).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }
}
