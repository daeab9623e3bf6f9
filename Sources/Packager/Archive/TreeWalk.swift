internal import Core
import Glibc

/// A file or link that a walk found.
struct WalkedFile: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case file
    case link
    /// A folder that holds nothing at all.
    case emptyFolder
  }

  /// From the root.
  let path: String
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
  /// Names of the ignore files to honour.
  var ignoreFiles: [String] = [".gitignore", ".lambdaignore"]
  /// Whether ``DefaultExcludes`` hold.
  var excludesDefaults = true
  /// Patterns of files to take although an ignore rule drops them.
  var include: IgnoreRules?
  /// Folders, from the root, not to enter.
  var skipped: Set<String> = []
  /// Whether a folder of this path is to be entered at all.
  var enters: (@Sendable (_ path: String) -> Bool)?
  var workers = Threads.processorCount

  private struct Folder: Sendable {
    let path: String
    let rules: [IgnoreRules]
    /// Inside an ignored folder only files that ``include`` names are taken.
    let onlyIncluded: Bool
  }

  private struct Listing: Sendable {
    var files: [WalkedFile] = []
    var folders: [Folder] = []
    var error: PackagerError?
  }

  /// The files below `start`, a folder from the root.
  func files(below start: String) throws(PackagerError) -> [WalkedFile] {
    var level = [Folder(path: start, rules: try rulesAbove(start), onlyIncluded: false)]
    var files: [WalkedFile] = []
    while !level.isEmpty {
      let current = level
      let results = Lock([Listing](repeating: Listing(), count: current.count))
      Threads.forEach(count: current.count, workers: current.count < 8 ? 1 : workers) { index in
        let listing = list(current[index])
        results.withLock { $0[index] = listing }
      }
      level = []
      for listing in results.withLock({ $0 }) {
        if let error = listing.error { throw error }
        files += listing.files
        level += listing.folders
      }
    }
    return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// The ignore rules of the folders above `start`.
  func rulesAbove(_ start: String) throws(PackagerError) -> [IgnoreRules] {
    guard !start.isEmpty else { return [] }
    var rules: [IgnoreRules] = []
    var folder = ""
    for part in start.split(separator: "/") {
      rules += try self.rules(in: folder, names: Set(ignoreFiles))
      folder = RootPath.join(folder, part)
    }
    return rules
  }

  /// Why `path` is left out by a rule, if one does that; the folders above it count.
  func explanation(for path: String) throws(PackagerError) -> String? {
    var folder = ""
    var rules: [IgnoreRules] = []
    let parts = path.split(separator: "/")
    for (index, part) in parts.enumerated() {
      rules += try self.rules(in: folder, names: Set(ignoreFiles))
      let isFolder = index < parts.count - 1
      if excludesDefaults,
        let reason = DefaultExcludes.reason(name: String(part), in: folder, isFolder: isFolder)
      {
        return reason
      }
      folder = RootPath.join(folder, part)
      if let rule = rules.deciding(folder, isFolder: isFolder), !rule.isNegated {
        if let taken = include?.match(path, isFolder: false), !taken.isNegated { return nil }
        return rule.description
      }
    }
    return nil
  }

  private func rules(in folder: String, names: Set<String>) throws(PackagerError) -> [IgnoreRules] {
    var rules: [IgnoreRules] = []
    for name in ignoreFiles where names.contains(name) {
      let path = RootPath.join(folder, name)
      do throws(SystemError) {
        rules.append(IgnoreRules(text: try Files.read("\(root)/\(path)"), file: path, folder: folder))
      } catch {
        if error.code != ENOENT && error.code != EISDIR && error.code != ENOTDIR { throw .system(error) }
      }
    }
    return rules
  }

  private func list(_ folder: Folder) -> Listing {
    var listing = Listing()
    do throws(PackagerError) {
      let entries = try Self.entries(of: "\(root)/\(folder.path)")
      // A virtual environment, whatever its name.
      if excludesDefaults, entries.contains(where: { $0.name == "pyvenv.cfg" }) { return listing }
      let names = Set(entries.map(\.name))
      let rules = folder.rules + (try self.rules(in: folder.path, names: names))
      for entry in entries { add(entry, of: folder, rules: rules, to: &listing) }
      if entries.isEmpty, !folder.path.isEmpty, !folder.onlyIncluded {
        listing.files.append(WalkedFile(path: folder.path, kind: .emptyFolder, rule: nil))
      }
    } catch {
      listing.error = error
    }
    return listing
  }

  private func add(_ entry: Entry, of folder: Folder, rules: [IgnoreRules], to listing: inout Listing) {
    let path = RootPath.join(folder.path, entry.name)
    let isFolder = entry.kind == .folder
    guard entry.kind != .other, !skipped.contains(path) else { return }
    if excludesDefaults, DefaultExcludes.reason(name: entry.name, in: folder.path, isFolder: isFolder) != nil
    {
      return
    }
    let decision = rules.deciding(path, isFolder: isFolder)
    let isIgnored = folder.onlyIncluded || decision.map { !$0.isNegated } ?? false
    if isFolder {
      if let enters, !enters(path) { return }
      guard !isIgnored || include != nil else { return }
      listing.folders.append(Folder(path: path, rules: rules, onlyIncluded: isIgnored))
      return
    }
    var rule = decision?.description
    if isIgnored {
      guard let taken = include?.match(path, isFolder: false), !taken.isNegated else { return }
      rule = "package.include: \(taken.text)"
    }
    listing.files.append(WalkedFile(path: path, kind: entry.kind == .link ? .link : .file, rule: rule))
  }

  private struct Entry {
    enum Kind {
      case file, folder, link, other
    }

    let name: String
    let kind: Kind
  }

  private static func entries(of folder: String) throws(PackagerError) -> [Entry] {
    guard let stream = opendir(folder) else {
      throw .system(SystemError(operation: "list", subject: folder, code: errno))
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while let found = readdir(stream) {
      let type = Int(found.pointee.d_type)
      let decoded = withUnsafeBytes(of: &found.pointee.d_name) { buffer in
        String(validating: buffer.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let name = decoded else {
        throw .archive(reason: "\(folder) holds a file whose name is not UTF-8; rename or ignore it")
      }
      guard name != ".", name != ".." else { continue }
      entries.append(Entry(name: name, kind: kind(type, folder, name)))
    }
    return entries
  }

  private static func kind(_ type: Int, _ folder: String, _ name: String) -> Entry.Kind {
    switch type {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .folder
    case Int(DT_LNK): return .link
    case Int(DT_UNKNOWN): break
    default: return .other
    }
    // Some file systems do not say in the listing.
    var status = stat()
    guard lstat("\(folder)/\(name)", &status) == 0 else { return .other }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .other
    }
  }
}
