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

  /// From the package's top.
  public let path: RepositoryPath
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
  init(_ sources: [Source], boundary: [String]) throws(PackagerError) {
    var builder = PackageTreeBuilder(sources: sources, boundary: boundary)
    for source in sources { try builder.add(source) }
    entries = builder.entries.values.sorted { $0.path < $1.path }
    try Self.checkFolders(entries)
    var byCase: [RepositoryPath: RepositoryPath] = [:]
    var warnings: [String] = []
    for entry in entries {
      if let other = byCase.updateValue(entry.path, forKey: entry.path.lowercased) {
        warnings.append("\(other) and \(entry.path) differ by case only; a Mac cannot unpack both")
      }
    }
    self.warnings = warnings
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
    // Git keeps no empty folders: with them a fresh clone would have another package.
    for (entry, content) in zip(entries, results.withLock { $0 }) where entry.content != .emptyFolder {
      let last: [UInt8] = if case .link(let target) = entry.content { Array(target.utf8) } else { content }
      hasher.add([
        Array(String(entry.mode, radix: 8).utf8), Array(entry.path.text.utf8), Array(String(entry.size).utf8),
        last,
      ])
    }
    return hasher.digest()
  }
}

/// Resolves links and checks names while a tree is put together.
private struct PackageTreeBuilder {
  var entries: [RepositoryPath: PackageEntry] = [:]
  private let boundary: [String]
  /// Where everything in the package lies, as absolute paths.
  private let origins: [RepositoryPath: String]

  init(sources: [PackageTree.Source], boundary: [String]) {
    self.boundary = boundary.map(Self.real)
    origins = Dictionary(sources.map { ($0.path, $0.file) }) { first, _ in first }
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

  private func check(_ path: RepositoryPath) throws(PackagerError) {
    guard !path.isRoot else { throw .archive(reason: "an empty name cannot go into a package") }
    guard path.text.utf8.count < 65_536 else {
      throw .archive(reason: "the name '\(path.text.prefix(80).escaped)…' is too long for a zip")
    }
    guard path.text.unicodeScalars.allSatisfy(Self.isPackable) else {
      throw .archive(
        reason:
          "the name '\(path)' holds a control character, or one that turns the direction of writing around; "
          + "rename the file or leave it out")
    }
  }

  /// Not what makes a name look like another one; joiners are part of what people write.
  private static func isPackable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.showsItself || [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF].contains(scalar.value)
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
      let status = try system { () throws(SystemError) in try RegularFile(file).status }
      // What Lambda starts must be executable, whatever a checkout made of it.
      let isStarted = source.path == "bootstrap" || source.path.parent == "extensions"
      content = .file(source: file, size: status.size, isExecutable: isStarted || status.isExecutable)
    }
    entries[source.path] = PackageEntry(path: source.path, content: content, rule: source.rule)
  }

  private static func origin(_ entry: PackageEntry) -> String? {
    if case .file(let source, _, _) = entry.content { source } else { nil }
  }

  private mutating func addLink(_ source: PackageTree.Source, depth: Int) throws(PackagerError) {
    let file = source.file
    let target = try system { () throws(SystemError) in try FileHash.linkTarget(file) }
    let isAbsolute = target.utf8.first == UInt8(ascii: "/")
    // A layer's files, which are there only at run time.
    if target.utf8.starts(with: "/opt/".utf8) { return try insert(source, .link(target: target)) }
    let inside = isAbsolute ? nil : source.path.parent.resolving(target)
    guard let resolved = realpath(file, nil) else {
      let why = errno == ELOOP ? "leads in a circle" : "leads to '\(target.escaped)', which does not exist"
      throw .archive(reason: "the link \(source.path) \(why); remove it or add its target")
    }
    defer { free(resolved) }
    let real = String(cString: resolved)
    if let inside, isPackaged(real, at: inside) { return try insert(source, .link(target: target)) }
    guard boundary.contains(where: { Self.contains($0, real) }) else {
      throw .archive(
        reason:
          "the link \(source.path) leads to \(real.escaped), outside of the repository; copy the file into it"
      )
    }
    guard depth < 16 else { throw .archive(reason: "the link \(source.path) leads through too many others") }
    guard Files.isFolder(real) else {
      return try add(
        PackageTree.Source(path: source.path, file: real, kind: .file, rule: source.rule), depth: depth + 1)
    }
    // A link to a folder above itself would never end.
    guard !Self.contains(real, Self.real(Self.folder(of: file))) else {
      throw .archive(reason: "the link \(source.path) leads to a folder that it lies in itself; remove it")
    }
    let walk = TreeWalk(root: real, ignoreFiles: [])
    for found in try walk.files(below: .root) {
      try add(
        PackageTree.Source(
          path: source.path.appending(found.path), file: found.path.absolute(in: real), kind: found.kind,
          rule: source.rule), depth: depth + 1)
    }
  }

  /// Whether the file or folder `real` is what stands at `path` of the package: another one's may have its place.
  private func isPackaged(_ real: String, at path: RepositoryPath) -> Bool {
    if let origin = origins[path] { return Self.real(origin) == real }
    let below = origins.filter { path.contains($0.key) }
    return !below.isEmpty
      && below.allSatisfy {
        Self.real(Self.folder(of: $0.value)) == $0.key.parent.relative(to: path).absolute(in: real)
      }
  }

  /// Whether the absolute `path` is the folder `folder` or lies below it.
  private static func contains(_ folder: String, _ path: String) -> Bool {
    let own = folder.utf8
    return path.utf8.starts(with: own)
      && (path.utf8.count == own.count || path.utf8.dropFirst(own.count).first == UInt8(ascii: "/"))
  }

  /// The folder that the file at an absolute path lies in.
  private static func folder(of file: String) -> String {
    file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[..<$0]) } ?? ""
  }
}

extension RepositoryPath {
  /// The path as a file system has it to which letters of both sizes are the same.
  fileprivate var lowercased: RepositoryPath {
    components.reduce(RepositoryPath.root) { $0.appending($1.lowercased()) }
  }
}
