internal import Core

/// What each file of requirements was installed into: a folder of its own, since pip passes over what the target of an
/// earlier run has, with all that a later one would add to it.
struct InstalledFolders {
  /// The folder around them, absolute.
  private let home: String

  /// - Parameter home: absolute path of the folder around them.
  init(_ home: String) { self.home = home }

  /// The absolute path of the list's own.
  func folder(of list: RequirementList) -> String { "\(home)/\(list.file)" }

  /// All that lies in them, put together: a package may have parts in several.
  ///
  /// - Parameter unit: the unit that it is for, in messages.
  /// - Throws: ``PackagerError`` where two have a file of one path and not the same in it, or a file cannot be read.
  func merged(
    for unit: RepositoryPath, where keeps: (RepositoryPath) -> Bool
  ) throws(PackagerError) -> [PackageTree.Source] {
    var taken: [RepositoryPath: PackageTree.Source] = [:]
    for list in ((try? Files.names(in: home)) ?? []).sorted() {
      for source in try PackageTree.made(in: "\(home)/\(list)", where: keeps) {
        guard let other = taken[source.path] else {
          taken[source.path] = source
          continue
        }
        guard try !isSame(source, other) else { continue }
        throw .inputs(
          unit: unit,
          reason:
            "\(distribution(with: other)) and \(distribution(with: source)) both have a file \(source.path), and not the same",
          fix: "rename it in one of them, or require only one of them")
      }
    }
    return taken.values.sorted { $0.path < $1.path }
  }

  private func isSame(_ one: PackageTree.Source, _ other: PackageTree.Source) throws(PackagerError) -> Bool {
    guard one.kind == other.kind else { return false }
    // Compiled from files that are the same, or else refused themselves.
    if one.kind == .emptyFolder || one.path.parent.name == "__pycache__" { return true }
    return try system { () throws(SystemError) in
      if one.kind == .link { return try FileHash.linkTarget(one.file) == FileHash.linkTarget(other.file) }
      var buffer = [UInt8](repeating: 0, count: FileHash.bufferSize)
      let hasher = SHA256()
      let content = try FileHash.content(one.file, buffer: &buffer, hasher: hasher).digest
      return try content == FileHash.content(other.file, buffer: &buffer, hasher: hasher).digest
    }
  }

  /// The distribution that brought the file, by the list of files that each has; the name of the list of requirements
  /// where none says so.
  private func distribution(with source: PackageTree.Source) -> String {
    let folder = String(source.file.dropLast(source.path.text.count + 1))
    let ending = ".dist-info"
    let names = ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(ending) }.sorted()
    let owner = names.first { name in
      let record = (try? Files.read("\(folder)/\(name)/RECORD")) ?? []
      return record.split(separator: UInt8(ascii: "\n")).contains {
        $0.starts(with: "\(source.path.text),".utf8)
      }
    }
    return owner.map { String($0.dropLast(ending.count)).escaped }
      ?? String(folder.dropFirst(home.count + 1)).escaped
  }
}
