internal import Core

/// The files and folders of a repository that no ignore rule drops, for discovery.
struct RepositoryIndex: Sendable {
  /// Absolute path of the root.
  let root: String
  /// From the root, in byte order.
  let files: [String]
  let folders: Set<String>
  private let fileSet: Set<String>

  init(root: String) throws(PackagerError) {
    var walk = TreeWalk(root: root, excludesDefaults: false)
    walk.enters = { path in
      let name = RootPath.name(path)
      return name != "node_modules" && name != "__pycache__" && !name.hasPrefix(".")
    }
    self.root = root
    files = try walk.files(below: "").filter { $0.kind != .emptyFolder }.map(\.path)
    fileSet = Set(files)
    var folders: Set<String> = [""]
    for file in files {
      var folder = RootPath.parent(file)
      while folders.insert(folder).inserted { folder = RootPath.parent(folder) }
    }
    self.folders = folders
  }

  func hasFile(_ path: String) -> Bool { fileSet.contains(path) }

  /// The files of `folder` and below it.
  func files(below folder: String) -> [String] {
    guard !folder.isEmpty else { return files }
    // In byte order they stand together: a search by halves finds them among very many.
    let prefix = folder + "/"
    var low = 0
    var high = files.count
    while low < high {
      let middle = (low + high) / 2
      if files[middle].utf8.lexicographicallyPrecedes(prefix.utf8) { low = middle + 1 } else { high = middle }
    }
    return Array(files[low...].prefix { $0.hasPrefix(prefix) })
  }

  func read(_ path: String) throws(PackagerError) -> [UInt8] {
    try system { () throws(SystemError) in try Files.read("\(root)/\(path)") }
  }

  /// The handler candidates among `files`, read on several threads. A file that cannot be read is none.
  func candidates(in files: [String]) -> [HandlerCandidate] {
    let root = root
    let results = Lock([HandlerCandidate?](repeating: nil, count: files.count))
    Threads.forEach(count: files.count, workers: Threads.processorCount) { index in
      guard let candidate = Self.candidate(files[index], root: root) else { return }
      results.withLock { $0[index] = candidate }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  private static func candidate(_ file: String, root: String) -> HandlerCandidate? {
    guard let language = Languages.of(file: file), !language.isAside(file),
      let source = try? Files.read("\(root)/\(file)", limit: 4 << 20)
    else { return nil }
    let isConventional = HandlerCandidate.conventionalNames.contains(RootPath.stem(file))
    let found = language.handlers(in: source, isConventional: isConventional)
    // Beside the customary name another one is a helper.
    let exact = found.filter { ["handler", "lambda_handler", "lambdaHandler"].contains($0) }
    let symbols = exact.isEmpty ? found : exact
    return symbols.isEmpty ? nil : HandlerCandidate(language: language, file: file, symbols: symbols)
  }
}
