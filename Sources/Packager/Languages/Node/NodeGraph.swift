internal import Core

/// Where the imports of JavaScript and TypeScript sources lead.
struct NodeGraph: SourceGraph {
  /// What an import leads to.
  enum Target: Hashable {
    /// A file of the repository, by its path in it.
    case file(RepositoryPath)
    /// A package of the repository, imported by its name, with the file that is meant if it is there.
    case member(RepositoryPath, file: RepositoryPath?)
    /// Something installed, or nothing that is known.
    case elsewhere
  }

  /// One `package.json` with a name.
  struct Package {
    let folder: RepositoryPath
    let manifest: JSONObject
  }

  let index: RepositoryIndex
  let language: Node
  let packages: [String: Package]
  private let configs: NodeConfigs

  init(index: RepositoryIndex, language: Node) {
    self.index = index
    self.language = language
    configs = NodeConfigs(index: index)
    var packages: [String: Package] = [:]
    for file in index.files where file.name == "package.json" {
      guard let bytes = index.manifest(file), let manifest = try? NodeManifest.object(bytes),
        let name = manifest["name"]?.string, packages[name] == nil
      else { continue }
      packages[name] = Package(folder: file.parent, manifest: manifest)
    }
    self.packages = packages
  }

  private static let endings = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "json", "node"]

  /// The file that a path without or with an extension means, as Node and bundlers look for it.
  func file(at path: RepositoryPath) -> RepositoryPath? {
    if index.hasFile(path) { return path }
    // TypeScript's imports name what is made of the file.
    let sources = ["js": ["ts", "tsx"], "mjs": ["mts"], "cjs": ["cts"], "jsx": ["tsx"]]
    if let ending = path.fileExtension, let others = sources[ending] {
      for other in others {
        let source = path.parent.appending("\(path.stem).\(other)")
        if index.hasFile(source) { return source }
      }
    }
    for ending in Self.endings {
      let file = path.parent.appending("\(path.name).\(ending)")
      if !path.isRoot, index.hasFile(file) { return file }
    }
    guard index.folders.contains(path) || index.isLinkedFolder(path) else { return nil }
    if let bytes = index.manifest(path.appending("package.json")),
      let main = (try? NodeManifest.object(bytes))?["main"]?.string, let inner = path.resolving(main),
      inner != path,
      let found = fileOrIndex(inner)
    {
      return found
    }
    return fileOrIndex(path)
  }

  private func fileOrIndex(_ path: RepositoryPath) -> RepositoryPath? {
    if index.hasFile(path) { return path }
    for ending in Self.endings {
      for file in [path.parent.appending("\(path.name).\(ending)"), path.appending("index.\(ending)")]
      where index.hasFile(file) { return file }
    }
    return nil
  }

  /// Where `specifier`, written in `file`, leads.
  func target(of specifier: String, in file: RepositoryPath) -> Target {
    let bytes = specifier.utf8
    if bytes.starts(with: "./".utf8) || bytes.starts(with: "../".utf8) || specifier == "."
      || specifier == ".."
    {
      guard let path = file.parent.resolving(specifier) else { return .elsewhere }
      return self.file(at: path).map(Target.file) ?? .file(path)
    }
    guard let first = bytes.first, first != UInt8(ascii: "/") else { return .elsewhere }
    if first == UInt8(ascii: "#") {
      guard let path = internalImport(specifier, from: file) else { return .elsewhere }
      return .file(path)
    }
    for path in configs.paths(of: specifier, in: file) {
      if let found = self.file(at: path) { return .file(found) }
    }
    let parts = specifier.split(separator: "/", omittingEmptySubsequences: false)
    let length = specifier.hasPrefix("@") ? 2 : 1
    guard parts.count >= length else { return .elsewhere }
    let name = parts.prefix(length).joined(separator: "/")
    guard let package = packages[name] else { return .elsewhere }
    let rest = parts.dropFirst(length).joined(separator: "/")
    return .member(package.folder, file: entry(of: package, at: rest))
  }

  /// The file that a package gives for `path` in it.
  private func entry(of package: Package, at path: String) -> RepositoryPath? {
    let key = path.isEmpty ? "." : "./" + path
    var found: [String] = []
    if let exports = package.manifest["exports"] { found = NodeExports.targets(of: key, in: exports) }
    if found.isEmpty, path.isEmpty {
      found = ["source", "module", "main", "types"].compactMap { package.manifest[$0]?.string }
    }
    if found.isEmpty, !path.isEmpty { found = [path] }
    for text in found {
      guard let inner = package.folder.resolving(text) else { continue }
      if let target = self.file(at: inner) { return target }
      if let target = source(of: inner, in: package.folder) { return target }
    }
    guard path.isEmpty else { return nil }
    return ["src/index", "index", "src/main", "lib/index"].lazy.compactMap { package.folder.resolving($0) }
      .compactMap(fileOrIndex).first
  }

  /// The source of `dist/x.js`, which is not there before it is built: `src/x.ts`.
  private func source(of built: RepositoryPath, in folder: RepositoryPath) -> RepositoryPath? {
    let inside = built.relative(to: folder).components
    guard inside.count > 1, ["dist", "build", "lib", "out", "cjs", "esm"].contains(inside[0]) else {
      return nil
    }
    var rest = Array(inside.dropFirst())
    if let first = rest.first, rest.count > 1, ["cjs", "esm", "src", "types"].contains(first) {
      rest.removeFirst()
    }
    guard let last = rest.popLast() else { return nil }
    let stem = last.hasSuffix(".d.ts") ? String(last.dropLast(5)) : RepositoryPath.root.appending(last).stem
    let path = (rest + [stem]).joined(separator: "/")
    return ["src", "."].lazy.compactMap { folder.resolving("\($0)/\(path)") }.compactMap(fileOrIndex).first
  }

  /// What `#x` means by the `imports` of the nearest `package.json`.
  private func internalImport(_ specifier: String, from file: RepositoryPath) -> RepositoryPath? {
    guard let manifest = index.nearest("package.json", from: file.parent),
      let bytes = index.manifest(manifest),
      let imports = (try? NodeManifest.object(bytes))?["imports"]
    else { return nil }
    return NodeExports.targets(of: specifier, in: imports).lazy.compactMap { manifest.parent.resolving($0) }
      .compactMap(self.file(at:)).first
  }

  func closure(of subject: ClosureSubject) -> SourceClosure {
    var search = NodeSearch(graph: self, subject: subject)
    search.run()
    return search.closure
  }

  /// The settings of TypeScript that hold for `files`.
  func settings(of files: Set<RepositoryPath>) -> Set<RepositoryPath> {
    Set(Set(files.map(\.parent)).flatMap { configs.chain(for: $0) })
  }
}

/// `exports` and `imports` of a `package.json`.
enum NodeExports {
  private static let deepest = 16

  /// The paths that `key` may mean, the preferred first.
  static func targets(of key: String, in map: JSON) -> [String] {
    guard let object = map.object,
      object.members.contains(where: { $0.key.hasPrefix(".") || $0.key.hasPrefix("#") })
    else { return key == "." ? strings(map, star: nil, depth: 0) : [] }
    if let exact = object[key] { return strings(exact, star: nil, depth: 0) }
    var best: (length: Int, paths: [String])?
    for member in object.members {
      let halves = member.key.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, key.hasPrefix(halves[0]), key.hasSuffix(halves[1]),
        key.count >= halves[0].count + halves[1].count, halves[0].count > best?.length ?? -1
      else { continue }
      let star = key.dropFirst(halves[0].count).dropLast(halves[1].count)
      best = (halves[0].count, strings(member.value, star: String(star), depth: 0))
    }
    return best?.paths ?? []
  }

  /// All strings of a value with conditions.
  private static func strings(_ value: JSON, star: String?, depth: Int) -> [String] {
    guard depth < deepest else { return [] }
    if let text = value.string { return [star.map { text.replacing("*", with: $0) } ?? text] }
    if let list = value.array { return list.flatMap { strings($0, star: star, depth: depth + 1) } }
    return value.object?.members.flatMap { strings($0.value, star: star, depth: depth + 1) } ?? []
  }
}
