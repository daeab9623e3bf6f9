internal import Core

/// What a repository's `.git` says about the checkout, read without running git.
struct GitCheckout: Equatable, Sendable {
  /// The folder of the work tree.
  let root: String
  /// The commit that is checked out; nil before the first one, and in a format that only git can read.
  let commit: String?
  /// The branch; nil when HEAD is detached, as in most CI systems.
  let branch: String?

  /// Looks for `.git` in `folder` and the folders above it; nil outside of any repository.
  init?(around folder: String) {
    var root = folder
    while !Files.exists(root + "/.git") {
      guard let slash = root.lastIndex(of: "/") else { return nil }
      root = String(root[..<slash])
    }
    guard let store = GitStore(root: root), let head = store.text("HEAD") else { return nil }
    self.root = root.isEmpty ? "/" : root
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
    var environment = environment
    // A status must not take the lock that a git command of the user may be waiting for.
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    let hasChanges = Lock(false)
    let status = ChildProcess.Specification(
      arguments: ["git", "status", "--porcelain", "--", "."], environment: environment,
      folder: folder ?? root,
      timeout: .minutes(1))
    let exit = try? await ChildProcess.run(status) { stream, _ in
      if stream == .output { hasChanges.withLock { $0 = true } }
    }
    return exit?.isSuccess == true ? hasChanges.withLock { $0 } : nil
  }
}

/// The files of a `.git` folder, be it that of a clone, a linked worktree or a submodule.
private struct GitStore {
  /// Where HEAD is.
  let folder: String
  /// Where branches and packed references are; the same but in a linked worktree.
  let common: String

  init?(root: String) {
    var folder = root + "/.git"
    if !Files.isFolder(folder) {
      // A file in a linked worktree or a submodule: `gitdir: PATH` (gitrepository-layout).
      guard let link = Self.read(folder), link.hasPrefix("gitdir: ") else { return nil }
      folder = Self.resolve(String(link.dropFirst(8)), from: root)
    }
    self.folder = folder
    common = Self.read(folder + "/commondir").map { Self.resolve($0, from: folder) } ?? folder
  }

  func text(_ name: String) -> String? { Self.read("\(folder)/\(name)") }

  /// The commit that a reference leads to, over symbolic references as git follows them: at most five.
  func commit(of reference: String) -> String? {
    var reference = reference
    for _ in 0..<5 {
      guard let text = text(reference) ?? Self.read("\(common)/\(reference)") else {
        return packed(reference)
      }
      guard let next = Self.target(of: text) else { return Self.isObject(text) ? text : nil }
      reference = next
    }
    return nil
  }

  /// The name in `ref: NAME`; nil for a commit.
  static func target(of text: String) -> String? {
    text.hasPrefix("ref:") ? String(text.dropFirst(4).drop { $0 == " " }) : nil
  }

  private func packed(_ reference: String) -> String? {
    let lines = Self.read("\(common)/packed-refs")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasSuffix(" " + reference) }
    return line.map { String($0.prefix { $0 != " " }) }.flatMap { Self.isObject($0) ? $0 : nil }
  }

  private static func isObject(_ text: String) -> Bool {
    (text.count == 40 || text.count == 64) && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  private static func read(_ path: String) -> String? {
    guard let bytes = try? Files.read(path, limit: 64 << 20) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return String(text.reversed().drop { $0.isNewline || $0 == " " }.reversed())
  }

  private static func resolve(_ path: String, from folder: String) -> String {
    path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }
}
