internal import Core

/// Knows where the imports of one language lead in a repository.
protocol SourceGraph: Sendable {
  /// What the functions of `subject` reach.
  func closure(of subject: ClosureSubject) -> SourceClosure
}

/// Functions that are built together, as their closure depends on them.
struct ClosureSubject {
  let unit: RepositoryPath
  /// The folder that imports start from and that becomes the top of the package.
  let root: RepositoryPath
  let project: RepositoryPath
  let target: String?
  /// The files with the handlers.
  let entries: [RepositoryPath]
  /// Shared code that is declared.
  let uses: [SharedUse]
  /// Whether the unit has a build command of its own, which packages what it likes.
  let hasCommand: Bool
  /// Whether layers may bring what the package lacks.
  let hasLayers: Bool

  /// Whether the unit is as large as the repository, so that only what the handlers reach is meant.
  var isNarrow: Bool { root.isRoot || !unit.contains(root) }

  /// The error for `what` in `file`, which is code in `folder` of the repository.
  ///
  /// - Parameter file: with the line, as messages show it.
  func undeclared(
    _ what: String, in file: String, from folder: RepositoryPath, fix: String? = nil
  ) -> PackagerError {
    .undeclared(
      unit: unit,
      reason: "\(what) in \(file) is code of this repository (\(folder)) that the unit does not declare",
      fix: fix ?? usesFix(folder))
  }

  /// The line that declares `folder`.
  func usesFix(_ folder: RepositoryPath) -> String {
    let (from, to) = (unit.components, folder.components)
    let shared = zip(from, to).prefix { $0 == $1 }.count
    let way = Array(repeating: "..", count: from.count - shared) + to.dropFirst(shared)
    let path = way.joined(separator: "/").escaped
    return "add \"uses\": [\"\(path)\"] to \(unit.appending("function.json"))"
  }
}

/// Walks from sources to what they import, each file once.
struct SourceWalk {
  private(set) var found: Set<RepositoryPath> = []
  private var pending: [RepositoryPath] = []

  init(_ entries: [RepositoryPath]) {
    for entry in entries { add(entry) }
  }

  mutating func add(_ file: RepositoryPath) {
    if found.insert(file).inserted { pending.append(file) }
  }

  mutating func next() -> RepositoryPath? { pending.popLast() }
}

extension RepositoryIndex {
  /// `file:line` of an import as messages show it: sources are looked into again for the line, which is wanted only
  /// where something is wrong.
  ///
  /// - Parameter offset: the place of the import in the source.
  func shown(_ file: RepositoryPath, _ offset: (_ source: [UInt8]) -> Int?) -> String {
    guard let source = try? read(file), let offset = offset(source) else { return file.description }
    return "\(file):\(SourceLine.number(at: offset, in: source))"
  }

  /// The files of `folders` that exist, such as manifests.
  func existing(_ names: [String], in folders: some Sequence<RepositoryPath>) -> [RepositoryPath] {
    folders.flatMap { folder in names.map { folder.appending($0) } }.filter(hasFile)
  }

  /// `folder` and those above it.
  func upwards(from folder: RepositoryPath) -> [RepositoryPath] {
    var folders = [folder]
    while let last = folders.last, !last.isRoot { folders.append(last.parent) }
    return folders
  }

  /// Data beside the sources `reached`: files of no language in their folders, and below those in folders without sources.
  /// Documents and what builds infrastructure are none.
  func data(beside reached: Set<RepositoryPath>, in root: RepositoryPath, _ language: any Language)
    -> [RepositoryPath]
  {
    let folders = Set(reached.map(\.parent)).filter { !$0.isRoot && root.contains($0) && $0 != root }
    guard !folders.isEmpty else { return [] }
    let sources = Set(files.filter(language.isSource).map(\.parent))
    return files(below: root).filter { file in
      guard !language.isSource(file), !Self.isDocument(file) else { return false }
      var folder = file.parent
      while !sources.contains(folder), !folder.isRoot { folder = folder.parent }
      return folders.contains(folder)
    }
  }

  private static func isDocument(_ file: RepositoryPath) -> Bool {
    let endings = ["md", "rst", "adoc", "tf", "tfvars", "lock"]
    return file.name.hasPrefix("README") || file.name.hasPrefix("LICENSE") || file.name.hasPrefix(".")
      || file.name == "Dockerfile" || file.fileExtension.map(endings.contains) ?? false
  }
}
