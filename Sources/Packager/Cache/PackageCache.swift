internal import Core
import Glibc

/// Finished trees by what they were made from. An entry is complete or not there: it comes by one rename, and its
/// content is held against its digest before it is used, so that neither a crash nor a CI cache can leave a broken one.
public struct PackageCache: Sendable {
  /// Absolute path of the cache's folder.
  public let folder: String

  /// A cache in `folder`, which is made when it is needed.
  public init(folder: String) {
    self.folder = folder
  }

  /// A new empty folder for work that may be published later; on the same file system.
  func workFolder() throws(PackagerError) -> String {
    let path = "\(folder)/tmp/\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try system { () throws(SystemError) in try Files.createFolder(path) }
    return path
  }

  private func path(_ key: Digest) -> String { "\(folder)/trees/\(key.hex)" }

  /// The folder of the finished tree for `key`, if there is a whole one.
  func tree(for key: Digest) -> String? {
    let entry = path(key)
    guard let stored = try? Files.read("\(entry)/digest", limit: 64) else { return nil }
    let tree = "\(entry)/tree"
    guard let digest = try? PackageTree(folder: tree).digest(), Array(digest.hex.utf8) == stored else {
      try? Files.remove(entry)
      return nil
    }
    // Its age is that of its last use.
    utimensat(AT_FDCWD, entry, nil, 0)
    return tree
  }

  /// Makes the tree in `folder`, which is moved away, the entry of `key`; returns where it is now.
  func publish(_ tree: String, for key: Digest) throws(PackagerError) -> String {
    let digest = try PackageTree(folder: tree).digest()
    let staged = try workFolder()
    let entry = path(key)
    let parent = "\(folder)/trees"
    try system { () throws(SystemError) in
      try Files.createFolder(parent)
      guard rename(tree, "\(staged)/tree") == 0 else {
        throw SystemError(operation: "move", subject: tree, code: errno)
      }
      try Files.writeAtomically(Array(digest.hex.utf8), to: "\(staged)/digest")
      guard rename(staged, entry) != 0 else { return }
      // Another run was first: the same inputs give the same tree.
      guard errno == EEXIST || errno == ENOTEMPTY else {
        throw SystemError(operation: "write", subject: entry, code: errno)
      }
      try Files.remove(staged)
    }
    return "\(entry)/tree"
  }

  /// Removes the entries that were used longest ago until the rest is at most `limit` bytes, and work that was left
  /// behind more than a day before `now`, in seconds since 1970.
  ///
  /// - Throws: ``PackagerError`` when an entry cannot be removed.
  public func prune(limit: Int = 2 << 30, now: Int) throws(PackagerError) {
    var entries: [(path: String, size: Int, used: Int)] = []
    for kind in ["trees", "zips"] {
      for name in (try? Files.names(in: "\(folder)/\(kind)")) ?? [] {
        let path = "\(folder)/\(kind)/\(name)"
        entries.append((path, Self.size(path), Self.changed(path)))
      }
    }
    var total = entries.reduce(0) { $0 + $1.size }
    for entry in entries.sorted(by: { $0.used < $1.used }) where total > limit {
      try system { () throws(SystemError) in try Files.remove(entry.path) }
      total -= entry.size
    }
    for name in (try? Files.names(in: "\(folder)/tmp")) ?? []
    where Self.changed("\(folder)/tmp/\(name)") < now - 86_400 {
      let path = "\(folder)/tmp/\(name)"
      try system { () throws(SystemError) in try Files.remove(path) }
    }
  }

  private static func changed(_ path: String) -> Int {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_size) }
    return ((try? Files.names(in: path)) ?? []).reduce(0) { $0 + size("\(path)/\($1)") }
  }
}
