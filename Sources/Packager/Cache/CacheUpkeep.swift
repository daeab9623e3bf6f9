internal import Core

/// One thing in the build cache.
package struct CacheEntry: Hashable, Sendable {
  /// What it is.
  package enum Kind: String, Sendable {
    /// A finished tree: what a build, or an installation of dependencies, has made.
    case tree
    /// A package as it goes up.
    case zip
    /// What is known of finished packages: of those that one run has made, or of many.
    case package
  }

  /// What it is.
  package let kind: Kind
  /// The digest it is found by, in hexadecimal digits.
  package let key: String
  /// What it was made for, in a few words; empty where that is not known.
  package let about: String
  /// Bytes of its files.
  package let size: Int
  /// When it was last used, in seconds since 1970.
  package let used: Int
  let name: String
}

extension PackageCache {
  /// The most bytes that a build leaves in the cache.
  package static let limit = 2 << 30
  /// How long what was used last is left alone, in seconds: a build that is under way may be at it.
  package static let rest = 3600

  private static let parts: [(kind: CacheEntry.Kind, folder: String, form: NameForm)] = [
    (.tree, "trees", treeForm), (.zip, "zips", zipForm), (.package, packagesName, recordForm),
  ]

  /// What is in the cache, last used first. What has no name of the cache's own is not part of it.
  ///
  /// - Throws: ``PackagerError`` when a folder cannot be read.
  package func entries() throws(PackagerError) -> [CacheEntry] {
    var entries: [CacheEntry] = []
    for part in Self.parts {
      try system { () throws(SystemError) in
        guard let folder = try StateFolder.existing(folder)?.existingFolder(part.folder) else { return }
        for name in try folder.names() where part.form.matches(name) {
          guard let status = folder.status(of: name) else { continue }
          entries.append(
            CacheEntry(
              kind: part.kind, key: String(name.prefix { $0 != "." }),
              about: Self.about(part.kind, name, in: folder), size: folder.size(of: name),
              used: status.changed, name: name))
        }
      }
    }
    return entries.sorted { ($1.used, $0.key) < ($0.used, $1.key) }
  }

  private static func about(_ kind: CacheEntry.Kind, _ name: String, in folder: StateFolder) -> String {
    switch kind {
    case .tree:
      let about = (try? folder.existingFolder(name)?.read(aboutName, limit: 1 << 12)).flatMap { $0 }
      return String(decoding: about ?? [], as: UTF8.self)
    case .package:
      let count = PackageNotes.read(name, in: folder)?.count ?? 0
      return "what \(count) \(count == 1 ? "build has" : "builds have") come to"
    case .zip: return ""
    }
  }

  /// Holds every entry against its digest and removes those that are not whole.
  ///
  /// - Returns: what was removed.
  /// - Throws: ``PackagerError`` when the cache cannot be read or an entry cannot be removed.
  package func verify() throws(PackagerError) -> [CacheEntry] {
    let entries = try entries()
    let notes = PackageNotes(in: try? StateFolder.existing(folder)?.existingFolder(Self.packagesName))
    let packages = Dictionary(
      notes.packages.values.joined().map { ($0.zipName, $0) }, uniquingKeysWith: { first, _ in first })
    var broken: [CacheEntry] = []
    for entry in entries where !isWhole(entry, packages: packages) {
      try remove(entry)
      broken.append(entry)
    }
    return broken
  }

  private func isWhole(_ entry: CacheEntry, packages: [String: FinishedPackage]) -> Bool {
    switch entry.kind {
    case .tree:
      guard let trees = try? StateFolder.existing(folder)?.existingFolder("trees"),
        let found = try? trees.existingFolder(entry.name)
      else { return false }
      return Self.isWhole(found)
    // One that no record names is never found: that of a build which has yet to note it, or was killed before. It goes when
    // room is needed.
    case .zip: return packages[entry.name].map { zip(of: $0) != nil } ?? true
    case .package:
      guard let folder = try? StateFolder.existing(folder)?.existingFolder(Self.packagesName) else {
        return false
      }
      return PackageNotes.read(entry.name, in: folder) != nil
    }
  }

  /// Removes the entries that were used longest ago until the rest is at most `limit` bytes, and what killed processes
  /// have left behind. What was used within ``rest`` before `now`, in seconds since 1970, stays, and what has no name of
  /// the cache's own.
  ///
  /// - Returns: what was removed.
  /// - Throws: ``PackagerError`` when an entry cannot be removed.
  @discardableResult
  package func prune(limit: Int = limit, now: Int) throws(PackagerError) -> [CacheEntry] {
    try removeLeftovers()
    let entries = try entries()
    var total = entries.reduce(0) { $0 + $1.size }
    var removed: [CacheEntry] = []
    for entry in entries.reversed() where total > limit && entry.used < now - Self.rest {
      try remove(entry)
      total -= entry.size
      removed.append(entry)
    }
    return removed
  }

  private func remove(_ entry: CacheEntry) throws(PackagerError) {
    try system { () throws(SystemError) in
      guard let part = Self.parts.first(where: { $0.kind == entry.kind }) else { return }
      try StateFolder.existing(folder)?.existingFolder(part.folder)?.remove(entry.name)
    }
  }
}

extension StateFolder {
  /// Bytes of the file `name`, or of all files in the folder of that name.
  fileprivate func size(of name: String) -> Int {
    guard let status = status(of: name) else { return 0 }
    guard status.isFolder, let folder = try? existingFolder(name) else { return status.size }
    return ((try? folder.names()) ?? []).reduce(0) { $0 + folder.size(of: $1) }
  }
}
