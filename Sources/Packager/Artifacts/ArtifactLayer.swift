internal import Core

/// One layer among the artifacts.
struct ArtifactLayer: Hashable, Sendable {
  /// The folder, from the root.
  let folder: RepositoryPath
  let content: ArtifactContent

  init(_ built: BuiltLayer) {
    folder = built.layer.folder
    content = ArtifactContent(src: built.layer.src.hex, pkg: built.pkg, zip: built.zip)
  }

  init?(_ json: JSON) {
    guard let folder = json["folder"]?.string.flatMap({ RepositoryPath($0) }),
      let content = ArtifactContent(json)
    else { return nil }
    self.folder = folder
    self.content = content
  }

  var json: JSON { .object(JSONObject([("folder", .string(folder.text))] + content.members)) }
}
