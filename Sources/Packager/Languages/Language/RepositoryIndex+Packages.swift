internal import Core

extension RepositoryIndex {
  /// What a walk of the folder `top` finds for a package, taken from the walk of the repository; folders that this one did
  /// not enter, such as `node_modules`, are walked by `walk`. Nil where the two may see different things: then the folder is
  /// to be walked by itself.
  func packageFiles(below top: RepositoryPath, _ walk: TreeWalk) throws(PackagerError) -> [WalkedFile]? {
    guard folders.contains(top) else { return nil }
    guard !walked.odd.contains(where: { top.contains($0) || $0.contains(top) && !$0.isRoot }) else {
      return nil
    }
    var excluded: [RepositoryPath: Bool] = [:]
    let walkedFiles = walkedFiles(below: top)
    var files: [WalkedFile] = []
    files.reserveCapacity(walkedFiles.count)
    for file in walkedFiles {
      guard !isLeftOut(file.path.parent, below: top, &excluded) else { continue }
      guard !DefaultExcludes.leaveOut(file.path, isFolder: file.kind == .emptyFolder) else { continue }
      files.append(file)
    }
    let left = walked.left.filter { top.contains($0) }
    for folder in left {
      guard !isLeftOut(folder.parent, below: top, &excluded),
        DefaultExcludes.reason(name: folder.name, in: folder.parent, isFolder: true) == nil
      else { continue }
      files += try walk.files(below: folder)
    }
    return left.isEmpty ? files : files.sorted { $0.path < $1.path }
  }

  /// The settings of `language` in folders that the index does not enter, in `folder` and those above it.
  ///
  /// - Throws: ``PackagerError`` when such a folder cannot be listed.
  func hiddenSettings(
    of language: any Language, above folder: RepositoryPath
  ) throws(PackagerError) -> [RepositoryPath] {
    guard !language.hiddenSettings.isEmpty else { return [] }
    let hidden = remembered("folders that the index does not enter") { Set(walked.left) }
    guard !hidden.isEmpty else { return [] }
    var found: [RepositoryPath] = []
    for above in upwards(from: folder) {
      let places = language.hiddenSettings.map { above.appending($0) }
      let tops = Set(language.hiddenSettings.map { above.appending(String($0.prefix { $0 != "/" })) })
      for top in tops.intersection(hidden).sorted() {
        let files = remembered("files of \(top)") {
          Result { () throws(PackagerError) in try TreeWalk(root: root, git: git).files(below: top) }
        }
        found += try files.get().filter { file in
          file.kind == .file && places.contains { $0.contains(file.path) }
        }.map(\.path)
      }
    }
    return found.sorted()
  }

  /// Whether `folder`, `top` or a folder below it, is none of a package's.
  private func isLeftOut(
    _ folder: RepositoryPath, below top: RepositoryPath, _ known: inout [RepositoryPath: Bool]
  ) -> Bool {
    if let answer = known[folder] { return answer }
    // A virtual environment, whatever its name.
    var answer = hasFile(folder.appending("pyvenv.cfg"))
    if !answer, folder != top {
      answer =
        DefaultExcludes.reason(name: folder.name, in: folder.parent, isFolder: true) != nil
        || isLeftOut(folder.parent, below: top, &known)
    }
    known[folder] = answer
    return answer
  }
}
