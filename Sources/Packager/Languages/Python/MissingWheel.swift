internal import Core

/// A requirement that there is nothing of for the target, as pip or uv tell it.
struct MissingWheel: Equatable {
  let requirement: String
  /// The newest versions that there is something of, as pip lists them; nil for none, or where nothing is said.
  let versions: String?

  /// Nil where the lines tell of something else: an index that does not answer has nothing either.
  init?(output: [String]) {
    guard !output.contains(where: Self.tellsOfConnection) else { return nil }
    for line in output {
      if let found = Self.byPip(line) ?? Self.byUv(line) {
        self = found
        return
      }
    }
    return nil
  }

  private init(requirement: some StringProtocol, versions: String?) {
    self.requirement = String(requirement)
    self.versions = versions
  }

  /// The newest, which come last.
  private static let mostVersions = 5

  private static func tellsOfConnection(_ line: String) -> Bool {
    ["WARNING: Retrying", "Could not fetch URL", "Connection", "error sending request", "Failed to fetch"]
      .contains { line.contains($0) }
  }

  /// `ERROR: Could not find a version that satisfies the requirement x==2 (from versions: 1.0, 1.1)`
  private static func byPip(_ line: String) -> MissingWheel? {
    guard let start = line.firstRange(of: "find a version that satisfies the requirement ") else {
      return nil
    }
    let rest = line[start.upperBound...]
    guard let list = rest.firstRange(of: " (from versions: ") else {
      return MissingWheel(requirement: rest, versions: nil)
    }
    let requirement = rest[..<list.lowerBound].firstRange(of: " (from ").map { rest[..<$0.lowerBound] }
    let versions = rest[list.upperBound...].prefix { $0 != ")" }.pieces(between: ", ").filter { !$0.isEmpty }
    return MissingWheel(
      requirement: requirement ?? rest[..<list.lowerBound],
      versions: versions == ["none"] || versions.isEmpty
        ? nil : versions.suffix(mostVersions).joined(separator: ", "))
  }

  /// `╰─▶ Because x==1.0 has no wheels with a matching platform tag (…) and you require x==1.0, we can conclude …`
  private static func byUv(_ line: String) -> MissingWheel? {
    let words = line.split(separator: " ")
    for (index, word) in words.enumerated() where word == "has" && index > 0 && index + 3 < words.count {
      let isWithout =
        words[index + 1] == "no"
        && (words[index + 2] == "usable" && words[index + 3].hasPrefix("wheels")
          || words[index + 2] == "wheels" && words[index + 3] == "with")
      if isWithout { return MissingWheel(requirement: words[index - 1], versions: nil) }
    }
    return nil
  }
}
