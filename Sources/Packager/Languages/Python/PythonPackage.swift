internal import Core

/// What Python finds in a package, and where.
struct PythonPackage {
  private let entries: [RepositoryPath: PackageEntry]
  /// The folders of the package, with those above.
  private let folders: Set<RepositoryPath>
  /// Where imports start: the top, and what `PYTHONPATH` adds.
  private let roots: [RepositoryPath]
  /// The places of every module's file or folder by name, at whatever depth.
  private let byName: [String: [RepositoryPath]]
  /// Modules in machine code that the runtime can load.
  private var extensions: Set<RepositoryPath> = []
  /// Those that it cannot, by the path of the module.
  private var foreign: [RepositoryPath: RepositoryPath] = [:]
  private var links: Set<RepositoryPath> = []

  init(_ subject: GateSubject) {
    entries = subject.entries
    let tag = PythonExtensionTag(subject.definition)
    let runtime = subject.definition.runtime ?? ""
    roots =
      [.root] + subject.searchPath("PYTHONPATH")
      + ["python/lib/\(runtime)/site-packages", "python"].map { GateSubject.opt.appending($0) }
    var folders: Set<RepositoryPath> = []
    var code: Set<RepositoryPath> = []
    for (path, entry) in entries {
      var folder = path.parent
      while !folder.isRoot, folders.insert(folder).inserted { folder = folder.parent }
      guard case .file = entry.content else {
        if case .link = entry.content { links.insert(path) }
        continue
      }
      if path.hasSuffix(".py") || path.hasSuffix(".pyc") {
        code.insert(path)
      } else if path.hasSuffix(".so") {
        let module = path.parent.appending(String(path.name.prefix { $0 != "." }))
        if tag.loads(path.name) {
          code.insert(path)
          extensions.insert(module)
        } else {
          foreign[module] = path
        }
      }
    }
    self.folders = folders
    var named: Set<RepositoryPath> = []
    for path in code.union(links) {
      if path.name != "__init__.py" { named.insert(path) }
      var folder = path.parent
      while !folder.isRoot, named.insert(folder).inserted { folder = folder.parent }
    }
    byName = Dictionary(grouping: named.sorted()) { String($0.name.prefix { $0 != "." }) }
  }

  func isFile(_ path: RepositoryPath) -> Bool {
    if case .file? = entries[path]?.content { true } else { false }
  }

  func isFolder(_ path: RepositoryPath) -> Bool { folders.contains(path) }

  func isLink(_ path: RepositoryPath) -> Bool {
    links.contains(path) || links.contains(path.parent.appending(path.name + ".py"))
  }

  /// Whether `path` names a module in machine code, or one of which only the bytecode is there.
  func isExtension(_ path: RepositoryPath) -> Bool {
    extensions.contains(path) || isFile(path.parent.appending(path.name + ".pyc"))
  }

  /// Whether the module file `path`, without its extension, says anything.
  func hasCode(_ path: RepositoryPath) -> Bool {
    entries[path.parent.appending(path.name + ".py")].map { $0.size > 0 } ?? false
  }

  /// Whether the folder is a package whose `__init__` says nothing, or that has none.
  func isEmptyPackage(_ folder: RepositoryPath) -> Bool {
    isFolder(folder) && !hasCode(folder.appending("__init__")) && !isExtension(folder.appending("__init__"))
      && !isFile(folder.parent.appending(folder.name + ".py")) && !isLink(folder)
  }

  /// Whether a module or a package lies at `path`, whatever kind.
  func hasModule(_ path: RepositoryPath) -> Bool {
    isFile(path.parent.appending(path.name + ".py")) || isFolder(path) || isExtension(path) || isLink(path)
  }

  /// The search root at which the top-level module `name` is found.
  func root(of name: String) -> RepositoryPath? {
    roots.first { root in byName[name]?.contains { $0.parent == root } ?? false }
  }

  /// Where in the package modules of this name lie.
  func places(of name: String) -> [RepositoryPath] { byName[name] ?? [] }

  /// The library in machine code that would be the top-level module `name`, were it built for the runtime.
  func foreignExtension(_ name: String) -> String? {
    roots.lazy.compactMap { foreign[$0.appending(name)] }.first?.text
  }

  /// The library in machine code that would be the module at `path`, were it built for the runtime; nil where there is
  /// another one.
  func foreignExtension(at path: RepositoryPath) -> RepositoryPath? {
    hasModule(path) ? nil : foreign[path]
  }

  /// The search root that a file belongs to.
  func searchRoot(of file: RepositoryPath) -> RepositoryPath {
    roots.filter { $0.contains(file) }.max { $0.components.count < $1.components.count } ?? .root
  }

  /// The dotted name of the package that a file is part of.
  func packageParts(of file: RepositoryPath) -> [String] {
    file.parent.relative(to: searchRoot(of: file)).components
  }

  /// The names at the top, as many as fit into a sentence.
  var summary: String {
    let names = byName.filter { name, places in
      places.contains { $0.parent.isRoot } && !name.hasSuffix("dist-info")
    }.keys.sorted()
    let shown = names.prefix(6).joined(separator: ", ")
    return names.isEmpty ? "no module" : names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}

/// Which libraries CPython of a runtime takes for modules by their names.
struct PythonExtensionTag {
  private let interpreter: String
  private let machine: String

  init(_ definition: FunctionDefinition) {
    interpreter = "cpython-" + (definition.runtime ?? "").filter(\.isNumber) + "-"
    machine = definition.architectures[0] == "arm64" ? "aarch64" : "x86_64"
  }

  /// Whether it loads `name`: `_x.so`, `_x.abi3.so`, and of `_x.cpython-313-x86_64-linux-gnu.so` its own only.
  func loads(_ name: String) -> Bool {
    let parts = name.split(separator: ".")
    guard parts.count > 2, parts[parts.count - 2].hasPrefix("cpython-") else { return true }
    let tag = parts[parts.count - 2]
    return tag.hasPrefix(interpreter) && tag.contains(machine) && tag.hasSuffix("linux-gnu")
  }
}
