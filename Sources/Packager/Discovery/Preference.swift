internal import Core

/// Rule Z2 inside a unit: every file with a handler is a function, but for those that only look like one: a helper beside a
/// handler, a built copy beside its source, a source that a container image holds.
enum Preference {
  static func narrow(
    _ units: [RepositoryPath: [HandlerCandidate]], in index: RepositoryIndex
  ) -> (kept: [RepositoryPath: [HandlerCandidate]], passedOver: [PassedOver]) {
    var kept: [RepositoryPath: [HandlerCandidate]] = [:]
    var passedOver: [PassedOver] = []
    let all = units.flatMap { unit, candidates in candidates.map { (unit: unit, candidate: $0) } }
    // Only what has the customary name in a customary file makes helpers of others.
    let strong = all.filter { $0.candidate.isConventional && $0.candidate.isExact }
    let images = Set(all.filter { $0.candidate.language is Image }.map(\.unit))
    let files = Set(all.map(\.candidate.file))
    for (unit, candidates) in units {
      for candidate in candidates {
        let reason =
          image(around: candidate, images) ?? source(of: candidate, files)
          ?? giver(of: candidate, strong.filter { $0.unit == unit }.map(\.candidate), index)
          ?? strong.first { beats($0.candidate, candidate) }.map {
            "looks like a handler but \($0.candidate.file) is the more usual place"
          }
        if let reason {
          passedOver.append(PassedOver(path: candidate.file, reason: reason))
        } else {
          kept[unit, default: []].append(candidate)
        }
      }
    }
    return (kept, passedOver.sorted { $0.path < $1.path })
  }

  /// Why a handler that another customary file of the unit takes in and hands on is no function of its own.
  private static func giver(
    of candidate: HandlerCandidate, _ strong: [HandlerCandidate], _ index: RepositoryIndex
  ) -> String? {
    guard candidate.isConventional, candidate.isExact, !candidate.isNamed else { return nil }
    let giver = strong.first { other in
      guard other.file != candidate.file, other.language.isSame(as: candidate.language),
        other.folder.contains(candidate.folder)
      else { return false }
      return (index.reading(other.file, other.language)?.imports ?? []).contains { found in
        found.module.split(whereSeparator: { $0 == "/" || $0 == "." }).last.map(String.init) == candidate.stem
      }
    }
    return giver.map { "is handed on by \($0.file)" }
  }

  /// Why a handler in a container image's folder is no function of its own.
  private static func image(around candidate: HandlerCandidate, _ images: Set<RepositoryPath>) -> String? {
    guard !(candidate.language is Image), !images.isEmpty else { return nil }
    var folder = candidate.folder
    while true {
      if images.contains(folder), !folder.isRoot {
        return "is in the container image of \(folder)/Dockerfile"
      }
      guard !folder.isRoot else { return nil }
      folder = folder.parent
    }
  }

  /// Why JavaScript beside the TypeScript that it was made of is no function of its own.
  private static func source(of candidate: HandlerCandidate, _ files: Set<RepositoryPath>) -> String? {
    guard ["js", "mjs", "cjs"].contains(candidate.file.fileExtension ?? "") else { return nil }
    let source = ["ts", "mts", "cts"].map { candidate.folder.appending("\(candidate.stem).\($0)") }.first {
      files.contains($0)
    }
    return source.map { "was built from \($0)" }
  }

  /// Whether `a` makes `b` a helper: one without the customary name, beside it or below it.
  private static func beats(_ a: HandlerCandidate, _ b: HandlerCandidate) -> Bool {
    guard a.file != b.file, a.language.isSame(as: b.language), !b.isExact, !b.isConventional, !b.isNamed
    else { return false }
    if a.folder == b.folder { return true }
    // What lies at the top of the repository says nothing about all the folders below.
    guard !a.folder.isRoot, a.folder.contains(b.folder) else { return false }
    let between = b.folder.relative(to: a.folder).components
    return !between.contains(where: Narrowing.conventionalParents.contains)
  }
}
