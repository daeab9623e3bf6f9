internal import Core

/// A release of another run that makes just what this run wants: its end is this run's end too.
///
/// Pure: plan in, aliases in, report out.
struct Attachment: Sendable {
  /// The other run's release.
  let release: ReleaseID
  private let plan: ReleasePlan
  private let canaries: [String: String]

  /// - Returns: nil where this run wants anything beside what that release brings, or no release is under way.
  init?(_ plan: ReleasePlan) {
    let underWay = plan.functions.compactMap { function in
      function.unfinished.map { (function: function.input.function, rollout: $0) }
    }
    guard let release = underWay.first?.rollout.record.release,
      underWay.allSatisfy({ $0.rollout.relation == .same && $0.rollout.record.release == release }),
      plan.changed.allSatisfy({ $0.unfinished != nil })
    else { return nil }
    self.release = release
    self.plan = plan
    canaries = Dictionary(
      underWay.compactMap { entry in entry.rollout.record.canary.map { (entry.function, $0) } }
    ) { first, _ in first }
  }

  /// How the release ended, by what its aliases say now.
  ///
  /// - Returns: nil where they do not tell: it is still under way, its run has died, or another release has begun.
  func end(_ aliases: [String: AliasSnapshot]) -> ReleaseReport? {
    var report = ReleaseReport(plan)
    report.take(.release(release))
    for (function, canary) in canaries {
      guard let snapshot = aliases[function], let record = snapshot.record, record.release == release,
        let outcome = Self.outcome(record, canary: canary)
      else { return nil }
      report.take(.candidate(function, from: nil, to: canary, codeSHA256: nil))
      report.take(.serves(function, snapshot.alias.shares))
      report.take(.ended(function, outcome))
    }
    let whole = [Outcome.rolledBack, .held].first { outcome in
      report.functions.contains { $0.outcome == outcome }
    }
    report.take(.concluded(whole ?? .promoted))
    return report
  }

  private static func outcome(_ record: RolloutRecord, canary: String) -> Outcome? {
    switch record.state {
    case .idle, .triggers: record.stable == canary ? .promoted : nil
    case .rolledBack: .rolledBack
    case .hold: .held
    case .canary, .bake, .commit: nil
    }
  }
}
