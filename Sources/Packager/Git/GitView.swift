internal import Core

/// What git says about paths below a root: that of the work tree around it, and of those inside it (submodules), each
/// read once a run.
final class GitView: Sendable {
  /// Absolute path.
  private let root: String
  private let known = Lock<[RepositoryPath: GitScope?]>([:])

  /// Looks from the folder at the absolute path `root`.
  init(root: String) {
    self.root = root
  }

  /// What holds at the root: the nearest work tree there or above; nil outside of any.
  func outermost() throws(PackagerError) -> GitScope? {
    try scope(of: .root) { () throws(PackagerError) in
      guard let tree = try GitWorkTree.around(root) else { return nil }
      return try GitScope(tree, above: Self.path(of: root, in: tree.top))
    }
  }

  /// What holds from `folder` on, which has a `.git`; nil when that is no work tree's.
  func scope(at folder: RepositoryPath) throws(PackagerError) -> GitScope? {
    try scope(of: folder) { () throws(PackagerError) in
      guard let tree = try GitWorkTree(top: folder.absolute(in: root)) else { return nil }
      return GitScope(tree, at: folder)
    }
  }

  private func scope(
    of folder: RepositoryPath, _ read: () throws(PackagerError) -> GitScope?
  ) throws(PackagerError) -> GitScope? {
    if let found = known.withLock({ $0[folder] }) { return found }
    let scope = try read()
    known.withLock { $0[folder] = .some(scope) }
    return scope
  }

  /// The path of the absolute `path` from the absolute `top`, which is it or lies above it.
  private static func path(of path: String, in top: String) -> RepositoryPath {
    RepositoryPath(String(Substring(path.utf8.dropFirst(top.utf8.count).drop { $0 == UInt8(ascii: "/") })))
      ?? .root
  }
}

/// One work tree as seen from a root: paths from the root on both sides.
final class GitScope: Sendable {
  /// The rules of `info/exclude` and of the folders above the root, the outermost first.
  let rules: [IgnoreRules]
  private let tracked: GitIndex
  /// What to put in front of paths from the root, where the work tree begins above it.
  private let above: RepositoryPath
  /// What to take off paths from the root, where the work tree begins below it.
  private let below: RepositoryPath

  /// A work tree that begins at `folder` of the root or below it.
  init(_ tree: GitWorkTree, at folder: RepositoryPath) {
    tracked = tree.tracked
    above = .root
    below = folder
    rules =
      (try? IgnoreRules(text: tree.exclude, file: ".git/info/exclude", base: .inside(folder), isGit: true))
      .map { [$0] } ?? []
  }

  /// A work tree that the root lies in, at `above` of its top.
  init(_ tree: GitWorkTree, above: RepositoryPath) throws(PackagerError) {
    tracked = tree.tracked
    self.above = above
    below = .root
    var rules = [
      try IgnoreRules(text: tree.exclude, file: ".git/info/exclude", base: .above(above), isGit: true)
    ]
    var folder = RepositoryPath.root
    let ups = above.components.count
    for (depth, part) in above.components.enumerated() {
      let path = folder.appending(".gitignore").absolute(in: tree.top)
      let file = String(repeating: "../", count: ups - depth) + ".gitignore"
      if let text = try IgnoreRules.text(of: path) {
        rules.append(
          try IgnoreRules(text: text, file: file, base: .above(above.relative(to: folder)), isGit: true))
      }
      folder = folder.appending(part)
    }
    self.rules = rules
  }

  /// Whether the file at `path` is tracked or, for a folder, anything in it.
  func tracks(_ path: RepositoryPath, isFolder: Bool) -> Bool {
    let name = above.appending(path.relative(to: below)).text.utf8
    return isFolder ? tracked.hasFiles(below: name) : tracked.contains(name)
  }
}
