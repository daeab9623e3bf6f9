internal import Core

/// The Go modules of a repository, and which of them a module sees.
struct GoModules {
  /// One `go.mod`.
  struct Module {
    let path: String
    let folder: RepositoryPath
    /// Modules that it takes from folders of the repository, by their paths.
    let replaced: [String: RepositoryPath]
  }

  private let modules: [RepositoryPath: Module]
  /// The folders that each `go.work` joins, by the folder that it lies in.
  private let workspaces: [RepositoryPath: [RepositoryPath]]
  private let index: RepositoryIndex

  init(index: RepositoryIndex) {
    self.index = index
    var modules: [RepositoryPath: Module] = [:]
    var workspaces: [RepositoryPath: [RepositoryPath]] = [:]
    for file in index.files where file.name == "go.mod" || file.name == "go.work" {
      let lines = Self.lines(index.manifest(file) ?? [])
      let folder = file.parent
      if file.name == "go.work" {
        workspaces[folder] = Self.block("use", lines).compactMap { folder.resolving($0[0]) }
        continue
      }
      guard let path = lines.first(where: { $0.first == "module" })?.dropFirst().first else { continue }
      var replaced: [String: RepositoryPath] = [:]
      for words in Self.block("replace", lines) {
        guard let arrow = words.firstIndex(of: "=>"), arrow > 0, arrow + 1 < words.count,
          words[arrow + 1].hasPrefix("."), let target = folder.resolving(words[arrow + 1])
        else { continue }
        replaced[words[0]] = target
      }
      modules[folder] = Module(path: path, folder: folder, replaced: replaced)
    }
    self.modules = modules
    self.workspaces = workspaces
  }

  /// Those of the repository, read once.
  static func all(in index: RepositoryIndex) -> GoModules {
    index.remembered("go modules") { GoModules(index: index) }
  }

  /// What is wrong with the `go.mod` `file`: no module, a line that begins with no word of one, brackets left open.
  static func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    let text = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var isOpen: Int?
    var hasModule = false
    for (index, line) in text.enumerated() {
      let words = Self.words(line)
      guard let first = words.first else { continue }
      if isOpen != nil {
        if first == ")" { isOpen = nil }
        continue
      }
      guard directives.contains(first), words.count > 1 else {
        let why = directives.contains(first) ? "is followed by nothing" : "begins no line of one"
        return .config(
          location: "\(file):\(index + 1)", reason: "it is no go.mod: '\(first.escaped)' \(why)")
      }
      hasModule = hasModule || first == "module"
      if words[1] == "(", !words.contains(")") { isOpen = index + 1 }
    }
    if let isOpen {
      return .config(location: "\(file):\(isOpen)", reason: "it is no go.mod: the bracket is not closed")
    }
    return hasModule ? nil : .config(location: "\(file):1", reason: "it is no go.mod: it names no module")
  }

  private static let directives: Set<String> = [
    "exclude", "go", "godebug", "ignore", "module", "replace", "require", "retract", "tool", "toolchain",
  ]

  private static func words(_ line: ArraySlice<UInt8>) -> [String] {
    let words = line.split(whereSeparator: { $0 <= 0x20 }).map { String(decoding: $0, as: UTF8.self) }
    return words.prefix { !$0.hasPrefix("//") }.map { word in word.filter { $0 != "\"" } }
  }

  private static func lines(_ bytes: [UInt8]) -> [[String]] {
    bytes.split(separator: UInt8(ascii: "\n")).map(words)
  }

  /// The words behind `keyword`, on its line or in its brackets.
  private static func block(_ keyword: String, _ lines: [[String]]) -> [[String]] {
    var found: [[String]] = []
    var isInside = false
    for words in lines where !words.isEmpty {
      if isInside {
        if words[0] == ")" { isInside = false } else { found.append(words) }
      } else if words[0] == keyword, words.count > 1 {
        if words[1] == "(" { isInside = true } else { found.append(Array(words.dropFirst())) }
      }
    }
    return found
  }

  /// The module that a folder belongs to.
  func module(of folder: RepositoryPath) -> Module? {
    index.stated(for: folder) { modules[$0] }
  }

  /// The folder of the workspace around `folder`.
  func workspace(of folder: RepositoryPath) -> RepositoryPath? {
    index.stated(for: folder) { workspaces[$0] == nil ? nil : $0 }
  }

  /// The folder of the package that `path`, imported in `file`, means; nil for one that is not of the repository.
  func folder(of path: String, from file: RepositoryPath) -> RepositoryPath? {
    guard let module = module(of: file.parent) else { return nil }
    var seen = [module]
    seen += module.replaced.compactMap { modules[$0.value] }
    if let workspace = workspace(of: file.parent) {
      seen += (workspaces[workspace] ?? []).compactMap { modules[$0] }
    }
    var best: (length: Int, folder: RepositoryPath)?
    for candidate in seen + module.replaced.map({ Module(path: $0.key, folder: $0.value, replaced: [:]) }) {
      guard path == candidate.path || path.hasPrefix(candidate.path + "/"),
        best.map({ candidate.path.utf8.count > $0.length }) ?? true
      else { continue }
      let rest = path.dropFirst(candidate.path.count).drop { $0 == "/" }
      best = candidate.folder.resolving(rest).map { (candidate.path.utf8.count, $0) } ?? best
    }
    if let folder = best?.folder, index.folders.contains(folder) { return folder }
    let vendored = module.folder.appending("vendor").resolving(path)
    return vendored.flatMap { index.folders.contains($0) ? $0 : nil }
  }
}
