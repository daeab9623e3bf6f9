internal import Core

/// A package that was just made, and the build that has come to it.
struct NewPackage: Sendable {
  let key: Digest
  let pkg: Digest
  let zip: ZipFile
}

/// The packages of the cache for the time of one run: what was known when it began, and where new ones are made. Each
/// folder is opened once, as every way through the cache goes step by step.
struct PackageShelf: Sendable {
  private let zips: StateFolder
  private let packages: StateFolder
  private let work: CacheWork
  private let notes: PackageNotes

  /// Opens that of `cache`, which ``close()`` ends.
  ///
  /// - Throws: ``PackagerError`` when the cache cannot be written.
  init(_ cache: PackageCache) throws(PackagerError) {
    zips = try cache.zips()
    packages = try system { () throws(SystemError) in try cache.part(PackageCache.packagesName) }
    work = try cache.work()
    notes = PackageNotes(in: packages)
  }

  /// Removes what was not finished.
  func close() { work.remove() }

  /// Whether the build `key` had come to a package before.
  func isFinished(_ key: Digest) -> Bool { notes.packages[key.hex] != nil }

  /// The zip of the tree with the digest `pkg` that the build `key` came to before; nil where there is none that is whole.
  func zip(of pkg: Digest, for key: Digest) -> ZipFile? {
    guard let known = notes.packages[key.hex]?.last(where: { $0.pkg == pkg.hex }),
      let zip = PackageCache.zip(of: known, in: zips)
    else { return nil }
    // Their age is that of their last use.
    zips.touch(known.zipName)
    if let file = notes.file(of: key.hex) { packages.touch(file) }
    return zip
  }

  /// Writes the zip of `tree`. Nobody finds it before ``note(_:)``.
  func write(
    _ tree: PackageTree, workers: Int, memory: ZipMemory
  ) throws(PackagerError) -> WrittenZip {
    try ZipWriter.write(tree, to: zips, in: work.folder, workers: workers, memory: memory) {
      FinishedPackage.zipName($0.hex)
    }
  }

  /// Notes what builds have come to, once their zips are on the disk: a machine that fails leaves no note of a zip that it
  /// does not have. The waiting is done for all at once, which takes hardly longer than for one.
  func note(_ made: [NewPackage]) throws(PackagerError) {
    guard !made.isEmpty else { return }
    try Disk.settle(made.map(\.zip.path))
    let new = made.map { new in
      (
        new.key.hex,
        FinishedPackage(pkg: new.pkg.hex, sha256: new.zip.sha256.hex, size: new.zip.size)
      )
    }
    try system { () throws(SystemError) in
      guard notes.files.count >= PackageNotes.mostFiles else {
        _ = try PackageNotes.write(Dictionary(new) { $1 }, in: packages)
        return
      }
      let kept = notes.packages.compactMapValues { $0.last { zips.contains($0.zipName) } }
      let name = try PackageNotes.write(kept.merging(new) { $1 }, in: packages)
      for file in notes.files where file != name { try packages.remove(file) }
    }
  }
}
