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
  /// What the walk found, files and empty folders.
  let walked: TreeWalk.Found
  private let memory: RepositoryMemory
  /// What git says about the files.
  let git: GitView
  private let marks: Set<String>

  /// Looks at the repository at the absolute path `root`.
  ///
  /// - Parameters:
  ///   - marks: the names of files by which languages tell what is to be installed.
  ///   - hashes: whether the content of what is looked into is wanted for digests as well.
  ///   - cache: knows what files show that have not changed.
  init(
    root: String, git: GitView, marks: Set<String> = [], hashes: Bool = false, cache: StatCache? = nil
  ) throws(PackagerError) {
    memory = RepositoryMemory(hashes: hashes, cache: cache)
    self.git = git
    var walk = TreeWalk(root: root, git: git, excludesDefaults: false)
    // Beside the functions they harm nobody.
    walk.refusesForeignNames = false
    walk.marks = marks
    self.marks = marks
    walk.enters = { path in
      !path.isNamed("node_modules") && !path.isNamed("__pycache__")
        && path.withName { $0.first != UInt8(ascii: ".") }
    }
    self.root = root
    walked = try walk.found(below: .root)
    files = walked.files.filter { $0.kind != .emptyFolder }.map(\.path)
    var links: [RepositoryPath: RepositoryPath] = [:]
    for link in walked.files where link.kind == .link {
      guard let target = try? FileHash.linkTarget(link.path.absolute(in: root)) else { continue }
      links[link.path] = link.path.parent.resolving(target)
    }
    self.links = links
    fileSet = Set(files)
    var folders: Set<RepositoryPath> = [.root]
    var byFolder: [RepositoryPath: [RepositoryPath]] = [:]
    // Files of one folder stand together as a rule: each stretch is looked up once.
    var start = 0
    while start < files.count {
      var folder = files[start].parent
      var end = start + 1
      while end < files.count, files[end].parent == folder { end += 1 }
      byFolder[folder, default: []] += files[start..<end]
      while folders.insert(folder).inserted { folder = folder.parent }
      start = end
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
    folder.isRoot ? files : Array(Self.below(folder, files, \.self))
  }

  /// The same with all that the walk knows of them, and the empty folders.
  func walkedFiles(below folder: RepositoryPath) -> ArraySlice<WalkedFile> {
    folder.isRoot ? walked.files[...] : Self.below(folder, walked.files, \.path)
  }

  /// In byte order they stand together: a search by halves finds them among very many.
  private static func below<Element>(
    _ folder: RepositoryPath, _ files: [Element], _ path: (Element) -> RepositoryPath
  ) -> ArraySlice<Element> {
    var low = 0
    var high = files.count
    let first = folder.appending("")
    while low < high {
      let middle = (low + high) / 2
      if path(files[middle]) < first { low = middle + 1 } else { high = middle }
    }
    return files[low...].prefix { folder.contains(path($0)) }
  }

  /// The bytes of a manifest or another small text of the repository.
  func read(_ path: RepositoryPath) throws(PackagerError) -> [UInt8] {
    try system { () throws(SystemError) in try content(of: path, limit: Self.longestSource) }
  }

  /// The bytes of a file. Its word is kept where digests are wanted, so that it need not be opened for it again.
  func content(of path: RepositoryPath, limit: Int) throws(SystemError) -> [UInt8] {
    let file = try RegularFile(path.absolute(in: root))
    let bytes = try file.content(limit: limit)
    memory.note(bytes, of: path, file)
    return bytes
  }

  /// What knows files that have not changed.
  var cache: StatCache? { memory.cache }

  /// What is known of files by looking into them, for digests. It is handed out once: who asks again wants to know what the
  /// files are then.
  func takeWords() -> [RepositoryPath: ReadWord] { memory.takeWords() }

  /// The bytes of a manifest, read once; nil where there is none, or none that can be read.
  func manifest(_ path: RepositoryPath) -> [UInt8]? {
    guard hasFile(path) else { return nil }
    if let known = memory.manifests.withLock({ $0[path] }) { return known }
    guard let bytes = try? read(path) else { return nil }
    memory.manifests.withLock { $0[path] = bytes }
    return bytes
  }

  /// Whether one of the language's files that ask for something lies in `folder`, as far as the walk has seen: such a file
  /// counts for what is installed although a rule leaves it out.
  func mayNeed(_ language: any Language, in folder: RepositoryPath) -> Bool {
    guard !marks.isEmpty, folders.contains(folder) else { return true }
    guard let marked = walked.marked[folder] else { return false }
    return language.needNames.contains(where: marked.contains)
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
    reading(file, language, isNamed: false)
  }

  /// - Parameter isNamed: whether something names symbols of the file, so that all of them count.
  private func reading(_ file: RepositoryPath, _ language: any Language, isNamed: Bool) -> SourceReading? {
    if let known = memory.readings.withLock({ $0[file] }) { return try? known.get() }
    let result = Result { () throws(SystemError) in try read(file, language, isNamed: isNamed) }
    memory.readings.withLock { $0[file] = result }
    if case .failure(let error) = result { memory.unreadable.withLock { $0[file] = error } }
    return try? result.get()
  }

  private func read(
    _ file: RepositoryPath, _ language: any Language, isNamed: Bool
  ) throws(SystemError) -> SourceReading {
    if !isNamed, let known = memory.cache?.shown(by: file, root: root, to: language.name),
      let reading = SourceReading(bytes: known.bytes)
    {
      memory.note(known.word, of: file)
      return reading
    }
    let bytes = try content(of: file, limit: Self.longestSource)
    guard !isNamed else { return language.reading(of: bytes, file: file) }
    let reading = language.outline(of: bytes, file: file)
    memory.note(reading, of: file, language)
    return reading
  }

  /// Why a source that was looked into could not be read, in the order of the paths.
  var unreadable: [(file: RepositoryPath, error: SystemError)] {
    memory.unreadable.withLock { $0 }.map { (file: $0, error: $1) }.sorted { $0.file < $1.file }
  }

  /// Looks into all of `files`, sources of `language`, on several threads.
  ///
  /// - Parameter isNamed: whether something names symbols of a file.
  func look(
    into files: [RepositoryPath], _ language: any Language,
    isNamed: @escaping @Sendable (RepositoryPath) -> Bool = { _ in false }
  ) {
    let index = self
    let files = memory.readings.withLock { readings in
      let new = files.filter { readings[$0] == nil }
      readings.reserveCapacity(readings.count + new.count)
      return new
    }
    guard !files.isEmpty else { return }
    memory.expect(files.count)
    // A few at a time: threads that ask for every one of them wait for each other.
    let batch = 8
    let workers = files.count < batch ? 1 : Threads.processorCount
    Threads.forEach(count: (files.count + batch - 1) / batch, workers: workers) { number in
      for file in files[(number * batch)..<min(files.count, (number + 1) * batch)] {
        _ = index.reading(file, language, isNamed: isNamed(file))
      }
    }
  }
}

/// What has been read of a repository, so that nothing is read twice.
private final class RepositoryMemory: Sendable {
  let manifests = Lock<[RepositoryPath: [UInt8]]>([:])
  let models = Lock<[String: any Sendable]>([:])
  let readings = Lock<[RepositoryPath: Result<SourceReading, SystemError>]>([:])
  let unreadable = Lock<[RepositoryPath: SystemError]>([:])
  private let words = Lock<[RepositoryPath: ReadWord]>([:])
  private let hashes: Bool
  let cache: StatCache?

  init(hashes: Bool, cache: StatCache?) {
    self.hashes = hashes
    self.cache = cache
  }

  func note(_ bytes: [UInt8], of path: RepositoryPath, _ file: borrowing RegularFile) {
    guard hashes else { return }
    let word = FileHash.word(of: bytes, isExecutable: file.status.isExecutable)
    let stamp = file.status.stamp
    words.withLock { $0[path] = ReadWord(word: word, stamp: stamp) }
  }

  /// Makes room for what so many files will show.
  func expect(_ count: Int) {
    guard hashes else { return }
    words.withLock { $0.reserveCapacity($0.count + count) }
  }

  func note(_ word: ReadWord, of path: RepositoryPath) {
    guard hashes else { return }
    words.withLock { $0[path] = word }
  }

  /// Keeps what a source shows for the next run, where there is a cache for that.
  func note(_ reading: SourceReading, of path: RepositoryPath, _ language: any Language) {
    guard hashes, cache != nil else { return }
    let bytes = Array(language.name.utf8) + [0] + reading.bytes
    words.withLock { $0[path]?.reading = bytes }
  }

  func takeWords() -> [RepositoryPath: ReadWord] {
    words.withLock { words in
      defer { words = [:] }
      return words
    }
  }
}
