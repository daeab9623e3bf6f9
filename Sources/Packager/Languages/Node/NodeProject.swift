internal import Core

/// Which package manager installs a unit's dependencies, and from which lock.
struct NodeProject: Hashable, Sendable {
  enum Manager: String, Sendable {
    case npm
    case yarn
    /// Yarn 2 and later.
    case berry
    case pnpm
    case bun

    /// The program's name.
    var program: String { self == .berry ? "yarn" : rawValue }
  }

  let manager: Manager
  /// The folder of the lock, from the repository's root.
  let folder: RepositoryPath
  /// The lock's name.
  let lock: String
  /// Whether the unit is a member of the workspace that the lock is for.
  let isWorkspace: Bool

  /// The locks in the order in which they are looked for.
  private static let locks: [(name: String, manager: Manager)] = [
    ("package-lock.json", .npm), ("npm-shrinkwrap.json", .npm), ("pnpm-lock.yaml", .pnpm),
    ("yarn.lock", .yarn),
    ("bun.lock", .bun), ("bun.lockb", .bun),
  ]

  /// The names of all locks.
  static let lockNames = locks.map(\.name)

  /// That of `unit`: the lock beside its manifest, or the one of a workspace above that the unit is a member of.
  ///
  /// - Parameter root: absolute path of the repository.
  static func find(for unit: RepositoryPath, root: String) -> NodeProject? {
    var folder = unit
    while true {
      let isOwn = folder == unit
      if isOwn || isMember(unit, of: folder, root: root), let found = lock(in: folder, root: root) {
        return NodeProject(
          manager: found.manager, folder: folder, lock: found.name,
          isWorkspace: !isOwn || NodeManifest.read(in: folder.absolute(in: root))?["workspaces"] != nil)
      }
      guard !folder.isRoot else { return nil }
      folder = folder.parent
    }
  }

  private static func lock(in folder: RepositoryPath, root: String) -> (name: String, manager: Manager)? {
    let path = folder.absolute(in: root)
    guard var found = locks.first(where: { Files.exists("\(path)/\($0.name)") }) else { return nil }
    if found.manager == .yarn, Files.exists("\(path)/.yarnrc.yml") { found.manager = .berry }
    return found
  }

  private static func isMember(_ unit: RepositoryPath, of folder: RepositoryPath, root: String) -> Bool {
    let member = unit.relative(to: folder).components
    return patterns(of: folder, root: root).contains { pattern in
      pattern.isTaken && matches(pattern.parts[...], member[...])
    }
  }

  /// A pattern of a workspace's members, from its folder.
  private struct Pattern {
    let parts: [String]
    /// Whether it takes folders in rather than out.
    let isTaken: Bool
  }

  private static func patterns(of folder: RepositoryPath, root: String) -> [Pattern] {
    let path = folder.absolute(in: root)
    var texts: [String] = []
    if let bytes = try? Files.read("\(path)/pnpm-workspace.yaml", limit: 1 << 20) {
      texts = pnpmPatterns(bytes)
    } else {
      let workspaces = NodeManifest.read(in: path)?["workspaces"]
      texts = (workspaces?.array ?? workspaces?["packages"]?.array ?? []).compactMap(\.string)
    }
    return texts.compactMap { text in
      let isTaken = !text.hasPrefix("!")
      guard let path = RepositoryPath(isTaken ? text : String(text.dropFirst())) else { return nil }
      return Pattern(parts: path.components, isTaken: isTaken)
    }
  }

  /// The list below `packages:`.
  private static func pnpmPatterns(_ bytes: [UInt8]) -> [String] {
    var isInList = false
    var found: [String] = []
    for raw in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      let line = String(decoding: raw, as: UTF8.self)
      let words = line.drop { $0 == " " || $0 == "\t" }
      if words.hasPrefix("packages:") {
        isInList = true
      } else if isInList, words.hasPrefix("-") {
        let text = words.dropFirst().prefix { $0 != "#" }.filter { !" \t\r\"'".contains($0) }
        if !text.isEmpty { found.append(String(text)) }
      } else if line.first != " ", !words.hasPrefix("#") {
        isInList = false
      }
    }
    return found
  }

  private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == "**" {
      return path.isEmpty || matches(pattern.dropFirst(), path) || matches(pattern, path.dropFirst())
    }
    guard let name = path.first, Glob(first.utf8)?.matches(name) ?? false else { return false }
    return matches(pattern.dropFirst(), path.dropFirst())
  }

  /// The manifests of all members, from the repository's root: the package manager holds each against the lock.
  func memberManifests(root: String) -> [RepositoryPath] {
    guard isWorkspace else { return [] }
    let patterns = Self.patterns(of: folder, root: root)
    var found: Set<RepositoryPath> = []
    for pattern in patterns where pattern.isTaken {
      for member in Self.folders(pattern.parts[...], from: folder, root: root) {
        let path = member.relative(to: folder).components
        if !patterns.contains(where: { !$0.isTaken && Self.matches($0.parts[...], path[...]) }) {
          found.insert(member)
        }
      }
    }
    return found.map { $0.appending("package.json") }.filter { Files.exists($0.absolute(in: root)) }.sorted()
  }

  /// The folders that a pattern stands for.
  private static func folders(
    _ pattern: ArraySlice<String>, from folder: RepositoryPath, root: String
  ) -> [RepositoryPath] {
    guard let first = pattern.first else { return [folder] }
    guard first.contains(where: { "*?[".contains($0) }) else {
      let next = folder.appending(first)
      return Files.isFolder(next.absolute(in: root))
        ? folders(pattern.dropFirst(), from: next, root: root) : []
    }
    let names = ((try? Files.names(in: folder.absolute(in: root))) ?? []).filter {
      $0 != "node_modules" && !$0.hasPrefix(".") && Files.isFolder(folder.appending($0).absolute(in: root))
    }
    guard first == "**" else {
      let glob = Glob(first.utf8)
      return names.filter { glob?.matches($0) ?? false }.flatMap {
        folders(pattern.dropFirst(), from: folder.appending($0), root: root)
      }
    }
    return folders(pattern.dropFirst(), from: folder, root: root)
      + names.flatMap { folders(pattern, from: folder.appending($0), root: root) }
  }

  /// The folders of the members, from the repository's root, by their names.
  func members(root: String) -> [String: RepositoryPath] {
    let found = memberManifests(root: root).compactMap { manifest -> (String, RepositoryPath)? in
      NodeManifest.read(in: manifest.parent.absolute(in: root))?["name"]?.string.map { ($0, manifest.parent) }
    }
    return Dictionary(found) { first, _ in first }
  }

  /// The files beside the lock that the package manager reads.
  func settings(root: String) -> [RepositoryPath] {
    let names = [
      "package.json", lock, ".npmrc", ".yarnrc", ".yarnrc.yml", "pnpm-workspace.yaml", "bunfig.toml",
    ]
    let files = names.map { folder.appending($0) }.filter { Files.exists($0.absolute(in: root)) }
    let folders = Node().hiddenSettings.map { folder.appending($0) }
    // What cannot be listed the digests have told of.
    return files
      + folders.filter { Files.isFolder($0.absolute(in: root)) }.flatMap { folder in
        (try? TreeWalk(root: root).files(below: folder))?.filter { $0.kind == .file }.map(\.path) ?? []
      }
  }
}
