internal import Core

/// The content of one layer among the artifacts.
struct ArtifactLayer: Hashable, Sendable {
  /// The folder, from the root.
  let folder: RepositoryPath
  /// What it is made of, in 64 hexadecimal digits.
  let src: String
  /// Digest of the content, in 64 hexadecimal digits.
  let pkg: String
  /// Digest of the zip, in 64 hexadecimal digits, and its length.
  let sha256: String
  let size: Int

  init(_ built: BuiltLayer) {
    folder = built.layer.folder
    src = built.layer.src.hex
    pkg = built.pkg.hex
    sha256 = built.zip.sha256.hex
    size = built.zip.size
  }

  init?(_ json: JSON) {
    guard let folder = json["folder"]?.string.flatMap({ RepositoryPath($0) }),
      let src = ArtifactEntry.digest(json["src"]), let pkg = ArtifactEntry.digest(json["pkg"]),
      let sha256 = ArtifactEntry.digest(json["sha256"]), let size = json["size"]?.int, size > 0
    else { return nil }
    self.folder = folder
    self.src = src
    self.pkg = pkg
    self.sha256 = sha256
    self.size = size
  }

  var json: JSON {
    [
      "folder": .string(folder.text), "src": .string(src), "pkg": .string(pkg), "sha256": .string(sha256),
      "size": .int(size),
    ]
  }
}
