internal import Core

/// Follows the imports of one unit's handlers.
struct PythonSearch {
  let graph: PythonGraph
  let subject: ClosureSubject
  private(set) var closure = SourceClosure.unit
  private var walk: SourceWalk
  /// Packages of the repository that the manifests name, whose files count as a whole.
  private let local: [RepositoryPath]
  /// Names of what the manifests ask for from elsewhere.
  private let required: Set<String>
  private var told: Set<String> = []

  init(graph: PythonGraph, subject: ClosureSubject) {
    self.graph = graph
    self.subject = subject
    walk = SourceWalk(subject.entries)
    let root = graph.index.root
    var folders: [RepositoryPath] = []
    var pending = subject.project == subject.unit ? [subject.unit] : [subject.project, subject.unit]
    var seen = Set(pending)
    while let folder = pending.popLast() {
      for found in graph.language.localPackages(in: folder, root: root) where seen.insert(found).inserted {
        folders.append(found)
        pending.append(found)
      }
    }
    local = folders
    required = PythonManifest.names(in: [subject.unit, subject.project], graph.index)
  }

  private var index: RepositoryIndex { graph.index }

  mutating func run() {
    while let file = walk.next() {
      guard graph.language.isSource(file) else { continue }
      for found in index.reading(file, graph.language)?.imports ?? [] { follow(found, in: file) }
    }
    let inside = walk.found.filter { subject.root.contains($0) || subject.unit.contains($0) }
    if subject.isNarrow {
      var own = inside.union(index.data(beside: inside, in: subject.root, graph.language))
      if !subject.unit.isRoot { own.formUnion(index.files(below: subject.unit)) }
      closure.own = own.sorted()
    }
    // What lies in `uses` and in local packages counts as a whole already; a command of the unit's own finds the rest.
    guard subject.hasCommand else { return }
    let whole = subject.uses.map(\.folder) + local
    closure.reached = walk.found.subtracting(inside).filter { file in !whole.contains { $0.contains(file) } }
      .sorted()
  }

  private mutating func follow(_ found: SourceImport, in file: RepositoryPath) {
    let level = found.module.prefix { $0 == "." }.count
    let parts = found.module.dropFirst(level).split(separator: ".")
    if level > 0 { return relative(found, level: level, parts: parts, in: file) }
    guard let top = parts.first, !PythonStandardLibrary.modules.contains(String(top)) else { return }
    let bases = bases(for: file)
    for base in bases {
      let files = graph.modules.files(of: parts, names: found.names, in: base)
      if !files.isEmpty { return files.forEach { walk.add($0) } }
    }
    // A folder without a source of that name is there all the same.
    if bases.contains(where: { graph.modules.isThere(parts, in: $0) }) { return }
    if isUsed(parts, names: found.names) { return }
    guard !required.contains(Requirements.normalized(top)) else { return }
    undeclared(found, parts: parts, in: file)
  }

  /// The folders that a file's own imports may start from: the package's top, that of a local package around it, and its own
  /// folder, which is one when a handler lies there.
  private func bases(for file: RepositoryPath) -> [RepositoryPath] {
    let packages = local.flatMap { [$0, $0.appending("src"), $0.parent] }
    return [subject.root] + packages + [file.parent]
  }

  /// Follows an import into declared shared code, where that lies in the package.
  private mutating func isUsed(_ parts: [Substring], names: [String]) -> Bool {
    for use in subject.uses {
      let into = use.into.components
      guard parts.count >= into.count, zip(into, parts).allSatisfy({ $0 == String($1) }) else { continue }
      let rest = Array(parts.dropFirst(into.count))
      let files = graph.modules.files(of: rest, names: names, in: use.folder)
      let package = use.folder.appending("__init__.py")
      if !into.isEmpty, index.hasFile(package) { walk.add(package) }
      files.forEach { walk.add($0) }
      if !into.isEmpty || !files.isEmpty { return true }
    }
    return false
  }

  private mutating func relative(
    _ found: SourceImport, level: Int, parts: [Substring], in file: RepositoryPath
  ) {
    var folder = file.parent
    for _ in 1..<max(level, 1) {
      guard folder != subject.root, !folder.isRoot, !subject.uses.contains(where: { $0.folder == folder })
      else {
        guard subject.root.contains(file) else { return }
        let target = folder.parent.appending(parts.first.map(String.init) ?? found.names.first ?? "")
        let isFolder = index.folders.contains(target)
        return tell(
          "'from \(found.module) import'", found, in: file, from: isFolder ? target : target.parent,
          named: found.module)
      }
      folder = folder.parent
    }
    graph.modules.files(of: parts, names: found.names, in: folder).forEach { walk.add($0) }
    let package = folder.appending("__init__.py")
    if index.hasFile(package) { walk.add(package) }
  }

  /// Tells of an import that only the rest of the repository can satisfy.
  private mutating func undeclared(_ found: SourceImport, parts: [Substring], in file: RepositoryPath) {
    let isPackaged = subject.root.contains(file) || subject.uses.contains { $0.folder.contains(file) }
    guard let top = parts.first, isPackaged else { return }
    for home in graph.homes(of: top, near: subject.unit) {
      let folder = home.appending(top)
      // Below the unit it is in the package, wherever it is imported from; at the top of a repository that is no argument.
      let isInside = subject.unit.contains(home) && !(subject.unit.isRoot && !home.isRoot)
      guard !folder.contains(subject.unit) || subject.unit.isRoot, !isInside else { continue }
      let files = graph.modules.files(of: parts, names: found.names, in: home)
      let isWhole =
        parts.count == 1
        || files.contains { parts.last.map(String.init) == $0.stem || $0.name == "__init__.py" }
      guard graph.modules.isThere(parts, in: home),
        isWhole || index.holdsFiles(home.appending(parts.joined(separator: "/")))
      else { continue }
      // What a layer brings is not in the package, and not lamctl's to look after.
      if subject.hasLayers, Self.isLayer(home) { return }
      if subject.hasCommand { return files.forEach { walk.add($0) } }
      let isFolder = index.holdsFiles(folder)
      guard isFolder || isLikelyShared(home) else { continue }
      let shown = isFolder ? folder : home
      var fix = subject.usesFix(shown)
      if !isFolder { fix += " and \"shared\": { \"\(home)\": { \"into\": \".\" } } to lamctl.json" }
      if Self.isLayer(home) { fix += ", or name the layer that brings it in \"layers\"" }
      return tell(
        "'import \(parts.joined(separator: "."))'", found, in: file, from: shown, named: String(top), fix: fix
      )
    }
  }

  /// A single module of a common name anywhere in a repository need not be the one that is meant: it is where shared code
  /// lies by custom, or above the unit.
  private func isLikelyShared(_ home: RepositoryPath) -> Bool {
    if home.contains(subject.unit) { return true }
    let names: Set<String> = [
      "shared", "libs", "lib", "common", "utils", "layer", "layers", "python", "packages", "core",
    ]
    return home.components.contains { names.contains($0.lowercased()) }
  }

  private static func isLayer(_ folder: RepositoryPath) -> Bool {
    folder.components.contains { $0.lowercased().hasPrefix("layer") || $0 == "python" }
  }

  private mutating func tell(
    _ what: String, _ found: SourceImport, in file: RepositoryPath, from folder: RepositoryPath,
    named: String, fix: String? = nil
  ) {
    guard !subject.hasCommand, told.insert(named).inserted else { return }
    let shown = index.shown(file) { PythonModule.offset(of: found, in: $0) }
    closure.undeclared.append(subject.undeclared(what, in: shown, from: folder, fix: fix))
  }
}
