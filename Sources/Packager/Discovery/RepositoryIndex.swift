internal import Core

/// The files and folders of a repository that no ignore rule drops, for discovery.
struct RepositoryIndex: Sendable {
  /// Absolute path of the root.
  let root: String
  /// From the root, in byte order.
  let files: [RepositoryPath]
  let folders: Set<RepositoryPath>
  private let fileSet: Set<RepositoryPath>

  init(root: String, git: GitView) throws(PackagerError) {
    var walk = TreeWalk(root: root, git: git, excludesDefaults: false)
    // Beside the functions they harm nobody.
    walk.refusesForeignNames = false
    walk.enters = { path in
      let name = path.name
      return name != "node_modules" && name != "__pycache__" && !name.hasPrefix(".")
    }
    self.root = root
    files = try walk.files(below: .root).filter { $0.kind != .emptyFolder }.map(\.path)
    fileSet = Set(files)
    var folders: Set<RepositoryPath> = [.root]
    for file in files {
      var folder = file.parent
      while folders.insert(folder).inserted { folder = folder.parent }
    }
    self.folders = folders
  }

  func hasFile(_ path: RepositoryPath) -> Bool { fileSet.contains(path) }

  /// The files of `folder` and below it.
  func files(below folder: RepositoryPath) -> [RepositoryPath] {
    guard !folder.isRoot else { return files }
    // In byte order they stand together: a search by halves finds them among very many.
    var low = 0
    var high = files.count
    let first = folder.appending("")
    while low < high {
      let middle = (low + high) / 2
      if files[middle] < first { low = middle + 1 } else { high = middle }
    }
    return Array(files[low...].prefix { folder.contains($0) })
  }

  func read(_ path: RepositoryPath) throws(PackagerError) -> [UInt8] {
    try system { () throws(SystemError) in try Files.read(path.absolute(in: root), limit: Self.longestSource)
    }
  }

  /// The most bytes of a source file that is looked into.
  static let longestSource = 4 << 20

  /// The handler candidates among `files`, read on several threads. A file that cannot be read is none.
  func candidates(in files: [RepositoryPath]) -> [HandlerCandidate] {
    let root = root
    let results = Lock([HandlerCandidate?](repeating: nil, count: files.count))
    Threads.forEach(count: files.count, workers: Threads.processorCount) { index in
      guard let candidate = Self.candidate(files[index], root: root) else { return }
      results.withLock { $0[index] = candidate }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  private static func candidate(_ file: RepositoryPath, root: String) -> HandlerCandidate? {
    guard let language = Languages.of(file: file), !language.isAside(file),
      let source = try? Files.read(file.absolute(in: root), limit: longestSource)
    else { return nil }
    let isConventional = HandlerCandidate.conventionalNames.contains(file.stem)
    let found = language.handlers(in: source, isConventional: isConventional)
    // Beside the customary name another one is a helper.
    let exact = found.filter { ["handler", "lambda_handler", "lambdaHandler"].contains($0) }
    let symbols = exact.isEmpty ? found : exact
    return symbols.isEmpty ? nil : HandlerCandidate(language: language, file: file, symbols: symbols)
  }
}
