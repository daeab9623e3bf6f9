internal import Core

/// `package.exclude`: patterns of files, and of folders with all below, to leave out.
struct ExcludeRules {
  private let rules: IgnoreRules
  private let folder: RepositoryPath

  init(_ patterns: [String], folder: RepositoryPath) {
    self.folder = folder
    rules = IgnoreRules(patterns: patterns, file: "package.exclude", folder: folder)
  }

  func removes(_ path: RepositoryPath) -> Bool {
    guard !rules.rules.isEmpty else { return false }
    var current = path
    var isFolder = false
    while current != folder, !current.isRoot {
      if let rule = rules.match(current, isFolder: isFolder), !rule.isNegated { return true }
      current = current.parent
      isFolder = true
    }
    return false
  }
}
