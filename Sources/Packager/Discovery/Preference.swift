internal import Core

/// Rule Z2 inside a unit: conventional file names before others, the shallowest first; the rest are helpers.
enum Preference {
  static func narrow(
    _ units: [RepositoryPath: [HandlerCandidate]]
  ) -> (kept: [RepositoryPath: [HandlerCandidate]], passedOver: [PassedOver]) {
    var kept: [RepositoryPath: [HandlerCandidate]] = [:]
    var passedOver: [PassedOver] = []
    let conventional = units.flatMap { unit, candidates in
      candidates.filter(\.isConventional).map { (unit: unit, candidate: $0) }
    }
    for (unit, candidates) in units {
      for candidate in candidates {
        let better = conventional.first { other in
          beats(other.candidate, candidate, isSameUnit: other.unit == unit)
        }
        if let better {
          passedOver.append(
            PassedOver(
              path: candidate.file,
              reason: "looks like a handler but \(better.candidate.file) is the more usual place"))
        } else {
          kept[unit, default: []].append(candidate)
        }
      }
    }
    return (kept, passedOver.sorted { $0.path < $1.path })
  }

  /// Whether `a`, which has a conventional name, makes `b` a helper.
  private static func beats(_ a: HandlerCandidate, _ b: HandlerCandidate, isSameUnit: Bool) -> Bool {
    guard a.file != b.file, a.language.isSame(as: b.language) else { return false }
    if a.folder == b.folder { return !b.isConventional }
    // What lies at the top of the repository says nothing about all the folders below.
    guard !a.folder.isRoot, a.folder.contains(b.folder) else { return false }
    let between = b.folder.relative(to: a.folder).components
    guard !between.contains(where: Narrowing.conventionalParents.contains) else { return false }
    return !b.isConventional || isSameUnit
  }
}
