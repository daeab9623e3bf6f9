internal import Core

/// A file or link that a walk found.
struct WalkedFile: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case file
    case link
    /// A folder that holds nothing at all.
    case emptyFolder
  }

  /// From the root.
  let path: RepositoryPath
  let kind: Kind
  /// The rule or pattern that took it, where it was not taken for being there.
  let rule: String?
}

/// Lists the files below a folder, a level of folders at a time on several threads.
///
/// The order of the result is that of the paths' bytes: it depends neither on the file system nor on the threads.
struct TreeWalk: Sendable {
  /// Absolute path of the root.
  let root: String
  /// What git says; with nil no `.gitignore` means anything.
  var git: GitView?
  /// Names of the other ignore files to honour.
  var ignoreFiles: [String] = [".lambdaignore"]
  /// Whether ``DefaultExcludes`` hold.
  var excludesDefaults = true
  /// Patterns of files to take although an ignore rule drops them.
  var include: IgnoreRules?
  /// Folders, from the root, not to enter.
  var skipped: Set<RepositoryPath> = []
  /// Whether a folder of this path is to be entered at all.
  var enters: (@Sendable (_ path: RepositoryPath) -> Bool)?
  /// Names of files whose folders the walk is to remember, whatever any rule says of the files.
  var marks: Set<String> = []
  /// Whether a name that is not UTF-8 is an error where no rule leaves it out; else it is passed over.
  var refusesForeignNames = true
  var workers = Threads.processorCount

  /// What holds in a folder.
  private struct Context: Sendable {
    var rules: [IgnoreRules] = []
    var scope: GitScope?

    /// Goes over to another work tree, to whose files the rules of the outer one mean nothing.
    mutating func enter(_ scope: GitScope) {
      self.scope = scope
      rules = rules.filter { !$0.isGit }
      rules.insert(contentsOf: scope.rules, at: 0)
    }
  }

  private struct Folder: Sendable {
    let path: RepositoryPath
    let context: Context
    let taking: Taking
  }

  /// What is taken of a folder's files.
  private enum Taking {
    /// All that no rule leaves out.
    case all
    /// What git tracks although it ignores the folder, and what ``include`` names.
    case tracked
    /// What ``include`` names.
    case included
  }

  private struct Listing: Sendable {
    /// In byte order.
    var files: [WalkedFile] = []
    var folders: [Folder] = []
    var left: [RepositoryPath] = []
    var isOdd = false
    var marked: [String] = []
    var error: PackagerError?
  }

  /// What a walk has found, and where it did not look.
  struct Found: Sendable {
    /// In byte order.
    var files: [WalkedFile] = []
    /// The folders that ``TreeWalk/enters`` kept it out of, where no rule leaves them out.
    var left: [RepositoryPath] = []
    /// The folders that hold what a walk from another start, or with other names of files, may see in another way: names
    /// that are not UTF-8, files that git tracks although it ignores their folder, another work tree.
    var odd: [RepositoryPath] = []
    /// Which of ``TreeWalk/marks`` are in a folder, of those that have any.
    var marked: [RepositoryPath: [String]] = [:]
  }

  /// The files below `start`.
  func files(below start: RepositoryPath) throws(PackagerError) -> [WalkedFile] {
    try found(below: start).files
  }

  /// The files below `start`, and where the walk did not look.
  func found(below start: RepositoryPath) throws(PackagerError) -> Found {
    var level = [Folder(path: start, context: try context(above: start), taking: .all)]
    var found = Found()
    var lists: [[WalkedFile]] = []
    while !level.isEmpty {
      let current = level
      let results = Lock([Listing](repeating: Listing(), count: current.count))
      Threads.forEach(count: current.count, workers: current.count < 8 ? 1 : workers) { index in
        let listing = list(current[index])
        results.withLock { $0[index] = listing }
      }
      level = []
      for (folder, listing) in zip(current, results.withLock({ $0 })) {
        if let error = listing.error { throw error }
        if !listing.files.isEmpty { lists.append(listing.files) }
        found.left += listing.left
        if listing.isOdd { found.odd.append(folder.path) }
        if !listing.marked.isEmpty { found.marked[folder.path] = listing.marked }
        level += listing.folders
      }
    }
    // The lists of folders in the order of their first files: nearly all of them follow one another as they are.
    lists.sort { $0[0].path < $1[0].path }
    found.files = Array(lists.joined())
    found.files.sort { $0.path < $1.path }
    return found
  }

  /// What the folders above `start` bring along.
  private func context(above start: RepositoryPath) throws(PackagerError) -> Context {
    var context = Context()
    if let scope = try git?.outermost() { context.enter(scope) }
    var folder = RepositoryPath.root
    for part in start.components {
      try add(folder, to: &context, names: nil)
      folder = folder.appending(part)
    }
    return context
  }

  /// Adds the rules of the files in `folder`, and its work tree if it is the top of one.
  ///
  /// - Parameter names: what is in the folder; nil where that is not known.
  private func add(
    _ folder: RepositoryPath, to context: inout Context, names: Set<String>?
  ) throws(PackagerError) {
    let has = { (name: String) in names.map { $0.contains(name) } ?? true }
    if let git, !folder.isRoot, has(".git"), let scope = try git.scope(at: folder) { context.enter(scope) }
    for name in (git == nil ? [] : [".gitignore"]) + ignoreFiles where has(name) {
      let file = folder.appending(name)
      guard let text = try IgnoreRules.text(of: file.absolute(in: root)) else { continue }
      context.rules.append(
        try IgnoreRules(text: text, file: file.text, base: .inside(folder), isGit: name == ".gitignore"))
    }
  }

  /// Why `path` is left out by a rule, if one does that; the folders above it count.
  func explanation(for path: RepositoryPath) throws(PackagerError) -> String? {
    var context = Context()
    if let scope = try git?.outermost() { context.enter(scope) }
    var folder = RepositoryPath.root
    let parts = path.components
    for (index, part) in parts.enumerated() {
      try add(folder, to: &context, names: nil)
      let isFolder = index < parts.count - 1
      if excludesDefaults, let reason = DefaultExcludes.reason(name: part, in: folder, isFolder: isFolder) {
        return reason
      }
      folder = folder.appending(part)
      let rule = context.rules.deciding(folder, isFolder: isFolder, git: context.scope)
      if let rule, !rule.isNegated {
        if let taken = include?.match(path, isFolder: false), !taken.isNegated { return nil }
        return rule.description
      }
    }
    return nil
  }

  private func list(_ folder: Folder) -> Listing {
    var listing = Listing()
    do throws(PackagerError) {
      let entries = try FolderEntry.entries(of: folder.path.absolute(in: root))
      listing.files.reserveCapacity(entries.count)
      if !marks.isEmpty { listing.marked = entries.lazy.map(\.name).filter(marks.contains) }
      // A virtual environment, whatever its name.
      if excludesDefaults, entries.contains(where: { $0.name == "pyvenv.cfg" }) { return listing }
      var context = folder.context
      try add(
        folder.path, to: &context,
        names: Set(entries.lazy.map(\.name).filter { $0.utf8.first == UInt8(ascii: ".") }))
      listing.isOdd =
        folder.taking == .tracked || (!folder.path.isRoot && entries.contains { $0.name == ".git" })
      for entry in entries {
        if let bytes = entry.foreignName {
          listing.isOdd = true
          try checkForeign(entry, bytes, of: folder, context.rules)
        } else {
          add(entry, of: folder, context, to: &listing)
        }
      }
      if entries.isEmpty, !folder.path.isRoot, folder.taking == .all {
        listing.files.append(WalkedFile(path: folder.path, kind: .emptyFolder, rule: nil))
      }
      listing.files.sort { $0.path < $1.path }
    } catch {
      listing.error = error
    }
    return listing
  }

  private func add(_ entry: FolderEntry, of folder: Folder, _ context: Context, to listing: inout Listing) {
    let path = folder.path.appending(entry.name)
    let isFolder = entry.kind == .folder
    guard entry.kind != .other, skipped.isEmpty || !skipped.contains(path) else { return }
    if excludesDefaults, DefaultExcludes.reason(name: entry.name, in: folder.path, isFolder: isFolder) != nil
    {
      return
    }
    let decision = context.rules.deciding(path, isFolder: isFolder, git: context.scope)
    var taking = folder.taking
    if let decision, !decision.isNegated {
      taking = .included
    } else if taking == .tracked, context.scope?.tracks(path, isFolder: isFolder) != true {
      taking = .included
    }
    if isFolder {
      guard taking != .included || include != nil else { return }
      if let enters, !enters(path) {
        listing.left.append(path)
        return
      }
      if taking == .all, isIgnoredByGit(path, context) { taking = .tracked }
      listing.folders.append(Folder(path: path, context: context, taking: taking))
      return
    }
    var rule = decision?.description
    if taking == .included {
      guard let taken = include?.match(path, isFolder: false), !taken.isNegated else { return }
      rule = "package.include: \(taken.text.escaped)"
    }
    listing.files.append(WalkedFile(path: path, kind: entry.kind == .link ? .link : .file, rule: rule))
  }

  /// Whether git's rules alone leave the folder out, whatever is tracked in it.
  private func isIgnoredByGit(_ path: RepositoryPath, _ context: Context) -> Bool {
    context.rules.deciding(path, isFolder: true, git: nil).map { !$0.isNegated && $0.isGit } ?? false
  }

  private func checkForeign(
    _ entry: FolderEntry, _ bytes: [UInt8], of folder: Folder, _ rules: [IgnoreRules]
  ) throws(PackagerError) {
    guard refusesForeignNames, folder.taking == .all else { return }
    let path = Array(folder.path.text.utf8) + (folder.path.isRoot ? [] : [UInt8(ascii: "/")]) + bytes
    if let rule = rules.deciding(bytes: path, isFolder: entry.kind == .folder), !rule.isNegated { return }
    throw .archive(
      reason: "\(folder.path.isRoot ? "the root folder" : "\(folder.path)") holds '\(entry.name)', "
        + "whose name is not UTF-8; rename or ignore it")
  }
}
