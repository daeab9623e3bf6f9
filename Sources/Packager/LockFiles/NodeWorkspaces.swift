internal import Core

/// The packages of a repository that npm, yarn and bun install together.
struct NodeWorkspaces {
  /// Folders from the one of the lock file; the root among them.
  private(set) var folders: [RepositoryPath] = [.root]
  /// The folder of each package by its name.
  private(set) var byName: [String: RepositoryPath] = [:]
  private(set) var manifests: [RepositoryPath: JSONNode] = [:]

  /// Reads `workspaces` of the `package.json` beside the lock; nil when a pattern in it is of another kind than `a/*`,
  /// `a/b` and `!a/b`.
  init?(_ sources: LockSources) {
    let top = sources.json("package.json")
    let list = top?["workspaces"]
    var found: [RepositoryPath] = []
    var excluded: Set<RepositoryPath> = []
    for pattern in (list?["packages"] ?? list)?.elements.compactMap(\.string) ?? [] {
      let isNegated = pattern.utf8.first == UInt8(ascii: "!")
      var text = isNegated ? pattern.dropFirst() : pattern[...]
      while text.utf8.last == UInt8(ascii: "/") { text = text.dropLast() }
      let isStar = text.utf8.elementsEqual("*".utf8) || text.hasSuffix("/*")
      if isStar { text = text.dropLast(text.utf8.count == 1 ? 1 : 2) }
      guard !text.contains("*"), let folder = RepositoryPath(text) else { return nil }
      let folders = isStar ? sources.folders(in: folder) : [folder]
      if isNegated { excluded.formUnion(folders) } else { found += folders }
    }
    folders += found.filter { !excluded.contains($0) }
    for folder in folders {
      guard let manifest = folder.isRoot ? top : sources.json(folder.appending("package.json")) else {
        continue
      }
      manifests[folder] = manifest
      if let name = manifest["name"]?.string { byName[name] = folder }
    }
  }
}
