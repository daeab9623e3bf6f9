package import Core

/// One thing in a package.
package struct PackageEntry: Hashable, Sendable {
  /// What it is.
  package enum Content: Hashable, Sendable {
    /// The bytes of the file at `source`, an absolute path.
    case file(source: String, size: Int, isExecutable: Bool)
    /// A symbolic link.
    case link(target: String)
    /// A folder that is empty on purpose.
    case emptyFolder
  }

  /// From the package's top.
  package let path: RepositoryPath
  /// What it is.
  package let content: Content
  /// The rule that took it, where being there was not reason enough.
  package let rule: String?

  /// Length of a file's content in bytes, 0 for others.
  package var size: Int { if case .file(_, let size, _) = content { size } else { 0 } }

  /// The Unix type and permissions that the zip gives it.
  package var mode: UInt32 {
    switch content {
    case .file(_, _, let isExecutable): isExecutable ? 0o100755 : 0o100644
    case .link: 0o120777
    case .emptyFolder: 0o040755
    }
  }
}

/// The content of a package in the order of the zip: that of the paths' bytes.
package struct PackageTree: Sendable {
  /// What is in it; each path once.
  package let entries: [PackageEntry]
  /// What is not wrong but worth knowing, such as names that differ by case only.
  package let warnings: [String]
  /// How the content of each entry begins (``ContentStart``), once all of it has been read for another purpose.
  private(set) var starts: [UInt32]?

  /// Length of all contents in bytes.
  package var unzippedSize: Int { entries.reduce(0) { $0 + $1.size } }

  /// The rule of what was installed because a manifest asks for it.
  static let dependencyRule = "dependencies"

  /// A source of an entry: where it goes and where it lies.
  struct Source: Hashable, Sendable {
    /// From the package's top.
    let path: RepositoryPath
    /// Absolute.
    let file: String
    let kind: WalkedFile.Kind
    var rule: String?
  }

  /// Collects entries, refusing what a package cannot hold.
  ///
  /// - Parameter boundary: the folders that links may lead into; what lies there is copied.
  /// - Throws: ``PackagerError`` with everything that is wrong.
  init(_ sources: [Source], boundary: [String]) throws(PackagerError) {
    var builder = PackageTreeBuilder(sources: sources, boundary: boundary)
    var faults: [PackagerError] = []
    for source in sources {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in try builder.add(source) }
    }
    if let error = PackagerError(all: faults) { throw error }
    entries = builder.entries.values.sorted { $0.path < $1.path }
    try Self.checkFolders(entries)
    warnings = NameTwins.warnings(entries)
  }

  /// The tree below the absolute path `folder`, everything but what never is packaged.
  init(folder: String, exclude: [String] = []) throws(PackagerError) {
    let rules = ExcludeRules(exclude, folder: .root)
    let walk = TreeWalk(root: folder, ignoreFiles: [], excludesDefaults: false)
    let sources = try walk.files(below: .root).filter { !rules.removes($0.path) }.map { file in
      Source(path: file.path, file: file.path.absolute(in: folder), kind: file.kind, rule: nil)
    }
    try self.init(sources, boundary: [folder])
  }

  /// Throws where something is to lie in a folder that is none: what is written there would go where a link leads.
  private static func checkFolders(_ entries: [PackageEntry]) throws(PackagerError) {
    let all = Set(entries.filter { $0.content != .emptyFolder }.map(\.path))
    for entry in entries {
      var folder = entry.path.parent
      while !folder.isRoot {
        guard !all.contains(folder) else {
          throw .archive(
            reason: "\(folder) is a file or a link in the package, and \(entry.path) is to lie in it; "
              + "rename one of them, or put the shared code elsewhere with \"into\"")
        }
        folder = folder.parent
      }
    }
  }

  /// The digest of the content (tag `lamctl-pkg-1`): type, mode class, path, length and SHA-256 of every entry. It does
  /// not depend on how a zip is compressed.
  ///
  /// - Throws: ``PackagerError`` when a file cannot be read.
  package func digest(workers: Int = Threads.processorCount) throws(PackagerError) -> Digest {
    try read(workers: workers).digest
  }

  /// The digest as ``digest(workers:)``, and the tree with what the reading has shown.
  func read(
    workers: Int = Threads.processorCount
  ) throws(PackagerError) -> (digest: Digest, tree: PackageTree) {
    let entries = entries
    let batch = 32
    let results = Lock([(digest: [UInt8], start: UInt32)](repeating: ([], 0), count: entries.count))
    let failure = Lock<SystemError?>(nil)
    Threads.forEach(count: (entries.count + batch - 1) / batch, workers: workers) { index in
      var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
      let hasher = SHA256()
      for position in (index * batch)..<min(entries.count, (index + 1) * batch) {
        do throws(SystemError) {
          guard case .file(let source, _, _) = entries[position].content else { continue }
          let content = try FileHash.content(source, buffer: &buffer, hasher: hasher)
          results.withLock { $0[position] = (content.digest.bytes, content.start) }
        } catch {
          failure.withLock { $0 = $0 ?? error }
          return
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw .system(error) }
    let hasher = RecordHasher(tag: Self.digestTag)
    let contents = results.withLock { $0 }
    for (entry, content) in zip(entries, contents) { entry.add(to: hasher, content: content.digest) }
    return (hasher.digest(), noting(starts: contents.map(\.start)))
  }

  /// The tree whose entries begin like this, in their order.
  func noting(starts: [UInt32]) -> PackageTree {
    var tree = self
    tree.starts = starts
    return tree
  }

  /// Names the rules by which trees are hashed.
  static let digestTag = "lamctl-pkg-1"
}

extension PackageEntry {
  /// Adds the entry to the digest of a tree; `content` is the SHA-256 of a file.
  func add(to hasher: RecordHasher, content digest: [UInt8]) {
    // Git keeps no empty folders: with them a fresh clone would have another package.
    guard content != .emptyFolder else { return }
    let last: [UInt8] = if case .link(let target) = content { Array(target.utf8) } else { digest }
    hasher.add([
      Array(String(mode, radix: 8).utf8), Array(path.text.utf8), Array(String(size).utf8), last,
    ])
  }
}
