internal import Core
import Glibc

/// Finished trees by what they were made from. An entry is complete or not there: it comes by one rename, and its
/// content is held against its digest before it is used, so that neither a crash nor a CI cache can leave a broken one.
///
/// Any number of processes may work with one folder. A tree is made by one task at a time, whatever their number: the
/// others wait for it.
package struct PackageCache: Sendable {
  /// Absolute path of the cache's folder.
  package let folder: String
  /// Where others have theirs; nil for this machine alone.
  let shared: SharedCache?
  private let flights = Flights()

  static let treeForm = NameForm.hexadecimal(64)
  static let zipForm = NameForm.hexadecimal(32, ending: ".zip")
  static let recordForm = NameForm.hexadecimal(64, ending: ".json")
  static let digestName = "digest"
  static let aboutName = "about"
  static let packagesName = "packages"

  /// A cache in `folder`, which is made when it is needed.
  ///
  /// - Parameter store: where finished trees are shared with other machines.
  package init(
    folder: String, store: (any ArtifactStore)? = nil, warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.folder = folder
    shared = store.map { SharedCache(store: $0, warn: warn) }
  }

  /// The cache's folder of the repository at the absolute path `root`.
  package static func folder(of root: String) -> String { "\(root)/\(StateFolder.name)/cache" }

  func part(_ name: String) throws(SystemError) -> StateFolder {
    try StateFolder.make(folder).folder(name)
  }

  /// The zip that `package` describes, if it is there and whole.
  func zip(of package: FinishedPackage) -> ZipFile? {
    guard let zips = try? StateFolder.existing(folder)?.existingFolder("zips") else { return nil }
    return Self.zip(of: package, in: zips)
  }

  /// The same, of those in the folder `zips`.
  static func zip(of package: FinishedPackage, in zips: StateFolder) -> ZipFile? {
    guard zips.status(of: package.zipName)?.size == package.size else { return nil }
    let path = zips.path(of: package.zipName)
    var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
    guard let digest = try? FileHash.content(path, buffer: &buffer, hasher: SHA256()).digest,
      digest.hex == package.sha256
    else { return nil }
    return ZipFile(path: path, size: package.size, sha256: digest)
  }

  /// The folder of the zips.
  func zips() throws(PackagerError) -> StateFolder {
    try system { () throws(SystemError) in try part("zips") }
  }

  /// A new empty folder for work that may be kept later.
  func work() throws(PackagerError) -> CacheWork {
    try system { () throws(SystemError) in try CacheWork(in: try part("tmp")) }
  }

  /// Removes what processes that were killed have left unfinished.
  func removeLeftovers() throws(PackagerError) {
    try system { () throws(SystemError) in
      guard let cache = try StateFolder.existing(folder) else { return }
      try cache.existingFolder("tmp")?.removeUnused([.work])
      try cache.existingFolder("locks")?.removeUnused([Self.treeForm])
    }
  }

  /// The tree for `key`: the one that is there, or what `make` puts into the folder ``CacheWork/treeFolder()`` of its
  /// work. Of many that ask at once, in this process or others, one makes it.
  ///
  /// - Parameter about: what the tree is, in a few words, for `lamctl cache list`.
  /// - Throws: what `make` throws, and ``PackagerError`` when the cache cannot be written.
  func tree(
    for key: Digest, about: String,
    make: @escaping @Sendable (CacheWork) async throws(PackagerError) -> Void
  ) async throws(PackagerError) -> CachedTree {
    try await flights.tree(for: key) { () async throws(PackagerError) -> CachedTree in
      if let path = await found(key) { return CachedTree(path: path, isMade: false) }
      let lock = try await lock(key)
      defer { withExtendedLifetime(lock) {} }
      // Another process may have made it while this one waited.
      if let path = await found(key) { return CachedTree(path: path, isMade: false) }
      let work = try work()
      defer { work.remove() }
      let found = try await shared?.fetch(key, into: work)
      if found == .whole {
        return CachedTree(path: try await keep(work, for: key, about: about).path, isMade: false)
      }
      try await make(work)
      let (path, digest) = try await keep(work, for: key, about: about)
      try await shared?.offer(path, digest: digest, for: key, in: self, replaces: found == .damaged)
      return CachedTree(path: path, isMade: true)
    }
  }

  private func found(_ key: Digest) async -> String? { await Threads.run { tree(for: key) } }

  private func lock(_ key: Digest) async throws(PackagerError) -> HeldLock {
    while true {
      let held = try system { () throws(SystemError) in try part("locks").take(key.hex) }
      if let held { return held }
      do { try await SystemClock().sleep(for: .seconds(0.05)) } catch { throw .cancelled }
    }
  }

  private func keep(
    _ work: CacheWork, for key: Digest, about: String
  ) async throws(PackagerError) -> (path: String, digest: Digest) {
    try await Threads.run { () throws(PackagerError) in try publish(work, for: key, about: about) }
  }

  /// The absolute path of the finished tree for `key`, if there is a whole one.
  func tree(for key: Digest) -> String? {
    guard let trees = try? StateFolder.existing(folder)?.existingFolder("trees"),
      let entry = try? trees.existingFolder(key.hex)
    else { return nil }
    let tree = entry.path(of: CacheWork.tree)
    guard Self.isWhole(entry) else {
      try? trees.remove(key.hex)
      return nil
    }
    // Its age is that of its last use.
    trees.touch(key.hex)
    return tree
  }

  /// Whether the tree of an entry is what it was when it was made.
  static func isWhole(_ entry: StateFolder) -> Bool {
    guard let stored = try? entry.read(digestName, limit: 64), entry.isFolder(CacheWork.tree),
      let digest = try? PackageTree(folder: entry.path(of: CacheWork.tree)).digest()
    else { return false }
    return Array(digest.hex.utf8) == stored
  }

  /// Makes the tree of `work`, which is moved away, the entry of `key`, once it is on the disk.
  func publish(
    _ work: CacheWork, for key: Digest, about: String
  ) throws(PackagerError) -> (path: String, digest: Digest) {
    let tree = try PackageTree(folder: work.folder.path(of: CacheWork.tree))
    let digest = try tree.digest()
    try Disk.settle(tree)
    let staged = try self.work()
    return try system { () throws(SystemError) in
      let trees = try part("trees")
      try work.folder.move(CacheWork.tree, to: staged.folder, as: CacheWork.tree)
      try staged.folder.write(Array(about.utf8), to: Self.aboutName)
      try staged.folder.write(Array(digest.hex.utf8), to: Self.digestName)
      do throws(SystemError) {
        try staged.parent.move(staged.name, to: trees, as: key.hex)
      } catch {
        // It is there already: the same inputs give the same tree.
        guard error.code == EEXIST || error.code == ENOTEMPTY else { throw error }
        staged.remove()
      }
      return ("\(trees.path(of: key.hex))/\(CacheWork.tree)", digest)
    }
  }
}
