internal import Core

/// Names of functions from where they lie.
enum Naming {
  private static let generic: Set<String> = [
    "src", "main", "app", "cmd", "lambda", "lambdas", "function", "functions", "handler", "handlers",
    "internal", "bin",
  ]

  /// The path's components that say something, innermost last.
  static func parts(_ path: RepositoryPath) -> [String] {
    path.components.filter { !generic.contains($0.lowercased()) }
  }

  /// `text` with every character that a function's name cannot hold as a hyphen.
  static func clean(_ text: String) -> String {
    String(
      text.map { character in
        character.isASCII && (character.isLetter || character.isNumber || character == "_") ? character : "-"
      })
  }

  /// Gives every function a name of its own: its last telling component, with the nearest distinguishing ancestor in
  /// front where several would have the same.
  ///
  /// - Returns: an error for each name that several keep.
  static func assign(_ functions: inout [DiscoveredFunction]) -> [PackagerError] {
    var groups: [String: [Int]] = [:]
    for (index, function) in functions.enumerated() { groups[function.name, default: []].append(index) }
    for (name, group) in groups.sorted(by: { $0.key < $1.key }) where group.count > 1 {
      // A name that somebody wrote down stays as it is.
      let movable = group.filter { functions[$0].entry == nil }
      guard group.count - movable.count <= 1, let prefixes = prefixes(for: movable.map { functions[$0] })
      else {
        continue
      }
      for (index, prefix) in zip(movable, prefixes) {
        functions[index].name = prefix.isEmpty ? name : "\(clean(prefix))-\(name)"
      }
    }
    let final = Dictionary(grouping: functions, by: \.name).filter { $0.value.count > 1 }
    return final.sorted { $0.key < $1.key }.map { name, group in ambiguous(name, group, functions) }
  }

  /// For each function the nearest ancestor that no other has at the same distance; nil when there is none.
  private static func prefixes(for functions: [DiscoveredFunction]) -> [String]? {
    let ancestors = functions.map { Array($0.nameParts.dropLast().reversed()) }
    for distance in 0..<(ancestors.map(\.count).max() ?? 0) {
      let found = ancestors.map { distance < $0.count ? $0[distance] : "" }
      if Set(found).count == found.count { return found }
    }
    // No single level tells all apart: the whole way down to the deepest that is needed does.
    let whole = ancestors.map { $0.reversed().joined(separator: "-") }
    return Set(whole).count == whole.count ? whole : nil
  }

  private static func ambiguous(
    _ name: String, _ group: [DiscoveredFunction], _ all: [DiscoveredFunction]
  ) -> PackagerError {
    let units = group.map { $0.unit.isRoot ? "." : $0.unit.description }
    let entries = Set(group.map(\.unit)).sorted().map { unit -> String in
      let folder = unit.isRoot ? "" : "\(unit)/"
      let functions = group.filter { $0.unit == unit }.enumerated().map { index, function in
        "\"\(name)-\(index + 1)\": {\(function.handler.map { " \"handler\": \"\($0)\" " } ?? "")}"
      }
      return "\(folder)function.json: { \"functions\": { \(functions.joined(separator: ", ")) } }"
    }
    return .discovery(
      reason: "\(group.count) functions would be called '\(name)': "
        + zip(units, group).map { "\($0) (\($1.path))" }.joined(separator: ", "),
      fix: "name them in a file each, " + entries.joined(separator: " and ")
        + "; a lamctl.json that lists what was found: " + ready(all))
  }

  /// A `lamctl.json` that lists the units of `functions`.
  static func ready(_ functions: [DiscoveredFunction]) -> String {
    let units = Set(functions.map(\.unit)).filter { !$0.isRoot }.sorted()
    return "{ \"functions\": [" + units.map { "\"\($0)\"" }.joined(separator: ", ") + "] }"
  }
}
