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
  var zipName: String { Self.zipName(pkg) }

  /// That of the zip of a tree with the digest `pkg`, in 64 hexadecimal digits.
  static func zipName(_ pkg: String) -> String { "\(pkg.prefix(32)).zip" }

  init(pkg: String, sha256: String, size: Int) {
    self.pkg = pkg
    self.sha256 = sha256
    self.size = size
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
}
