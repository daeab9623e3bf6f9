internal import Core
internal import Release

/// The order of commits, asked of git.
struct GitHistory: CommitHistory {
  /// Where the repository is.
  let folder: String
  /// What git gets to see.
  let environment: [String: String]

  func isAncestor(_ older: String, of newer: String) async -> Bool {
    guard Self.isCommit(older), Self.isCommit(newer), let checkout = GitCheckout(around: folder) else {
      return false
    }
    let git = Git(workTree: checkout.root, store: checkout.store, environment: environment)
    // 0 is yes, 1 is no, and everything else that git does not know.
    let answer = await git.run(
      ["merge-base", "--is-ancestor", older, newer], in: checkout.root, limit: .seconds(30))
    return answer?.exit.isSuccess ?? false
  }

  /// Whether `text` is a commit's id or the beginning of one, and no option of git.
  private static func isCommit(_ text: String) -> Bool {
    (4...64).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }
}
