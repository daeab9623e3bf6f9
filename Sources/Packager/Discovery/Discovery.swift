internal import Core

/// Finds the functions of a repository by the rules E1, E2, Z1 to Z3: the first that claims a path wins.
struct Discovery: Sendable {
  let config: WorkspaceConfig
  let index: RepositoryIndex
  /// `function.json` files by their folder.
  let functionFiles: [RepositoryPath: ConfigValue]
  /// Folders of shared code, which are no units.
  let shared: Set<RepositoryPath>
  let rootName: String
  /// What git says about the files.
  let git: GitView
  /// The handlers that templates name.
  let mentions: Mentions
  private(set) var functions: [DiscoveredFunction] = []
  private(set) var passedOver: [PassedOver] = []
  /// What is wrong. A unit with a fault has a function all the same, under the name of its folder.
  private(set) var faults: [UnitFault] = []

  init(
    config: WorkspaceConfig, index: RepositoryIndex, functionFiles: [RepositoryPath: ConfigValue],
    shared: Set<RepositoryPath>,
    rootName: String, git: GitView
  ) {
    self.config = config
    self.index = index
    self.functionFiles = functionFiles
    self.shared = shared
    self.rootName = rootName
    self.git = git
    mentions = Mentions(index: index)
  }

  mutating func run() {
    let patterns = config.functionPatterns.map { PatternSet($0) }
    let byPattern = patternUnits(patterns)
    let units = Set(byPattern.keys)
    let byFile = functionFiles.keys.filter { folder in
      !units.contains(folder) && !shared.contains(folder) && patterns?.excludes(folder) != true
    }
    let claimed = units.union(byFile)
    lookAhead(claimed)
    // Gathered apart from what each resolver holds of this value, so that no list is copied for every unit.
    var found: (functions: [DiscoveredFunction], passedOver: [PassedOver], faults: [UnitFault]) = ([], [], [])
    let sorted = claimed.sorted()
    let discovery = self
    let workers = sorted.count < 8 ? 1 : Threads.processorCount
    let resolvers = Threads.map(count: sorted.count, workers: workers) { number in
      var resolver = UnitResolver(discovery: discovery, unit: sorted[number], claimed: claimed)
      let pattern = byPattern[sorted[number]]
      resolver.resolve(
        rule: pattern == nil ? .functionFile : .pattern,
        reason: pattern.map { "its folder matches \"\($0)\" of lamctl.json" }
          ?? "its folder has a function.json")
      return resolver
    }
    for resolver in resolvers {
      found.functions += resolver.functions
      found.passedOver += resolver.passedOver
      found.faults += resolver.faults.map { UnitFault(unit: resolver.unit, error: $0) }
    }
    functions += found.functions
    passedOver += found.passedOver
    faults += found.faults
    if patterns == nil { signatures(claimed) }
    faults += Naming.assign(&functions).map { UnitFault(unit: nil, error: $0) }
    functions.sort { $0.name < $1.name }
    passedOver.sort { $0.path < $1.path }
  }

  /// Looks into the sources of all units whose handlers only those show, on several threads at once.
  private func lookAhead(_ claimed: Set<RepositoryPath>) {
    let isGiven = config.value["defaults"]?["handler"] != nil
    let shown = claimed.filter { unit in
      let file = functionFiles[unit]
      return !isGiven && file?["handler"] == nil && file?["functions"] == nil
    }
    guard !shown.isEmpty else { return }
    var sources: [String: [RepositoryPath]] = [:]
    var isMeant = FolderAnswer { Self.isBelow($0, shown) && Narrowing.entersAll(of: $0) }
    for file in index.files where isMeant(file.parent) {
      guard let language = Languages.of(file: file), !language.isAside(file) else { continue }
      sources[language.name, default: []].append(file)
    }
    let mentions = mentions
    for (name, files) in sources {
      guard let language = Languages.named(name) else { continue }
      index.look(into: files, language) { !mentions.symbols(of: $0).isEmpty }
    }
  }

  /// Name from a path's telling components; the root folder's own where none is left.
  func name(_ parts: [String]) -> String { Naming.clean(parts.last ?? rootName) }

  /// The outermost folders with files that the patterns take, each with the pattern.
  private mutating func patternUnits(_ patterns: PatternSet?) -> [RepositoryPath: String] {
    guard let patterns, let written = config.value["functions"] else { return [:] }
    var units: [RepositoryPath: String] = [:]
    for folder in index.folders.sorted(by: { $0.text.utf8.count < $1.text.utf8.count }) {
      guard let pattern = patterns.match(folder), !Self.isBelow(folder, shared) else { continue }
      var above = folder
      var isInside = false
      while !above.isRoot {
        above = above.parent
        isInside = isInside || units[above] == pattern
      }
      if !isInside { units[folder] = pattern }
    }
    for element in written.elements {
      guard let pattern = element.string, !pattern.hasPrefix("!"), !units.values.contains(pattern) else {
        continue
      }
      let depth = pattern.utf8.split(separator: UInt8(ascii: "/")).count
      let alike = index.folders.filter { $0.components.count == depth }.sorted().map(\.description)
      let hint = Suggestion.nearest(to: pattern, in: alike).map { "; did you mean \"\($0)\"?" } ?? ""
      faults.append(
        UnitFault(unit: nil, error: element.error("no folder matches \"\(pattern.escaped)\"\(hint)")))
    }
    return units
  }

  /// Rules Z1, Z2 and Z3 outside of what is claimed.
  private mutating func signatures(_ claimed: Set<RepositoryPath>) {
    let shared = shared
    let isOutside = { (folder: RepositoryPath) in
      !Self.isBelow(folder, claimed) && !Self.isBelow(folder, shared)
    }
    var isMeant = FolderAnswer { folder in
      Narrowing.entersAll(of: folder) && Narrowing.mayHoldHandlers(folder) && isOutside(folder)
    }
    let files = index.files.filter { isMeant($0.parent) }
    let manifests = Manifests(index: index)
    var units: [RepositoryPath: [HandlerCandidate]] = [:]
    var search = Candidates(index: index, mentions: mentions)
    let found = Narrowing.withoutCopies(search.found(in: files))
    for candidate in found.kept { units[manifests.unit(of: candidate), default: []].append(candidate) }
    let (kept, dropped) = Preference.narrow(units, in: index)
    passedOver += search.passedOver + found.passedOver + dropped
    for (unit, candidates) in kept.sorted(by: { $0.key < $1.key }) {
      for candidate in candidates { add(candidate, unit: unit, isAlone: candidates.count == 1) }
    }
    let taken = Set(functions.map(\.unit))
    for file in index.files {
      guard let language = Languages.prebuilt(file.name) else { continue }
      let unit = file.parent
      guard Narrowing.conventionalParents.contains(unit.parent.name), isOutside(unit),
        !Self.isBelow(unit, taken)
      else { continue }
      let parts = Naming.parts(unit)
      functions.append(
        DiscoveredFunction(
          name: name(parts), unit: unit, runtime: language is Image ? nil : language.standardRuntime,
          handler: language is Image ? nil : file.name,
          handlerFile: file, rule: .convention, path: file,
          explanation: "\(unit) lies in a folder of functions and has a \(file.name)", entry: nil,
          language: language.name, project: unit, root: unit, nameParts: parts))
    }
  }

  private static func isBelow(_ folder: RepositoryPath, _ units: Set<RepositoryPath>) -> Bool {
    var folder = folder
    while true {
      if units.contains(folder) { return true }
      if folder.isRoot { return false }
      folder = folder.parent
    }
  }

  private mutating func add(_ candidate: HandlerCandidate, unit: RepositoryPath, isAlone: Bool) {
    let stated = candidate.language.statedRuntime(for: unit, in: index)
    let root = candidate.language.importRoot(of: candidate.file, unit: unit, in: index)
    for symbol in candidate.symbols {
      let reason =
        candidate.language is Image
        ? "builds on an image for Lambda" : "has the signature of a Lambda handler in '\(symbol.name)'"
      functions.append(
        Self.function(
          candidate, symbol: symbol, unit: unit, root: root, isAlone: isAlone,
          runtime: stated?.runtime ?? candidate.language.standardRuntime, rule: .signature,
          rootName: rootName,
          explanation: "\(candidate.file) \(reason)"
            + (stated.map { "; \($0.file) states \($0.runtime)" } ?? "")))
    }
  }

  /// A function from a candidate; `isAlone` when the unit has no other.
  static func function(
    _ candidate: HandlerCandidate, symbol: HandlerSymbol, unit: RepositoryPath, root: RepositoryPath,
    isAlone: Bool,
    runtime: String,
    rule: DiscoveryRule, rootName: String, explanation: String
  ) -> DiscoveredFunction {
    let isExplicit = rule == .pattern || rule == .functionFile
    let namesUnit = (isExplicit && isAlone) || candidate.language.namesProjects
    var parts = Naming.parts(namesUnit ? unit : candidate.folder)
    if let label = candidate.label, !(isExplicit && isAlone) { parts.append(label) }
    let saysStem = !candidate.isConventional && !(isExplicit && isAlone)
    if saysStem, candidate.symbols.count == 1 || !isAlone || parts.isEmpty { parts.append(candidate.stem) }
    let given = parts.last ?? rootName
    var name = Naming.clean(given)
    if candidate.symbols.count > 1 { name += "-" + Naming.clean(symbol.name) }
    let stem = candidate.file.relative(to: root).parent.appending(candidate.stem)
    let isImage = candidate.language is Image
    return DiscoveredFunction(
      name: name, unit: unit, runtime: isImage ? nil : runtime,
      handler: isImage ? nil : symbol.handler ?? "\(stem.text).\(symbol.name)", handlerFile: candidate.file,
      rule: rule, path: candidate.file, explanation: explanation, entry: nil,
      language: candidate.language.name, project: candidate.project ?? candidate.unit ?? unit, root: root,
      target: candidate.target, nameParts: parts)
  }
}

/// Patterns of folders where a leading `!` takes folders out again, wherever it stands.
struct PatternSet {
  private let positive: [(text: String, glob: Glob)]
  private let negative: [Glob]

  init(_ patterns: [String]) {
    let cut = { (text: String) -> Glob? in
      var text = Array(text.utf8)[...]
      while text.starts(with: "./".utf8) { text = text.dropFirst(2) }
      while text.last == UInt8(ascii: "/") { text = text.dropLast() }
      return Glob(text.elementsEqual(".".utf8) ? [] : text)
    }
    positive = patterns.filter { !$0.hasPrefix("!") }.compactMap { text in cut(text).map { (text, $0) } }
    negative = patterns.filter { $0.hasPrefix("!") }.compactMap { cut(String($0.dropFirst())) }
  }

  /// The pattern that takes `folder`.
  func match(_ folder: RepositoryPath) -> String? {
    excludes(folder) ? nil : positive.first { $0.glob.matches(folder.text) }?.text
  }

  /// Whether a `!` pattern names the folder or one above it.
  func excludes(_ folder: RepositoryPath) -> Bool {
    var folder = folder
    while !folder.isRoot {
      if negative.contains(where: { $0.matches(folder.text) }) { return true }
      folder = folder.parent
    }
    return false
  }
}
