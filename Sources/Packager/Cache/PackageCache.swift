internal import Core
import Glibc

/// Finished trees by what they were made from. An entry is complete or not there: it comes by one rename, and its
/// content is held against its digest before it is used, so that neither a crash nor a CI cache can leave a broken one.
public struct PackageCache: Sendable {
  /// Absolute path of the cache's folder.
  public let folder: String

  private static let treeForm = NameForm.hexadecimal(64)
  private static let zipForm = NameForm.hexadecimal(32, ending: ".zip")
  private static let digestName = "digest"
  private static let treeName = "tree"

  /// A cache in `folder`, which is made when it is needed.
  public init(folder: String) {
    self.folder = folder
  }

  private func part(_ name: String) throws(SystemError) -> StateFolder {
    try StateFolder.make(folder).folder(name)
  }

  /// The folder of the zips.
  func zips() throws(PackagerError) -> StateFolder {
    try system { () throws(SystemError) in try part("zips") }
  }

  /// A new empty folder for work that may be published later; on the same file system.
  func work() throws(PackagerError) -> CacheWork {
    try system { () throws(SystemError) in
      let parent = try part("tmp")
      let name = "\(getpid())-\(UInt64.random(in: 0 ... .max))"
      return CacheWork(parent: parent, name: name, folder: try parent.folder(name))
    }
  }

  /// The absolute path of the finished tree for `key`, if there is a whole one.
  func tree(for key: Digest) -> String? {
    guard let trees = try? StateFolder.existing(folder)?.existingFolder("trees"),
      let entry = try? trees.existingFolder(key.hex),
      let stored = try? entry.read(Self.digestName, limit: 64)
    else { return nil }
    let tree = entry.path(of: Self.treeName)
    guard entry.isFolder(Self.treeName), let digest = try? PackageTree(folder: tree).digest(),
      Array(digest.hex.utf8) == stored
    else {
      try? trees.remove(key.hex)
      return nil
    }
    // Its age is that of its last use.
    trees.touch(key.hex)
    return tree
  }

  /// Makes `tree`, a folder of `work` that is moved away, the entry of `key`; returns where it is now.
  func publish(_ tree: String, of work: CacheWork, for key: Digest) throws(PackagerError) -> String {
    let digest = try PackageTree(folder: work.folder.path(of: tree)).digest()
    let staged = try self.work()
    return try system { () throws(SystemError) in
      let trees = try part("trees")
      try work.folder.move(tree, to: staged.folder, as: Self.treeName)
      try staged.folder.write(Array(digest.hex.utf8), to: Self.digestName)
      do throws(SystemError) {
        try staged.parent.move(staged.name, to: trees, as: key.hex)
      } catch {
        // Another run was first: the same inputs give the same tree.
        guard error.code == EEXIST || error.code == ENOTEMPTY else { throw error }
        staged.remove()
      }
      return "\(trees.path(of: key.hex))/\(Self.treeName)"
    }
  }

  /// Removes the entries that were used longest ago until the rest is at most `limit` bytes, and work that was left
  /// behind more than a day before `now`, in seconds since 1970. What has no name of the cache's own stays.
  ///
  /// - Throws: ``PackagerError`` when an entry cannot be removed.
  public func prune(limit: Int = 2 << 30, now: Int) throws(PackagerError) {
    try system { () throws(SystemError) in
      guard let cache = try StateFolder.existing(folder) else { return }
      var entries: [(folder: StateFolder, name: String, size: Int, used: Int)] = []
      for (kind, form) in [("trees", Self.treeForm), ("zips", Self.zipForm)] {
        guard let folder = try cache.existingFolder(kind) else { continue }
        for name in try folder.names() where form.matches(name) {
          entries.append((folder, name, folder.size(of: name), folder.status(of: name)?.changed ?? 0))
        }
      }
      var total = entries.reduce(0) { $0 + $1.size }
      for entry in entries.sorted(by: { $0.used < $1.used }) where total > limit {
        try entry.folder.remove(entry.name)
        total -= entry.size
      }
      guard let work = try cache.existingFolder("tmp") else { return }
      try work.remove([.work]) { (work.status(of: $0)?.changed ?? now) < now - 86_400 }
    }
  }
}

/// A folder for the time of one build.
struct CacheWork: Sendable {
  fileprivate let parent: StateFolder
  fileprivate let name: String
  let folder: StateFolder

  /// Removes it with all that is in it.
  func remove() { try? parent.remove(name) }
}

extension StateFolder {
  /// Bytes of the file `name`, or of all files in the folder of that name.
  fileprivate func size(of name: String) -> Int {
    guard let status = status(of: name) else { return 0 }
    guard status.isFolder, let folder = try? existingFolder(name) else { return status.size }
    return ((try? folder.names()) ?? []).reduce(0) { $0 + folder.size(of: $1) }
  }
}
