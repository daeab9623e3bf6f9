/// `package.exclude`: patterns of files, and of folders with all below, to leave out.
struct ExcludeRules {
  private let rules: IgnoreRules
  private let folder: String

  init(_ patterns: [String], folder: String) {
    self.folder = folder
    rules = IgnoreRules(patterns: patterns, file: "package.exclude", folder: folder)
  }

  func removes(_ path: String) -> Bool {
    guard !rules.rules.isEmpty else { return false }
    var current = path
    var isFolder = false
    while current != folder, !current.isEmpty {
      if let rule = rules.match(current, isFolder: isFolder), !rule.isNegated { return true }
      current = RootPath.parent(current)
      isFolder = true
    }
    return false
  }
}
