internal import Core

/// What a repository's `.git` says about the checkout, read without running git.
struct GitCheckout: Equatable, Sendable {
  /// The folder of the work tree.
  let root: String
  /// The commit that is checked out; nil before the first one, and in a format that only git can read.
  let commit: String?
  /// The branch; nil when HEAD is detached, as in most CI systems.
  let branch: String?
  /// Its `.git`.
  let store: GitStore

  /// Looks for `.git` in `folder` and the folders above it; nil outside of any repository.
  init?(around folder: String) {
    var root = folder
    while !Files.exists(root + "/.git") {
      guard let slash = root.lastIndex(of: "/") else { return nil }
      root = String(root[..<slash])
    }
    guard let store = GitStore(root: root), let head = store.text("HEAD") else { return nil }
    self.root = root.isEmpty ? "/" : root
    self.store = store
    commit = store.commit(of: "HEAD")
    // The reftable format puts this placeholder where old programs look (gitformat-reftable).
    let target = GitStore.target(of: head)
    branch = target.flatMap {
      $0.hasPrefix("refs/heads/") && $0 != "refs/heads/.invalid" ? String($0.dropFirst(11)) : nil
    }
  }

  /// Whether the work tree differs from the commit, by `git status`; nil when git is missing or refuses.
  ///
  /// - Parameters:
  ///   - folder: only what lies below it counts; nil for the whole work tree.
  ///   - environment: what git gets to see.
  func isDirty(below folder: String? = nil, environment: [String: String]) async -> Bool? {
    // Submodules count by the commit they are at: looking into them would go by their own configuration.
    let status = ["status", "--porcelain", "--ignore-submodules=dirty", "--", "."]
    let outcome = await Git(workTree: root, store: store, environment: environment).run(
      status, in: folder ?? root, limit: .minutes(1))
    return outcome?.exit.isSuccess == true ? outcome?.hasOutput : nil
  }
}
