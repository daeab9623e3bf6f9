internal import Core

/// Looks for handlers in sources, and says why what looks like one is none.
struct Candidates {
  let index: RepositoryIndex
  let mentions: Mentions
  private(set) var passedOver: [PassedOver] = []

  init(index: RepositoryIndex, mentions: Mentions) {
    self.index = index
    self.mentions = mentions
  }

  /// The candidates among `files`, in the order of their paths.
  ///
  /// - Parameter all: whether files count too that are tests, or settings of a tool, by their names.
  mutating func found(in files: [RepositoryPath], all: Bool = false) -> [HandlerCandidate] {
    var sources: [String: [RepositoryPath]] = [:]
    for file in files {
      guard let language = Languages.of(file: file), all || !language.isAside(file) else { continue }
      sources[language.name, default: []].append(file)
    }
    var found: [HandlerCandidate] = []
    for language in Languages.all {
      guard let own = sources[language.name] else { continue }
      let mentions = mentions
      index.look(into: own, language) { !mentions.symbols(of: $0).isEmpty }
      for candidate in language.candidates(among: own, in: index) {
        if let chosen = chosen(candidate) { found.append(chosen) }
      }
    }
    return found.sorted { $0.file < $1.file }
  }

  /// The candidate with the symbols that count; nil without any.
  private mutating func chosen(_ candidate: HandlerCandidate) -> HandlerCandidate? {
    let named = mentions.symbols(of: candidate.file)
    let isUsual = candidate.isConventional || Self.isUsual(candidate.stem)
    var symbols = candidate.symbols.filter { symbol in
      switch symbol.evidence {
      case .signature: true
      case .customary: isUsual || named.contains(symbol.name)
      case .nameable, .unusual: named.contains(symbol.name)
      }
    }
    // Beside the customary name another one is a helper, unless something names it.
    if symbols.contains(where: \.isExact) {
      symbols = symbols.filter { $0.isExact || named.contains($0.name) }
    }
    guard symbols.isEmpty else {
      var chosen = candidate
      chosen.symbols = symbols
      chosen.isNamed = symbols.contains { named.contains($0.name) }
      return chosen
    }
    if let reason = Self.reason(candidate) {
      passedOver.append(PassedOver(path: candidate.file, reason: reason))
    }
    return nil
  }

  /// Whether the name of a file says that handlers are in it, whatever else it says.
  private static func isUsual(_ stem: String) -> Bool { stem.lowercased().contains("handler") }

  private static func reason(_ candidate: HandlerCandidate) -> String? {
    for symbol in candidate.symbols { if case .unusual(let reason) = symbol.evidence { return reason } }
    guard let symbol = candidate.symbols.first(where: { $0.evidence == .customary }) else { return nil }
    return
      "'\(symbol.name)' could be a handler, but neither its name nor the file's is a handler's, and nothing names it: "
      + "if it is one, write it into \"functions\" of a function.json"
  }
}
