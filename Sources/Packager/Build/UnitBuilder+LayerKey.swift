internal import Core

extension UnitBuilder {
  /// What is installed from, each file once, with what stands for it in the layer's key: of a lock the part that the unit
  /// can reach, so that another unit's dependencies resolve nothing anew. Manifests of other units, which an installer
  /// reads only to find them equal to the lock, count with that part.
  func unique(
    _ staged: [WalkedFile], _ installer: any DependencyInstaller
  ) throws(PackagerError) -> [RepositoryPath: (file: WalkedFile, word: String?)] {
    let cut = Dictionary(
      inputs.locks.compactMap { lock in locks[lock.path.itemName].map { (lock.path, $0) } }
        .filter { LockSlice.isCut($0.1) }
    ) { first, _ in first }
    let mirrored = Set(installer.mirrored).subtracting((inputs.own + inputs.others).map(\.path))
    let isMirrored = cut.keys.contains { lock in mirrored.allSatisfy(lock.parent.contains) }
    let whole = staged.filter { cut[$0.path] == nil && !(isMirrored && mirrored.contains($0.path)) }
    let words = try FileHash.words(root: workspace.root, files: whole, workers: 1)
    let known = Dictionary(zip(whole, words).map { ($0.path, $1) }) { first, _ in first }.merging(cut) { $1 }
    return Dictionary(staged.map { ($0.path, (file: $0, word: known[$0.path])) }) { first, _ in first }
  }
}
