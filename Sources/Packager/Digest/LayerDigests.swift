internal import Core

/// Digests of the repository's layers.
///
/// Versions of tools are no part of them: nothing is compiled, and what is installed is what the manifest pins, by
/// whatever version of the installer.
struct LayerDigests {
  /// What is known of each unit's inputs.
  let units: [UnitBuild: [DigestPart: DigestItems]]

  /// The layer's identity, and its inputs by name: files from the root.
  func digest(of layer: LayerBuild) -> (layer: RepositoryLayer, items: DigestItems) {
    var items: DigestItems = [:]
    for unit in layer.units {
      for (name, word) in units[unit]?[.files] ?? [:] {
        // Names that begin with a slash are from the root already.
        items[name.hasPrefix("/") ? String(name.dropFirst()) : unit.unit.appending(name).itemName] = word
      }
      for (name, word) in units[unit]?[.shared] ?? [:] {
        items[name.hasPrefix("/") ? String(name.dropFirst()) : name] = word
      }
      // Of a file that is in the layer as it is, all of it counts.
      items.merge(units[unit]?[.locks] ?? [:]) { file, _ in file }
    }
    let hasher = RecordHasher(tag: "lamctl-layer-1")
    hasher.add([layer.top.text, layer.target?.runtime ?? "", layer.target?.architecture ?? ""])
    for (name, word) in items.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      // Moving a layer in the repository does not change what it is.
      let path = RepositoryPath(name) ?? .root
      let isOwn = layer.folder.contains(path)
      hasher.add([isOwn ? "layer" : "root", isOwn ? path.relative(to: layer.folder).text : name, word])
    }
    return (
      RepositoryLayer(folder: layer.folder, name: layer.name, src: hasher.digest(), target: layer.target),
      items
    )
  }
}
