internal import Core

/// Which source each live function was made from: by its handler, by the files in its package, and by its name.
struct LiveMatch {
  /// A function of the repository.
  struct Source: Hashable {
    let name: String
    let unit: RepositoryPath
    let handler: String?
    /// The names of the files in its unit, from the unit.
    let files: Set<String>

    /// The most files of a unit that are compared.
    private static let mostFiles = 2_000

    init(name: String, unit: RepositoryPath, handler: String?, files: Set<String>) {
      self.name = name
      self.unit = unit
      self.handler = handler
      self.files = files
    }

    init(_ function: DiscoveredFunction, root: String) {
      let folder = function.unit.absolute(in: root)
      var files: Set<String> = []
      var open = [""]
      while let next = open.popLast(), files.count < Self.mostFiles {
        let here = next.isEmpty ? folder : "\(folder)/\(next)"
        for name in (try? Files.names(in: here)) ?? []
        where !name.hasPrefix(".") && name != "node_modules" {
          let path = next.isEmpty ? name : "\(next)/\(name)"
          if Files.isFolder("\(folder)/\(path)") { open.append(path) } else { files.insert(path) }
        }
      }
      self.init(name: function.name, unit: function.unit, handler: function.handler, files: files)
    }
  }

  /// Each live function with its source.
  private(set) var pairs: [(LiveFunction, Source)] = []
  /// What has no match, a sentence each.
  private(set) var notes: [String] = []

  init(_ live: [LiveFunction], _ sources: [Source]) {
    var found: [String: [(LiveFunction, Source)]] = [:]
    for function in live {
      let handler = function.configuration["Handler"]?.string
      let same = sources.filter { $0.handler != nil && $0.handler == handler }
      switch Self.best(same, for: function) {
      case .one(let source): found[source.name, default: []].append((function, source))
      case .none(let why): notes.append("\(function.functionName): \(why(handler))")
      }
    }
    for (name, matches) in found.sorted(by: { $0.key < $1.key }) {
      if matches.count == 1 {
        pairs.append(matches[0])
      } else {
        let names = matches.map { $0.0.functionName }.joined(separator: " and ")
        notes.append(
          "\(name): \(names) both are made from it; name one of them: --from live with its name")
      }
    }
    let matched = Set(pairs.map { $0.1.name })
    for source in sources where found[source.name] == nil && !matched.contains(source.name) {
      notes.append("\(source.unit): no function in AWS is made from \(source.name)")
    }
  }

  private enum Choice {
    case one(Source)
    case none((String?) -> String)
  }

  /// The source whose files are in the package, or which has the name.
  private static func best(_ same: [Source], for function: LiveFunction) -> Choice {
    guard !same.isEmpty else {
      return .none { handler in
        handler.map { "no source has its handler \($0)" } ?? "it has no handler, as images do"
      }
    }
    let package = function.files.map(Set.init)
    let scored = same.map { source in
      (source: source, score: score(source, package, function.functionName))
    }
    let best = scored.map(\.score).max() ?? 0
    let leaders = scored.filter { $0.score == best }
    if best == 0, package != nil {
      return .none { _ in "its package holds no file of \(same.map(\.name).joined(separator: ", "))"
      }
    }
    guard leaders.count == 1 else {
      return .none { _ in
        "\(leaders.map(\.source.name).joined(separator: ", ")) could all be its source"
      }
    }
    return .one(leaders[0].source)
  }

  /// How much of the unit is in the package: the share of its files, then their number, then the name.
  private static func score(_ source: Source, _ package: Set<String>?, _ functionName: String)
    -> Int
  {
    let hasName =
      functionName == source.name || functionName.hasSuffix("-\(source.name)")
      || functionName.hasSuffix("_\(source.name)")
    guard let package, !source.files.isEmpty else { return hasName ? 1 : 0 }
    let shared = source.files.count { package.contains($0) }
    guard shared > 0 else { return 0 }
    // Of two units that are in it as a whole, it is made from the larger one.
    return 2 * (1_000 * shared / source.files.count + min(shared, 500)) + (hasName ? 1 : 0)
  }
}
