internal import Core

/// The files and folders of a repository that no ignore rule drops, and what those that were looked into say.
struct RepositoryIndex: Sendable {
  /// Absolute path of the root.
  let root: String
  /// From the root, in byte order.
  let files: [RepositoryPath]
  let folders: Set<RepositoryPath>
  /// What links in the repository lead to in it.
  private let links: [RepositoryPath: RepositoryPath]
  private let byFolder: [RepositoryPath: [RepositoryPath]]
  private let fileSet: Set<RepositoryPath>
  private let memory = RepositoryMemory()

  init(root: String, git: GitView) throws(PackagerError) {
    var walk = TreeWalk(root: root, git: git, excludesDefaults: false)
    // Beside the functions they harm nobody.
    walk.refusesForeignNames = false
    walk.enters = { path in
      let name = path.name
      return name != "node_modules" && name != "__pycache__" && !name.hasPrefix(".")
    }
    self.root = root
    let walked = try walk.files(below: .root).filter { $0.kind != .emptyFolder }
    files = walked.map(\.path)
    var links: [RepositoryPath: RepositoryPath] = [:]
    for link in walked where link.kind == .link {
      guard let target = try? FileHash.linkTarget(link.path.absolute(in: root)) else { continue }
      links[link.path] = link.path.parent.resolving(target)
    }
    self.links = links
    fileSet = Set(files)
    var folders: Set<RepositoryPath> = [.root]
    var byFolder: [RepositoryPath: [RepositoryPath]] = [:]
    for file in files {
      var folder = file.parent
      byFolder[folder, default: []].append(file)
      while folders.insert(folder).inserted { folder = folder.parent }
    }
    self.folders = folders
    self.byFolder = byFolder
  }

  /// Whether there is a file at `path`, perhaps behind links.
  func hasFile(_ path: RepositoryPath) -> Bool {
    guard !links.isEmpty else { return fileSet.contains(path) }
    return fileSet.contains(path) && links[path] == nil || fileSet.contains(behindLinks(path))
  }

  /// Whether a link lies at `path`.
  func isLink(_ path: RepositoryPath) -> Bool { links[path] != nil }

  /// Whether `path` leads to a folder through links.
  func isLinkedFolder(_ path: RepositoryPath) -> Bool {
    guard !links.isEmpty else { return false }
    let real = behindLinks(path)
    return real != path && folders.contains(real)
  }

  /// The path without links on its way. Links in a circle lead nowhere.
  private func behindLinks(_ path: RepositoryPath) -> RepositoryPath {
    var path = path
    for _ in 0..<Self.longestChain {
      var prefix = path
      while links[prefix] == nil, !prefix.isRoot { prefix = prefix.parent }
      guard let target = links[prefix] else { return path }
      path = prefix == path ? target : target.appending(path.relative(to: prefix))
    }
    return path
  }

  /// How many links may lead to one another, as on Linux.
  private static let longestChain = 40

  /// The files directly in `folder`.
  func files(in folder: RepositoryPath) -> [RepositoryPath] { byFolder[folder] ?? [] }

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

  /// The bytes of a manifest or another small text of the repository.
  func read(_ path: RepositoryPath) throws(PackagerError) -> [UInt8] {
    try system { () throws(SystemError) in try Files.read(path.absolute(in: root), limit: Self.longestSource)
    }
  }

  /// The bytes of a manifest, read once; nil where there is none, or none that can be read.
  func manifest(_ path: RepositoryPath) -> [UInt8]? {
    guard hasFile(path) else { return nil }
    if let known = memory.manifests.withLock({ $0[path] }) { return known }
    guard let bytes = try? read(path) else { return nil }
    memory.manifests.withLock { $0[path] = bytes }
    return bytes
  }

  /// The nearest file called `name` in `folder` or above it.
  func nearest(_ name: String, from folder: RepositoryPath) -> RepositoryPath? {
    var folder = folder
    while true {
      let path = folder.appending(name)
      if hasFile(path) { return path }
      guard !folder.isRoot else { return nil }
      folder = folder.parent
    }
  }

  /// What `make` makes of the repository, made once under `key`: what a language knows of its projects.
  func remembered<Value: Sendable>(_ key: String, _ make: () -> Value) -> Value {
    if let known = memory.models.withLock({ $0[key] }) as? Value { return known }
    let value = make()
    memory.models.withLock { $0[key] = value }
    return value
  }

  /// The most bytes of a source file that is looked into.
  static let longestSource = 4 << 20

  /// What the source `file` of `language` shows, read once; nil where it cannot be read.
  func reading(_ file: RepositoryPath, _ language: any Language) -> SourceReading? {
    if let known = memory.readings.withLock({ $0[file] }) { return try? known.get() }
    let result = Result { () throws(SystemError) in
      language.reading(of: try Files.read(file.absolute(in: root), limit: Self.longestSource), file: file)
    }
    memory.readings.withLock { $0[file] = result }
    return try? result.get()
  }

  /// Why a source that was looked into could not be read, in the order of the paths.
  var unreadable: [(file: RepositoryPath, error: SystemError)] {
    memory.readings.withLock { readings in
      readings.compactMap { file, result in
        if case .failure(let error) = result { (file, error) } else { nil }
      }
    }.sorted { $0.file < $1.file }
  }

  /// Looks into all of `files`, sources of `language`, on several threads.
  func look(into files: [RepositoryPath], _ language: any Language) {
    let index = self
    Threads.forEach(count: files.count, workers: files.count < 8 ? 1 : Threads.processorCount) { number in
      _ = index.reading(files[number], language)
    }
  }
}

/// What has been read of a repository, so that nothing is read twice.
private final class RepositoryMemory: Sendable {
  let manifests = Lock<[RepositoryPath: [UInt8]]>([:])
  let models = Lock<[String: any Sendable]>([:])
  let readings = Lock<[RepositoryPath: Result<SourceReading, SystemError>]>([:])
}
