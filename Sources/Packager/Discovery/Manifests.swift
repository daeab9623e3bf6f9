internal import Core

/// Rule Z2 between units: where a handler's unit begins.
struct Manifests {
  let index: RepositoryIndex

  /// The nearest folder with a manifest of the handler's language, else the handler's own.
  func unit(of candidate: HandlerCandidate) -> RepositoryPath {
    if let unit = candidate.unit { return unit }
    var folder = candidate.folder
    while true {
      if candidate.language.manifests.contains(where: { counts($0, in: folder) }) { return folder }
      guard !folder.isRoot else { return candidate.folder }
      folder = folder.parent
    }
  }

  /// Whether the file exists and declares something to run with.
  private func counts(_ manifest: Manifest, in folder: RepositoryPath) -> Bool {
    let path = folder.appending(manifest.name)
    guard let bytes = index.manifest(path) else { return false }
    return manifest.declares(bytes, folder.isRoot)
  }
}
