internal import Core
internal import Release

/// How a release stands for one function, as the record in its alias tells. Pure.
struct ReleaseStanding: Sendable {
  /// How it has ended, or that it has not.
  enum Outcome: String, CaseIterable, Sendable {
    // In the order of what a release is called by that stands otherwise for some functions than for others.
    case held, rolledBack, underWay, detached, promoted
  }

  let outcome: Outcome
  /// The version that the release is about: on trial, taken back, or promoted.
  let version: String?
  /// The version that served before it.
  let former: String?

  /// - Parameter now: AWS's time: what nobody holds the lease of nobody drives.
  init(_ record: RolloutRecord, at now: Timestamp) {
    switch record.state {
    case .canary, .bake, .commit:
      (version, former) = (record.canary, record.stable)
      outcome = record.isLeaseOver(at: now) ? .detached : .underWay
    case .hold: (version, former, outcome) = (record.canary, record.stable, .held)
    case .rolledBack: (version, former, outcome) = (record.canary ?? record.bad, record.stable, .rolledBack)
    case .idle, .triggers: (version, former, outcome) = (record.stable, record.previous, .promoted)
    }
  }

  /// How it stands as a whole.
  static func outcome(of standings: [ReleaseStanding]) -> Outcome {
    let outcomes = Set(standings.map(\.outcome))
    return Outcome.allCases.first(where: outcomes.contains) ?? .promoted
  }
}
