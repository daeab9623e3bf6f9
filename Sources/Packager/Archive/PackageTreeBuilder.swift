internal import Core
import Glibc

/// Resolves links and checks names while a tree is put together.
struct PackageTreeBuilder {
  private(set) var entries: [RepositoryPath: PackageEntry] = [:]
  private let boundary: [String]
  /// Everything there is in the package, with the folders above, and where on this machine it comes from: a folder may
  /// have several origins.
  private let origins: [RepositoryPath: Set<String>]

  init(sources: [PackageTree.Source], boundary: [String]) {
    self.boundary = boundary.map(Self.real)
    var origins: [RepositoryPath: Set<String>] = [:]
    for source in sources {
      var path = source.path
      var file = source.file
      while origins[path, default: []].insert(file).inserted, !path.isRoot {
        path = path.parent
        file = Self.folder(of: file)
      }
    }
    self.origins = origins
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
    guard !path.text.utf8.contains(UInt8(ascii: "\\")) else {
      throw .archive(
        reason:
          "the name '\(path)' holds a backslash, which other systems take for a folder; rename the file or leave it out"
      )
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
      let status = try system { () throws(SystemError) in try Self.status(of: file) }
      // What Lambda starts must be executable, whatever a checkout made of it.
      let isStarted = source.path == "bootstrap" || source.path.parent == "extensions"
      content = .file(source: file, size: status.size, isExecutable: isStarted || status.isExecutable)
    }
    entries[source.path] = PackageEntry(path: source.path, content: content, rule: source.rule)
  }

  /// Opening tells what is there instead of a file; asking is enough where it is one.
  private static func status(of file: String) throws(SystemError) -> FileStatus {
    if let status = FileStatus(at: file), status.isFile { return status }
    return try RegularFile(file).status
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
    // What the package has at that place may be another file than the one that the link leads to.
    if let inside, origins[inside]?.contains(where: { Self.real($0).utf8.elementsEqual(real.utf8) }) == true {
      return try insert(source, .link(target: target))
    }
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
