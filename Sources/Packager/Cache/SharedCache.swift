internal import Core

/// Finished trees that many machines share: read by all, written once.
///
/// A tree is a zip under the digest of its bytes, and a small file under its key that names that digest and the tree's
/// own. Both are held against what comes, so that a damaged one is made anew instead of used. What the place refuses is
/// told once, and the build goes on without it.
struct SharedCache: Sendable {
  /// The most bytes of a zip that are fetched, and of what is in it.
  private static let zipLimit = 1 << 30
  private static let contentLimit = 2 << 30
  /// The most entries of a tree that is shared: more would take another form of zip.
  private static let mostEntries = 0xFFFE

  let store: any ArtifactStore
  let warn: @Sendable (String) -> Void
  private let hasWarned = Lock(false)

  init(store: any ArtifactStore, warn: @escaping @Sendable (String) -> Void) {
    self.store = store
    self.warn = warn
  }

  /// Where the zip with the digest `hex` is.
  static func blob(_ hex: String) -> String { "blobs/\(hex).zip" }

  private static func record(_ key: Digest) -> String { "trees/\(key.hex).json" }

  /// What the place has of a tree.
  enum Found: Sendable {
    case whole, nothing
    /// Something else than what its names say.
    case damaged
  }

  /// Puts the tree of `key` into `work`.
  ///
  /// - Throws: ``PackagerError/cancelled``, and ``PackagerError/system(_:)`` when it cannot be written here.
  func fetch(_ key: Digest, into work: CacheWork) async throws(PackagerError) -> Found {
    var isThere = false
    do throws(PackagerError) {
      guard let bytes = try await store.read(Self.record(key), limit: 1 << 12) else { return .nothing }
      isThere = true
      guard let json = try? JSON(parsing: bytes), json["schema"] == "lamctl.tree/1",
        let digest = json["digest"]?.string, let sha256 = json["sha256"]?.string,
        NameForm.hexadecimal(64).matches(sha256)
      else { return .damaged }
      let name = "fetched"
      let path = work.folder.path(of: name)
      guard try await store.fetch(Self.blob(sha256), to: path, limit: Self.zipLimit) else {
        return .damaged
      }
      let target = try work.treeFolder()
      return try await Threads.run { () throws(PackagerError) in
        defer { try? work.folder.remove(name) }
        var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
        let found = try system { () throws(SystemError) in
          try FileHash.content(path, buffer: &buffer, hasher: SHA256()).digest.hex
        }
        guard found == sha256 else {
          throw .artifacts(
            place: store.place, reason: "\(Self.blob(sha256)) was damaged; it is made anew", fix: "")
        }
        try ZipUnpacking.unpack(path, into: target, limit: Self.contentLimit)
        guard try PackageTree(folder: target.path).digest().hex == digest else {
          throw .artifacts(
            place: store.place, reason: "\(Self.record(key)) names another tree; it is made anew", fix: "")
        }
        return .whole
      }
    } catch {
      try pass(error)
      try system { () throws(SystemError) in try work.folder.remove(CacheWork.tree) }
      if case .store = error { return .nothing }
      return isThere ? .damaged : .nothing
    }
  }

  /// Puts the tree at `path` there for others, unless somebody was first.
  ///
  /// - Parameter replaces: whether what is there is damaged, and makes way.
  /// - Throws: ``PackagerError/cancelled``, and ``PackagerError/system(_:)`` when it cannot be read here.
  func offer(
    _ path: String, digest: Digest, for key: Digest, in cache: PackageCache, replaces: Bool = false
  ) async throws(PackagerError) {
    let tree = try PackageTree(folder: path)
    guard tree.entries.count <= Self.mostEntries, tree.unzippedSize <= Self.contentLimit else { return }
    let work = try cache.work()
    defer { work.remove() }
    do throws(PackagerError) {
      let zip = try await Threads.run { () throws(PackagerError) in
        try ZipWriter.write(tree, to: work.folder) { _ in "offered" }.zip
      }
      try await store.add(zip, as: Self.blob(zip.sha256.hex), replaces: replaces)
      let record: JSON = [
        "schema": "lamctl.tree/1", "digest": .string(digest.hex), "sha256": .string(zip.sha256.hex),
      ]
      let bytes = Array(record.text().utf8)
      if replaces {
        try await store.write(bytes, to: Self.record(key))
      } else {
        _ = try await store.create(bytes, at: Self.record(key))
      }
    } catch {
      try pass(error)
    }
  }

  /// Lets go on what the place is to blame for.
  private func pass(_ error: PackagerError) throws(PackagerError) {
    switch error {
    case .store, .artifacts, .archive:
      let isFirst = hasWarned.withLock { hasWarned in
        defer { hasWarned = true }
        return !hasWarned
      }
      if isFirst { warn("the cache in \(store.place) is not used: \(error)") }
    default: throw error
    }
  }
}
