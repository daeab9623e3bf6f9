internal import Core
internal import Release

/// The order of commits, asked of git.
struct GitHistory: CommitHistory {
  /// Where the repository is.
  let folder: String
  /// What git gets to see.
  let environment: [String: String]

  func isAncestor(_ older: String, of newer: String) async -> Bool {
    var environment = environment
    // A partial clone must not go to the network for a commit that it lacks.
    environment["GIT_NO_LAZY_FETCH"] = "1"
    let question = ChildProcess.Specification(
      arguments: ["git", "merge-base", "--is-ancestor", older, newer], environment: environment,
      folder: folder, timeout: .seconds(30))
    // 0 is yes, 1 is no, and everything else that git does not know.
    return (try? await ChildProcess.run(question) { _, _ in })?.isSuccess ?? false
  }
}
