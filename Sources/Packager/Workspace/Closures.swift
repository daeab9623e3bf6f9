internal import Core

/// The closures of a repository's functions, each found once.
struct Closures: Sendable {
  private let index: RepositoryIndex
  private let graphs: [String: any SourceGraph]
  private var known: [Key: SourceClosure] = [:]
  /// The files with the handlers of functions that are built together.
  private let entries: [[String]: [RepositoryPath]]

  private struct Key: Hashable, Sendable {
    let language: String
    let unit: RepositoryPath
    let root: RepositoryPath
    let entries: [RepositoryPath]
    let target: String?
    let uses: [SharedUse]
    let hasCommand: Bool
    let hasLayers: Bool
  }

  init(_ survey: Survey) {
    index = survey.index
    var graphs: [String: any SourceGraph] = [:]
    for language in Set(survey.functions.compactMap { Self.language(of: $0)?.name }) {
      graphs[language] = Languages.named(language)?.graph(of: survey.index)
    }
    self.graphs = graphs
    var entries: [[String]: [RepositoryPath]] = [:]
    for function in survey.functions {
      guard let file = function.handlerFile else { continue }
      entries[Self.group(function), default: []].append(file)
    }
    self.entries = entries.mapValues { Array(Set($0)).sorted() }
  }

  private static func group(_ function: DiscoveredFunction) -> [String] {
    [function.unit.text, function.root.text, function.language ?? "", function.target ?? ""]
  }

  /// What `function` reaches, as it is built with `uses`.
  mutating func closure(
    of function: DiscoveredFunction, uses: [SharedUse], hasCommand: Bool, hasLayers: Bool
  ) -> SourceClosure {
    guard let language = Self.language(of: function), let followed = graphs[language.name] else {
      return .unit
    }
    let own = [function.handlerFile].compactMap { $0 }
    // Without a handler's file only a project can say what the function is made of.
    guard !own.isEmpty || language.namesProjects else { return .unit }
    // What is made of exactly what a handler reaches is made for each handler by itself.
    let isAlone =
      !hasCommand
      && (own.contains { language.bundles($0) } || function.root.isRoot
        || !function.unit.contains(function.root))
    let together = isAlone ? own : entries[Self.group(function)] ?? own
    let subject = ClosureSubject(
      unit: function.unit, root: function.root, project: function.project, target: function.target,
      entries: together, uses: uses, hasCommand: hasCommand, hasLayers: hasLayers)
    let key = Key(
      language: language.name, unit: subject.unit, root: subject.root, entries: subject.entries,
      target: subject.target, uses: uses, hasCommand: hasCommand, hasLayers: hasLayers)
    if let found = known[key] { return found }
    var closure = followed.closure(of: subject)
    addSettings(of: language, to: &closure, of: subject)
    closure.links = Set(((closure.own ?? []) + closure.reached).filter(index.isLink))
    known[key] = closure
    return closure
  }

  /// Adds what the tools of the language read beside the sources and above them, where the index does not look. The files of
  /// a unit that counts as a whole are among its own.
  private func addSettings(
    of language: any Language, to closure: inout SourceClosure, of subject: ClosureSubject
  ) {
    let folders = Set((subject.entries.first.map { [$0.parent] } ?? []) + [subject.unit, subject.project])
    var found: Set<RepositoryPath> = []
    for folder in folders {
      do throws(PackagerError) {
        found.formUnion(try index.hiddenSettings(of: language, above: folder))
      } catch {
        closure.undeclared.append(error)
      }
    }
    let isWhole = closure.own == nil
    closure.reached = Set(closure.reached).union(found.filter { !isWhole || !subject.unit.contains($0) })
      .sorted()
  }

  private static func language(of function: DiscoveredFunction) -> (any Language)? {
    Languages.named(function.language) ?? Languages.of(runtime: function.runtime)
  }
}
