/// The versions that Poetry takes, such as `^1.2`, `>=3.9,<3.13` or `~2.0 || ^3`.
///
/// Source: https://python-poetry.org/docs/dependency-specification/#version-constraints
struct PoetryConstraint {
  private struct Clause {
    let comparison: String
    let version: String
  }

  /// Choices, all of whose clauses are met.
  private let choices: [[Clause]]

  /// The most clauses.
  private static let most = 256

  /// Nil for text that is no constraint.
  init?(_ text: String) {
    var choices: [[Clause]] = []
    for part in text.split(separator: "|") {
      guard let clauses = Self.clauses(part) else { return nil }
      choices.append(clauses)
    }
    guard !choices.isEmpty, choices.joined().count <= Self.most else { return nil }
    self.choices = choices
  }

  /// Whether `version` is one of them.
  func takes(_ version: String) -> Bool {
    guard let version = PythonVersion(version) else { return false }
    return choices.contains { clauses in
      clauses.allSatisfy { version.meets($0.comparison, $0.version) ?? false }
    }
  }

  /// As a marker about the version of Python; nil where all are taken.
  var marker: String? {
    guard !choices.contains(where: \.isEmpty) else { return nil }
    return choices.map { clauses in
      "(" + clauses.map { "python_full_version \($0.comparison) '\($0.version)'" }.joined(separator: " and ")
        + ")"
    }.joined(separator: " or ")
  }

  /// The clauses of one choice, between which commas or blanks stand; none for `*`.
  private static func clauses(_ text: Substring) -> [Clause]? {
    var clauses: [Clause] = []
    var rest = text.drop(while: isBetween)
    while !rest.isEmpty {
      let sign = rest.prefix { "<>=!~^".contains($0) }
      rest = rest[sign.endIndex...].drop { $0 == " " }
      let version = rest.prefix { !isBetween($0) && !"<>=!~^".contains($0) }
      rest = rest[version.endIndex...].drop(while: isBetween)
      guard !version.isEmpty else { return nil }
      if version == "*", sign.isEmpty { continue }
      guard let made = self.clauses(String(sign), String(version)) else { return nil }
      clauses += made
    }
    return clauses
  }

  private static func isBetween(_ character: Character) -> Bool { character == "," || character == " " }

  private static func clauses(_ sign: String, _ version: String) -> [Clause]? {
    let numbers = version.split(separator: ".", omittingEmptySubsequences: false).map { part in
      Int(part.prefix { ("0"..."9").contains($0) })
    }
    switch sign {
    case "", "=": return [Clause(comparison: "==", version: version)]
    case "==", "!=", "<", "<=", ">", ">=", "~=": return [Clause(comparison: sign, version: version)]
    case "^":
      // The first number that is not zero stays; of zeros alone the last.
      let known = numbers.prefix(3).compactMap(\.self)
      guard known.count == min(numbers.count, 3), let last = known.indices.last else { return nil }
      return range(from: version, known, raising: known.firstIndex { $0 > 0 } ?? last)
    case "~":
      let known = numbers.prefix(2).compactMap(\.self)
      guard known.count == min(numbers.count, 2), let last = known.indices.last else { return nil }
      return range(from: version, known, raising: last)
    default: return nil
    }
  }

  /// From `version` to below the one whose number at `index` is the next.
  private static func range(from version: String, _ numbers: [Int], raising index: Int) -> [Clause]? {
    let (next, isTooLarge) = numbers[index].addingReportingOverflow(1)
    guard !isTooLarge else { return nil }
    let end = numbers[..<index].map(String.init) + [String(next)]
    return [
      Clause(comparison: ">=", version: version),
      Clause(comparison: "<", version: end.joined(separator: ".")),
    ]
  }
}
