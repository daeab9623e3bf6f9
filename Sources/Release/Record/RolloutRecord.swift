package import Core

/// The state of a rollout: the one line in the alias's Description that every later run goes by.
///
/// It is written by the same `UpdateAlias` that changes the traffic, so it can never disagree with it.
package struct RolloutRecord: Hashable, Sendable {
  /// The release the rollout belongs to.
  package var release: ReleaseID
  /// Where the rollout stands.
  package var state: RolloutState
  /// The step under way, from 1; 0 before the first.
  package var step: Int
  /// The number of steps in the plan the rollout began with.
  package var steps: Int
  /// The version that serves, or served before the bake.
  package var stable: String?
  /// The version on trial, in the bake too; after a rollback that blames nobody the version that was taken back.
  package var canary: String?
  /// The good version before the one that serves: where `rollback` goes.
  package var previous: String?
  /// The versions that were rolled back and blamed for it, the newest last. They stay through later releases; of more
  /// than ``longestMemory`` the oldest are forgotten.
  package var badVersions: [String]
  /// Twelve digits of the package digest of the version this release published: on trial, serving or taken back.
  package var package: String?
  /// The changes of weight in order; the bake's is 100 %.
  package var history: [WeightChange]
  /// When the canary got its first weight, by AWS's clock, in whole seconds.
  package var started: Timestamp?
  /// When the owner's lease ends, by AWS's clock, in whole seconds.
  package var leaseEnd: Timestamp?
  /// Who drives it.
  package var owner: RecordOwner?
  /// How many functions the release has.
  package var functions: Int

  /// A record of `release` in `state`; everything else is empty, one function.
  package init(release: ReleaseID, state: RolloutState) {
    self.release = release
    self.state = state
    step = 0
    steps = 0
    history = []
    badVersions = []
    functions = 1
  }
}

extension RolloutRecord {
  /// How long a lease lasts, and how old it may get before it is renewed.
  static let leaseLength = TimeSpan.minutes(5)
  static let leaseRenewal = TimeSpan.minutes(2)

  /// How many bad versions are remembered: what a Description has room for beside the rest.
  package static let longestMemory = 6
  /// A lease of five minutes, and as much again for clocks that differ.
  static let longestLease = TimeSpan.minutes(10)

  /// The version that was blamed last.
  package var bad: String? { badVersions.last }

  /// Remembers `version` as bad.
  mutating func blame(_ version: String) {
    absolve(version)
    badVersions = (badVersions + [version]).suffix(Self.longestMemory)
  }

  /// Forgets that `version` was bad: it has proved itself since.
  mutating func absolve(_ version: String) { badVersions.removeAll { $0 == version } }

  /// The version that shares the traffic with the stable one; nil where one version has everything.
  var onTrial: String? { state == .canary || state.isHold ? canary : nil }

  /// The canary's share of the traffic that goes with this state; nil where it has none.
  package var weight: Weight? {
    switch state {
    case .canary, .hold: history.last?.weight
    case .bake, .commit: .all
    case .idle, .triggers, .rolledBack: nil
    }
  }

  /// The minutes spent at each weight, rebuilt from the start and the changes.
  package var recordedSteps: [RecordedStep] {
    guard let start = started?.startOfMinute else { return [] }
    return history.enumerated().map { index, change in
      let next = index + 1 < history.count ? history[index + 1] : nil
      return RecordedStep(
        weight: change.weight,
        firstMinute: start + .minutes(Double(change.minute + 1)),
        endMinute: next.map { start + .minutes(Double($0.minute)) })
    }
  }

  /// Whether a rollout that stands as this record says may have been begun with `plan`, as far as the record tells. What
  /// is decided has no steps before it.
  package func fits(_ plan: StepPlan) -> Bool {
    guard state == .canary || state.isHold else { return true }
    guard steps == plan.steps.count, plan.steps.indices.contains(step - 1),
      case .traffic(let planned, _) = plan.steps[step - 1]
    else { return false }
    return WeightChange(minute: 0, weight: planned).weight == weight
  }

  /// Whether nobody holds the lease any more at `moment` of AWS's clock. One that ends later than any run writes it is none.
  package func isLeaseOver(at moment: Timestamp) -> Bool {
    leaseEnd.map { $0 <= moment || $0 > moment + Self.longestLease } ?? true
  }

  /// Whether the canary's package is the one with `digest`, as far as the record can tell.
  package func isPackage(_ digest: String) -> Bool {
    package.map { digest.lowercased().hasPrefix($0) } ?? false
  }
}
