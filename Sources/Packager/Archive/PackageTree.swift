public import Core
import Glibc

/// One thing in a package.
public struct PackageEntry: Hashable, Sendable {
  /// What it is.
  public enum Content: Hashable, Sendable {
    /// The bytes of the file at `source`, an absolute path.
    case file(source: String, size: Int, isExecutable: Bool)
    /// A symbolic link.
    case link(target: String)
    /// A folder that is empty on purpose.
    case emptyFolder
  }

  /// From the package's top, with slashes.
  public let path: String
  /// What it is.
  public let content: Content
  /// The rule that took it, where being there was not reason enough.
  public let rule: String?

  /// Length of a file's content in bytes, 0 for others.
  public var size: Int { if case .file(_, let size, _) = content { size } else { 0 } }

  /// The Unix type and permissions that the zip gives it.
  public var mode: UInt32 {
    switch content {
    case .file(_, _, let isExecutable): isExecutable ? 0o100755 : 0o100644
    case .link: 0o120777
    case .emptyFolder: 0o040755
    }
  }
}

/// The content of a package in the order of the zip: that of the paths' bytes.
public struct PackageTree: Sendable {
  /// What is in it; each path once.
  public let entries: [PackageEntry]
  /// What is not wrong but worth knowing, such as names that differ by case only.
  public let warnings: [String]

  /// Length of all contents in bytes.
  public var unzippedSize: Int { entries.reduce(0) { $0 + $1.size } }

  /// A source of an entry: where it goes and where it lies.
  struct Source: Hashable, Sendable {
    /// From the package's top.
    let path: String
    /// Absolute.
    let file: String
    let kind: WalkedFile.Kind
    var rule: String?
  }

  /// Collects entries, refusing what a package cannot hold.
  ///
  /// - Parameter boundary: the folders that links may lead into; what lies there is copied.
  init(_ sources: [Source], boundary: [String]) throws(PackagerError) {
    var builder = PackageTreeBuilder(sources: sources, boundary: boundary)
    for source in sources { try builder.add(source) }
    entries = builder.entries.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    var byCase: [String: String] = [:]
    var warnings: [String] = []
    for entry in entries {
      if let other = byCase.updateValue(entry.path, forKey: entry.path.lowercased()) {
        warnings.append("\(other) and \(entry.path) differ by case only; a Mac cannot unpack both")
      }
    }
    self.warnings = warnings
  }

  /// The tree below the absolute path `folder`, everything but what never is packaged.
  init(folder: String, exclude: [String] = []) throws(PackagerError) {
    let rules = ExcludeRules(exclude, folder: "")
    let walk = TreeWalk(root: folder, ignoreFiles: [], excludesDefaults: false)
    let sources = try walk.files(below: "").filter { !rules.removes($0.path) }.map { file in
      Source(path: file.path, file: "\(folder)/\(file.path)", kind: file.kind, rule: nil)
    }
    try self.init(sources, boundary: [folder])
  }

  /// The digest of the content (tag `lamctl-pkg-1`): type, mode class, path, length and SHA-256 of every entry. It does
  /// not depend on how a zip is compressed.
  ///
  /// - Throws: ``PackagerError`` when a file cannot be read.
  public func digest(workers: Int = Threads.processorCount) throws(PackagerError) -> Digest {
    let entries = entries
    let batch = 32
    let results = Lock([[UInt8]](repeating: [], count: entries.count))
    let failure = Lock<SystemError?>(nil)
    Threads.forEach(count: (entries.count + batch - 1) / batch, workers: workers) { index in
      var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
      let hasher = SHA256()
      for position in (index * batch)..<min(entries.count, (index + 1) * batch) {
        do throws(SystemError) {
          guard case .file(let source, _, _) = entries[position].content else { continue }
          let digest = try FileHash.content(source, buffer: &buffer, hasher: hasher).digest
          results.withLock { $0[position] = digest.bytes }
        } catch {
          failure.withLock { $0 = $0 ?? error }
          return
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw .system(error) }
    let hasher = RecordHasher(tag: "lamctl-pkg-1")
    for (entry, content) in zip(entries, results.withLock { $0 }) {
      let last: [UInt8] = if case .link(let target) = entry.content { Array(target.utf8) } else { content }
      hasher.add([
        Array(String(entry.mode, radix: 8).utf8), Array(entry.path.utf8), Array(String(entry.size).utf8),
        last,
      ])
    }
    return hasher.digest()
  }
}

/// Resolves links and checks names while a tree is put together.
private struct PackageTreeBuilder {
  var entries: [String: PackageEntry] = [:]
  private let boundary: [String]
  /// Everything there is in the package, with the folders above.
  private let names: Set<String>

  init(sources: [PackageTree.Source], boundary: [String]) {
    self.boundary = boundary.map(Self.real)
    var names: Set<String> = [""]
    for source in sources {
      var path = source.path
      while names.insert(path).inserted { path = RootPath.parent(path) }
    }
    self.names = names
  }

  private static func real(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  mutating func add(_ source: PackageTree.Source, depth: Int = 0) throws(PackagerError) {
    try check(source.path)
    switch source.kind {
    case .file: try insert(source, .file(source: source.file, size: 0, isExecutable: false))
    case .emptyFolder: try insert(source, .emptyFolder)
    case .link: try addLink(source, depth: depth)
    }
  }

  private func check(_ path: String) throws(PackagerError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.isEmpty, !path.utf8.contains(0),
      !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
    else {
      throw .archive(
        reason: "the name '\(path)' cannot go into a package: it is empty, absolute, or leaves it")
    }
    guard path.utf8.count < 65_536 else {
      throw .archive(reason: "the name '\(path.prefix(80))…' is too long for a zip")
    }
  }

  private mutating func insert(_ source: PackageTree.Source, _ content: PackageEntry.Content)
    throws(PackagerError)
  {
    if let other = entries[source.path] {
      throw .archive(
        reason:
          "two sources give the file \(source.path): \(Self.origin(other) ?? "a link") and \(source.file)")
    }
    var content = content
    if case .file(let file, _, _) = content {
      var status = stat()
      guard stat(file, &status) == 0 else {
        throw .system(SystemError(operation: "read", subject: file, code: errno))
      }
      // What Lambda starts must be executable, whatever a checkout made of it.
      let isStarted = source.path == "bootstrap" || RootPath.parent(source.path) == "extensions"
      content = .file(
        source: file, size: Int(status.st_size), isExecutable: isStarted || status.st_mode & S_IXUSR != 0)
    }
    entries[source.path] = PackageEntry(path: source.path, content: content, rule: source.rule)
  }

  private static func origin(_ entry: PackageEntry) -> String? {
    if case .file(let source, _, _) = entry.content { source } else { nil }
  }

  private mutating func addLink(_ source: PackageTree.Source, depth: Int) throws(PackagerError) {
    let file = source.file
    let target = try system { () throws(SystemError) in try FileHash.linkTarget(file) }
    // A layer's files, which are there only at run time.
    if target.hasPrefix("/opt/") { return try insert(source, .link(target: target)) }
    let inside = RootPath.normalized(RootPath.join(RootPath.parent(source.path), target))
    guard let resolved = realpath(file, nil) else {
      let why = errno == ELOOP ? "leads in a circle" : "leads to '\(target)', which does not exist"
      throw .archive(reason: "the link \(source.path) \(why); remove it or add its target")
    }
    defer { free(resolved) }
    if !target.hasPrefix("/"), let inside, names.contains(inside) {
      return try insert(source, .link(target: target))
    }
    let real = String(cString: resolved)
    guard boundary.contains(where: { RootPath.contains($0, real) }) else {
      throw .archive(
        reason: "the link \(source.path) leads to \(real), outside of the repository; copy the file into it")
    }
    guard depth < 16 else { throw .archive(reason: "the link \(source.path) leads through too many others") }
    guard Files.isFolder(real) else {
      return try add(
        PackageTree.Source(path: source.path, file: real, kind: .file, rule: source.rule), depth: depth + 1)
    }
    // A link to a folder above itself would never end.
    guard !RootPath.contains(real, RootPath.parent(Self.real(RootPath.parent(file)) + "/x")) else {
      throw .archive(reason: "the link \(source.path) leads to a folder that it lies in itself; remove it")
    }
    let walk = TreeWalk(root: real, ignoreFiles: [])
    for found in try walk.files(below: "") {
      try add(
        PackageTree.Source(
          path: RootPath.join(source.path, found.path), file: "\(real)/\(found.path)", kind: found.kind,
          rule: source.rule), depth: depth + 1)
    }
  }
}
