internal import Core

/// What Node finds in a package, and where.
struct NodePackage {
  /// Where a path leads.
  enum Target: Equatable {
    case file(RepositoryPath)
    /// Somewhere that only running it shows.
    case unknown
    case none
    /// The package has it, perhaps, and lets nobody load it this way.
    case notExported
  }

  /// What Node takes a file for.
  enum Kind {
    case module, common
    /// CommonJS, unless the runtime tells by the syntax.
    case open
  }

  private let entries: [RepositoryPath: PackageEntry]
  private let folders: Set<RepositoryPath>
  /// Folders that are searched besides those above a file.
  private let roots: [RepositoryPath]
  /// What the runtime lets modules do.
  let loading: NodeLoading
  private static let longestManifest = 1 << 20

  init(_ subject: GateSubject) {
    entries = subject.entries
    let major = (subject.definition.runtime ?? "").drop { !$0.isNumber }.prefix { $0.isNumber }
    roots =
      subject.searchPath("NODE_PATH")
      + ["nodejs/node\(major)/node_modules", "nodejs/node_modules"].map { GateSubject.opt.appending($0) }
    let options = subject.definition.configuration["Environment"]?["Variables"]?["NODE_OPTIONS"]?.string ?? ""
    loading = NodeLoading(runtime: subject.definition.runtime, options: options)
    var folders: Set<RepositoryPath> = []
    for path in entries.keys {
      var folder = path.parent
      while !folder.isRoot, folders.insert(folder).inserted { folder = folder.parent }
    }
    self.folders = folders
  }

  /// The package that a specifier names; nil for what Node has itself, for addresses and for `#internal` names.
  static func packageName(_ specifier: String) -> String? {
    guard let first = specifier.utf8.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "#"),
      !specifier.contains(":"), !specifier.contains("\\")
    else { return nil }
    let parts = specifier.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard !NodeBuiltins.modules.contains(parts[0]) else { return nil }
    guard specifier.hasPrefix("@") else { return parts[0] }
    return parts.count > 1 ? "\(parts[0])/\(parts[1])" : nil
  }

  private func isFile(_ path: RepositoryPath) -> Bool {
    if case .file? = entries[path]?.content { true } else { false }
  }

  private func isLink(_ path: RepositoryPath) -> Bool {
    if case .link? = entries[path]?.content { true } else { false }
  }

  /// Whether a link stands on the way to `path`: what is behind it is not followed here.
  private func isBehindLink(_ path: RepositoryPath) -> Bool {
    var path = path
    while !path.isRoot {
      if isLink(path) { return true }
      path = path.parent
    }
    return false
  }

  /// What Node takes the file for by its name and the nearest package.json.
  func kind(of file: RepositoryPath) -> Kind {
    switch file.fileExtension {
    case "mjs": return .module
    case "cjs": return .common
    default: break
    }
    var folder = file.parent
    // A package without a package.json is none of what lies above.
    while folder.name != "node_modules" {
      if let manifest = manifest(in: folder) {
        switch manifest["type"]?.string {
        case "module": return .module
        case "commonjs": return .common
        default: return .open
        }
      }
      if folder.isRoot { break }
      folder = folder.parent
    }
    return .open
  }

  private func manifest(in folder: RepositoryPath) -> JSONObject? {
    guard case .file(let source, _, _)? = entries[folder.appending("package.json")]?.content,
      let bytes = try? Files.read(source, limit: Self.longestManifest)
    else { return nil }
    return try? NodeManifest.object(bytes)
  }

  /// The folder of the package `name` that a file would get.
  func folder(of name: String, from file: RepositoryPath) -> RepositoryPath? {
    var above = file.parent
    while true {
      let candidate = above.appending("node_modules/\(name)")
      if above.name != "node_modules", folders.contains(candidate) || isBehindLink(candidate) {
        return candidate
      }
      if above.isRoot { break }
      above = above.parent
    }
    return roots.map { $0.appending(name) }.first { folders.contains($0) || isBehindLink($0) }
  }

  /// The folder of the package that a file is part of, where that is called `name` and says what it exports: then Node lets
  /// it load itself by its name.
  func ownFolder(called name: String, of file: RepositoryPath) -> RepositoryPath? {
    var folder = file.parent
    while folder.name != "node_modules" {
      if let manifest = manifest(in: folder) {
        let hasExports = manifest["exports"].map { $0 != .null } ?? false
        return hasExports && manifest["name"]?.string == name ? folder : nil
      }
      if folder.isRoot { break }
      folder = folder.parent
    }
    return nil
  }

  /// What `import` finds at `path`.
  func exactFile(_ path: RepositoryPath) -> Target {
    isFile(path) ? .file(path) : isBehindLink(path) ? .unknown : .none
  }

  /// What `require` finds at `path`.
  func file(_ path: RepositoryPath) -> Target {
    if !path.isRoot, isFile(path) { return .file(path) }
    for ending in ["js", "json", "node"] where !path.isRoot {
      let candidate = path.parent.appending("\(path.name).\(ending)")
      if isFile(candidate) { return .file(candidate) }
    }
    if isBehindLink(path) { return .unknown }
    guard folders.contains(path) || path.isRoot else { return .none }
    return main(of: path)
  }

  /// What a folder stands for.
  private func main(of folder: RepositoryPath) -> Target {
    if let main = manifest(in: folder)?["main"]?.string, let path = folder.resolving(main), path != folder {
      switch file(path) {
      case .none: break
      case let found: return found
      }
    }
    for name in ["index.js", "index.json", "index.node"] where isFile(folder.appending(name)) {
      return .file(folder.appending(name))
    }
    return .none
  }

  /// What a specifier means that names the package in `folder`.
  func entry(
    of folder: RepositoryPath, specifier: String, name: String, isStatic: Bool
  ) -> Target {
    if isBehindLink(folder) { return .unknown }
    let manifest = manifest(in: folder)
    let rest = specifier.dropFirst(name.count).drop { $0 == "/" }
    if let exports = manifest?["exports"], exports != .null {
      guard !loading.hasOwnConditions else { return .unknown }
      let ways = PackageExports(value: exports, conditions: loading.conditions(isStatic: isStatic))
      switch ways.target(of: rest) {
      case .unknown: return .unknown
      case .nothing: return .notExported
      case .file(let text): return folder.resolving(text).map(exactFile) ?? .unknown
      }
    }
    guard rest.isEmpty else {
      guard let path = folder.resolving(rest) else { return .unknown }
      return isStatic ? exactFile(path) : file(path)
    }
    return main(of: folder)
  }

  /// The packages at the top, as many as fit into a sentence.
  var summary: String {
    let modules: RepositoryPath = "node_modules"
    var names = Set(
      entries.keys.filter { modules.contains($0) && $0 != modules }.map { path in
        let parts = path.relative(to: modules).components
        return parts[0].hasPrefix("@") && parts.count > 1 ? "\(parts[0])/\(parts[1])" : parts[0]
      })
    names = names.filter { !$0.hasPrefix(".") }
    let shown = names.sorted().prefix(6).joined(separator: ", ")
    return names.isEmpty
      ? "no node_modules" : names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}
