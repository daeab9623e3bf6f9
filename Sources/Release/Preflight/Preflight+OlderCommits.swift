extension Preflight {
  /// The functions that a release of `commit` would set back: what serves was made from a commit that came later.
  ///
  /// The history is asked once for each commit that serves anywhere.
  public static func olderCommits(
    in plan: ReleasePlan, commit: String?, history: any CommitHistory
  ) async -> [PreflightFinding] {
    guard let commit else { return [] }
    let replaced = plan.changed.filter { $0.unfinished?.relation != .same }
    let deployed = Set(replaced.compactMap { $0.provenance?.commit })
    var later: Set<String> = []
    for other in deployed.sorted() where !commit.hasPrefix(other) && !other.hasPrefix(commit) {
      if await history.isAncestor(commit, of: other) { later.insert(other) }
    }
    return replaced.compactMap { plan in
      guard let other = plan.provenance?.commit, later.contains(other) else { return nil }
      return .refusal(
        plan.input.function,
        "version \(plan.servingVersion ?? "") was made from commit \(other), and commit \(commit.prefix(12)) is older",
        fix: "release a commit that follows it, or pass --allow-older to go back on purpose")
    }
  }
}
