internal import Core

/// What is known of a package that was finished before.
struct FinishedPackage: Hashable, Sendable {
  /// The content's digest in 64 hexadecimal digits.
  let pkg: String
  /// Of the zip, in 64 hexadecimal digits.
  let sha256: String
  /// Length of the zip in bytes.
  let size: Int

  /// The name of its zip among those of the cache.
  var zipName: String { "\(pkg.prefix(32)).zip" }

  init(pkg: String, sha256: String, size: Int) {
    self.pkg = pkg
    self.sha256 = sha256
    self.size = size
  }

  init?(_ bytes: [UInt8]) {
    guard let json = try? JSON(parsing: bytes), json["schema"] == "lamctl.package/1" else { return nil }
    self.init(members: json)
  }

  /// Reads ``members`` among those of an object; nil where one is missing or none of what is written there.
  init?(members json: JSON) {
    guard let pkg = json["pkg"]?.string, let sha256 = json["sha256"]?.string, let size = json["size"]?.int,
      NameForm.hexadecimal(64).matches(pkg), NameForm.hexadecimal(64).matches(sha256), size > 0
    else { return nil }
    self.init(pkg: pkg, sha256: sha256, size: size)
  }

  var members: [(String, JSON)] {
    [("pkg", .string(pkg)), ("sha256", .string(sha256)), ("size", .int(size))]
  }

  var json: JSON { .object(JSONObject([("schema", "lamctl.package/1")] + members)) }
}

/// A package that was just made, and the build that has come to it.
struct NewPackage: Sendable {
  let key: Digest
  let pkg: Digest
  let zip: ZipFile
}

extension PackageCache {
  /// The zip of the tree with the digest `pkg` that the build `key` came to before; nil where there is none that is whole.
  func zip(of pkg: Digest, for key: Digest) -> ZipFile? {
    guard let known = finished("\(key.hex).json"), known.pkg == pkg.hex, let zip = zip(of: known) else {
      return nil
    }
    // Their age is that of their last use.
    try? part("zips").touch(known.zipName)
    try? part("packages").touch("\(key.hex).json")
    return zip
  }

  /// Whether the build `key` has come to a package before.
  func isFinished(_ key: Digest) -> Bool { finished("\(key.hex).json") != nil }

  /// Takes the zip of `work` over. Nobody finds it before ``note(_:)``.
  func keep(_ written: WrittenZip, of work: CacheWork) throws(PackagerError) -> ZipFile {
    let package = FinishedPackage(
      pkg: written.pkg.hex, sha256: written.zip.sha256.hex, size: written.zip.size)
    return try system { () throws(SystemError) in
      let zips = try part("zips")
      try work.folder.move(CacheWork.zip, to: zips, as: package.zipName)
      return ZipFile(path: zips.path(of: package.zipName), size: package.size, sha256: written.zip.sha256)
    }
  }

  /// Notes what builds have come to, once their zips are on the disk: a machine that fails leaves no note of a zip that it
  /// does not have. The waiting is done for all at once, which takes hardly longer than for one.
  func note(_ made: [NewPackage]) throws(PackagerError) {
    try Disk.settle(made.map(\.zip.path))
    try system { () throws(SystemError) in
      guard !made.isEmpty else { return }
      let packages = try part("packages")
      for new in made {
        let known = FinishedPackage(pkg: new.pkg.hex, sha256: new.zip.sha256.hex, size: new.zip.size)
        // An empty note is none.
        try packages.write(Array(known.json.text().utf8), to: "\(new.key.hex).json", settles: false)
      }
    }
  }

  func finished(_ name: String) -> FinishedPackage? {
    guard let folder = try? StateFolder.existing(folder)?.existingFolder("packages"),
      let bytes = try? folder.read(name, limit: 1 << 12)
    else { return nil }
    return FinishedPackage(bytes)
  }

  /// The zip that `package` describes, if it is there and whole.
  func zip(of package: FinishedPackage) -> ZipFile? {
    guard let zips = try? StateFolder.existing(folder)?.existingFolder("zips"),
      zips.status(of: package.zipName)?.size == package.size
    else { return nil }
    let path = zips.path(of: package.zipName)
    var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
    guard let digest = try? FileHash.content(path, buffer: &buffer, hasher: SHA256()).digest,
      digest.hex == package.sha256
    else { return nil }
    return ZipFile(path: path, size: package.size, sha256: digest)
  }
}
