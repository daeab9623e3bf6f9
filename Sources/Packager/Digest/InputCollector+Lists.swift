internal import Core

/// Lists of requirements, and the packages of the repository that they name by their places.
extension InputCollector {
  /// The lists of requirements among `paths`, and those that they refer to, with what each says.
  func lists(
    of language: any Language, among paths: [RepositoryPath], unit: RepositoryPath
  ) throws(PackagerError) -> [(path: RepositoryPath, bytes: [UInt8])] {
    var lists: [(path: RepositoryPath, bytes: [UInt8])] = []
    var pending = paths.filter { language.requirementNames.contains($0.name) }
    var seen = Set(pending)
    while let path = pending.popLast() {
      let bytes = try system { () throws(SystemError) in
        try Files.read(path.absolute(in: workspace.root), limit: Requirements.longest)
      }
      lists.append((path, bytes))
      for name in language.references(in: bytes) {
        guard let found = path.parent.resolving(name), Files.exists(found.absolute(in: workspace.root))
        else {
          throw .inputs(
            unit: unit, reason: "\(path) refers to \(name.escaped), which is no file of the repository",
            fix: "correct the line in \(path)")
        }
        if seen.insert(found).inserted { pending.append(found) }
      }
    }
    return lists
  }

  /// What lies where the lists of requirements among `locks` look for packages rather than in an index: wheels of the
  /// repository, wherever they are kept.
  func stored(
    for build: UnitBuild, _ locks: [WalkedFile], besides own: [WalkedFile]
  ) throws(PackagerError) -> [WalkedFile] {
    var files: [WalkedFile] = []
    for language in Languages.all {
      for (path, bytes) in try lists(of: language, among: locks.map(\.path), unit: build.unit) {
        for store in language.stores(in: bytes) {
          // From the list, or from where the installer runs.
          let places = [path.parent, build.unit].compactMap { $0.resolving(store.text) }
          if let place = places.first(where: { Files.exists($0.absolute(in: workspace.root)) }) {
            files += archives(at: place)
          } else if store.isNeeded {
            throw .inputs(
              unit: build.unit,
              reason:
                "\(path) takes packages from '\(store.text.escaped)', which is no file or folder of the repository",
              fix: "put them into the repository, or into an index, and correct the line in \(path)")
          }
        }
      }
    }
    let known = Set(own.map(\.path))
    return files.filter { !known.contains($0.path) }
  }

  /// The file, or the packages that lie right in the folder, whether git ignores them or not: an installer looks no deeper.
  private func archives(at place: RepositoryPath) -> [WalkedFile] {
    let absolute = place.absolute(in: workspace.root)
    guard Files.isFolder(absolute) else { return [WalkedFile(path: place, kind: .file, rule: nil)] }
    let names = ((try? Files.names(in: absolute)) ?? []).sorted()
    return names.filter { name in Requirements.archives.contains(where: name.hasSuffix) }
      .map { WalkedFile(path: place.appending($0), kind: .file, rule: nil) }
  }
}
