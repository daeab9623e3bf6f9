extension Preflight {
  /// The functions that a release of `commit` would set back, or of which nobody can tell: what serves was made from a
  /// commit that came later, or may have been.
  ///
  /// The history is asked once for each commit that serves anywhere.
  package static func olderCommits(
    in plan: ReleasePlan, commit: String?, history: any CommitHistory
  ) async -> [PreflightFinding] {
    guard let commit else { return [] }
    let replaced = plan.changed.filter { $0.unfinished?.relation != .same }
    let deployed = Set(replaced.compactMap { $0.provenance?.commit })
    var orders: [String: CommitOrder] = [:]
    for other in deployed.sorted() where !commit.hasPrefix(other) && !other.hasPrefix(commit) {
      orders[other] = await history.order(of: commit, to: other)
    }
    return replaced.compactMap { plan in
      guard let other = plan.provenance?.commit else { return nil }
      let made = "version \(plan.servingVersion ?? "") was made from commit \(other)"
      switch orders[other] {
      case .older:
        return .refusal(
          plan.input.function, "\(made), and commit \(commit.prefix(12)) is older",
          fix: "release a commit that follows it, or pass --allow-older to go back on purpose")
      case .unknown(let fetch):
        return .refusal(
          plan.input.function,
          "\(made), and this shallow clone cannot tell whether commit \(commit.prefix(12)) is older",
          fix: "get the history with '\(fetch)', or pass --allow-older to release all the same")
      case .notOlder, nil: return nil
      }
    }
  }
}
