internal import Core

/// Where the imports of Python sources lead.
struct PythonGraph: SourceGraph {
  let index: RepositoryIndex
  let language: Python
  let modules: PythonModules

  init(index: RepositoryIndex, language: Python) {
    self.index = index
    self.language = language
    modules = PythonModules(index: index, language: language)
  }

  /// The folders, in their order, that hold a module or a package of each name: wanted where an import leads nowhere, and
  /// made then.
  private var homes: [String: [RepositoryPath]] { index.remembered("python homes", madeHomes) }

  private func madeHomes() -> [String: [RepositoryPath]] {
    var homes: [String: Set<RepositoryPath>] = [:]
    for file in index.files where language.isSource(file) && !Self.isTest(file) {
      if !file.isNamed("__init__.py") { homes[file.stem, default: []].insert(file.parent) }
      var folder = file.parent
      // A folder is there with all that are above it.
      while !folder.isRoot, homes[folder.name, default: []].insert(folder.parent).inserted {
        folder = folder.parent
      }
    }
    return homes.mapValues { $0.sorted() }
  }

  private static func isTest(_ file: RepositoryPath) -> Bool {
    file.components.dropLast().contains {
      ["test", "tests", "node_modules", "site-packages", "venv"].contains($0)
    }
  }

  func closure(of subject: ClosureSubject) -> SourceClosure {
    var search = PythonSearch(graph: self, subject: subject)
    search.run()
    return search.closure
  }

  /// The folders that hold the top-level module `name`, the nearest to `home` first.
  func homes(of name: Substring, near home: RepositoryPath) -> [RepositoryPath] {
    let own = home.components
    let shared = { (folder: RepositoryPath) in zip(folder.components, own).prefix { $0 == $1 }.count }
    return (homes[String(name)] ?? []).enumerated().sorted { a, b in
      (-shared(a.element), a.element.components.count, a.offset)
        < (-shared(b.element), b.element.components.count, b.offset)
    }.map(\.element)
  }
}

/// Looks for modules below folders, as Python does.
struct PythonModules {
  let index: RepositoryIndex
  let language: Python

  /// What `module`, and `names` out of it, are below the folder `base`; empty where its first part is not there.
  func files(of module: [Substring], names: [String], in base: RepositoryPath) -> [RepositoryPath] {
    var found: [RepositoryPath] = []
    var folder = base
    for part in module {
      let inner = folder.appending(part)
      let package = inner.appending("__init__.py")
      let file = folder.appending("\(part).py")
      if index.hasFile(package) {
        found.append(package)
        folder = inner
      } else if index.hasFile(file) {
        return found + [file]
      } else if index.holdsFiles(inner) {
        folder = inner
      } else {
        return found
      }
    }
    for name in names {
      let file = folder.appending("\(name).py")
      let package = folder.appending(name).appending("__init__.py")
      if index.hasFile(package) { found.append(package) } else if index.hasFile(file) { found.append(file) }
    }
    return found
  }

  /// Whether all of `module` is there below `base`, up to names inside of a module.
  func isThere(_ module: [Substring], in base: RepositoryPath) -> Bool {
    guard let first = module.first else { return false }
    return index.hasFile(base.appending("\(first).py")) || index.holdsSources(base.appending(first), language)
  }

  /// The folder that the imports of `handler` start from: the unit's own where they resolve, else the first folder on the way
  /// to the handler from which more of them do; one above the unit where the handler imports its own packages from there.
  func importRoot(of handler: RepositoryPath, unit: RepositoryPath) -> RepositoryPath {
    let modules = (index.reading(handler, language)?.imports ?? []).filter { !$0.module.hasPrefix(".") }
      .map { $0.module.split(separator: ".") }
      .filter { !PythonStandardLibrary.modules.contains(String($0.first ?? "")) }
    var folders = index.upwards(from: handler.parent).filter(unit.contains)
    folders.reverse()
    let resolved = { (folder: RepositoryPath) in modules.count { isThere($0, in: folder) } }
    let best = folders.max { resolved($0) < resolved($1) } ?? unit
    if resolved(best) > resolved(unit) { return folders.first { resolved($0) == resolved(best) } ?? unit }
    let lost = modules.filter { !isThere($0, in: unit) }
    for above in index.upwards(from: unit).dropFirst() {
      let takesOwn = lost.contains { module in
        guard let first = module.first, !files(of: module, names: [], in: above).isEmpty else { return false }
        return above.appending(first).contains(handler)
      }
      if takesOwn { return above }
    }
    return unit
  }
}

extension RepositoryIndex {
  /// Whether the folder is there.
  func holdsFiles(_ folder: RepositoryPath) -> Bool { folders.contains(folder) || isLinkedFolder(folder) }

  /// Whether sources of `language` lie in the folder or below it.
  func holdsSources(_ folder: RepositoryPath, _ language: any Language) -> Bool {
    if isLinkedFolder(folder) { return true }
    guard folders.contains(folder) else { return false }
    if files(in: folder).contains(where: language.isSource) { return true }
    return files(below: folder).contains(where: language.isSource)
  }
}
