internal import Core

/// Where the imports of Go packages lead: a program is made of whole packages.
struct GoGraph: SourceGraph {
  let index: RepositoryIndex
  let language: Go
  private let modules: GoModules

  init(index: RepositoryIndex, language: Go) {
    self.index = index
    self.language = language
    modules = GoModules.all(in: index)
  }

  func closure(of subject: ClosureSubject) -> SourceClosure {
    var walk = SourceWalk([])
    var files: Set<RepositoryPath> = []
    let homes = subject.entries.isEmpty ? [subject.unit] : subject.entries.map(\.parent)
    guard homes.contains(where: { index.files(in: $0).contains(where: language.isSource) }) else {
      return .unit
    }
    homes.forEach { walk.add($0) }
    var folders: Set<RepositoryPath> = [subject.project]
    while let package = walk.next() {
      folders.insert(package)
      for file in index.files(in: package) where counts(file) {
        files.insert(file)
        guard language.isSource(file), let reading = index.reading(file, language) else { continue }
        for pattern in reading.files { files.formUnion(embedded(pattern, in: package)) }
        for found in reading.imports {
          if let folder = modules.folder(of: found.module, from: file) { walk.add(folder) }
        }
      }
    }
    let tops = Set(folders.compactMap { modules.module(of: $0)?.folder })
    let workspaces = Set(folders.compactMap(modules.workspace))
    files.formUnion(index.existing(["go.mod"], in: tops))
    files.formUnion(index.existing(["go.work"], in: workspaces))
    // A vendored module's version stands in a list of its own.
    if files.contains(where: { $0.components.contains("vendor") }) {
      files.formUnion(index.existing(["vendor/modules.txt"], in: tops))
    }
    let locks = index.existing(["go.sum"], in: tops) + index.existing(["go.work.sum"], in: workspaces)
    return .of(files, unit: subject.unit, hasCommand: subject.hasCommand, locks: locks)
  }

  /// Whether the compiler reads the file for its package.
  private func counts(_ file: RepositoryPath) -> Bool {
    let endings = ["go", "s", "S", "c", "h", "cc", "cpp", "hpp", "syso"]
    return !language.isAside(file) && file.fileExtension.map(endings.contains) ?? false
  }

  private func embedded(_ pattern: String, in package: RepositoryPath) -> [RepositoryPath] {
    guard let path = package.resolving(pattern) else { return [] }
    if index.hasFile(path) { return [path] }
    if index.folders.contains(path) { return index.files(below: path) }
    guard let glob = Glob(Array(path.text.utf8)[...]) else { return [] }
    return index.files(below: package).filter { file in
      var place = file
      while place != package, !place.isRoot {
        if glob.matches(place.text) { return true }
        place = place.parent
      }
      return false
    }
  }
}
