internal import Core

/// What of a package or layer an index of artifacts tells: what it is made of, what is in it, and its zip.
struct ArtifactContent: Hashable, Sendable {
  /// What it is made of, in 64 hexadecimal digits.
  let src: String
  /// The finished package.
  let package: FinishedPackage

  init(src: String, pkg: Digest, zip: ZipFile) {
    self.src = src
    package = FinishedPackage(pkg: pkg.hex, sha256: zip.sha256.hex, size: zip.size)
  }

  init?(_ json: JSON) {
    guard let src = Self.digest(json["src"]), let package = FinishedPackage(members: json) else { return nil }
    self.src = src
    self.package = package
  }

  /// 64 hexadecimal digits; nil for anything else.
  static func digest(_ json: JSON?) -> String? {
    json?.string.flatMap { NameForm.hexadecimal(64).matches($0) ? $0 : nil }
  }

  /// The members of the entry's object that it is written to.
  var members: [(String, JSON)] { [("src", .string(src))] + package.members }
}
