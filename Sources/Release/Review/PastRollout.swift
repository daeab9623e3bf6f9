internal import Core
internal import Glibc

/// A rollout of the past, as the counts of its two versions show it. Pure: minutes in, evidence out.
///
/// Nobody has written down when which weight was set, but every weight shows in how the traffic was shared. A step
/// ends where the canary's share changes by more than chance explains; that minute belongs to no step, as in a rollout
/// that is watched while it happens.
struct PastRollout {
  /// How many standard deviations two shares must lie apart to be two weights: chance alone gets there in one of
  /// 15 000 minutes.
  private static let apart = 4.0
  /// How unlikely it must be that the stable version had a share left, where no invocation of it is seen any more.
  private static let unlikely = 0.001
  /// As far as the judge looks back.
  private static let history = 180

  private var canary: VersionMinutes
  private var stable: VersionMinutes
  /// The minutes in which the canary had traffic, from the first to the last, with those between.
  private let minutes: [Timestamp]
  /// How many of them come before the canary had everything.
  private let splitCount: Int
  private let begin: Timestamp

  /// - Parameters:
  ///   - canary: what is counted for the version on trial, and `stable` for the other one.
  ///   - from: the first minute of the period; what is older is history.
  /// - Returns: nil where the canary had no traffic in the period.
  init?(canary: VersionMinutes, stable: VersionMinutes, from: Timestamp, to: Timestamp) {
    let active = canary.counts.filter { $0.value.invocations > 0 && $0.key >= from && $0.key < to }.keys
    guard let first = active.min(), let last = active.max() else { return nil }
    self.canary = canary
    self.stable = stable
    begin = first
    minutes = stride(from: first.seconds, through: last.seconds, by: 60).map { Timestamp(seconds: $0) }
    let shared = minutes.lastIndex { stable.counts[$0]?.invocations ?? 0 > 0 }
    splitCount = Self.splitEnd(minutes, shared: shared, canary: canary, stable: stable)
  }

  /// When the canary had its first traffic.
  var started: Timestamp { begin }

  /// The same rollout with the invocations that were slow.
  func with(slow canary: [Timestamp: Int]?, and stable: [Timestamp: Int]?) -> PastRollout {
    var rollout = self
    rollout.canary.slow = canary
    rollout.stable.slow = stable
    return rollout
  }

  /// What the judge gets to see: every step is over.
  func evidence(stableVersion: String, canaryVersion: String) -> FunctionEvidence {
    let isComplete = canary.isComplete && stable.isComplete
    return FunctionEvidence(
      steps: steps, history: before(begin, count: Self.history), bake: bake,
      availability: isComplete ? .complete : .failing(reason: "CloudWatch answered with incomplete series"),
      canaryVersion: canaryVersion, stableVersion: stableVersion)
  }

  /// Where the minutes end in which both versions had traffic: behind the last invocation of the stable version, unless
  /// the canary's last share makes it no surprise that none is seen after it.
  private static func splitEnd(
    _ minutes: [Timestamp], shared: Int?, canary: VersionMinutes, stable: VersionMinutes
  ) -> Int {
    guard let shared else { return 0 }
    func sum(_ version: VersionMinutes, _ range: some Sequence<Timestamp>) -> Double {
      Double(Counts.sum(range.map { version.counts[$0] ?? .zero }).invocations)
    }
    let recent = minutes[max(0, shared - 9)...shared]
    let (own, others) = (sum(canary, recent), sum(stable, recent))
    let alone = sum(canary, minutes[(shared + 1)...])
    let chance = pow(own / (own + others), alone)
    return chance < unlikely ? shared + 1 : minutes.count
  }

  /// The first minute, in which the first weight was set, belongs to no step.
  private var steps: [StepEvidence] {
    var steps: [[Minute]] = []
    var current: [Minute] = []
    for start in minutes.prefix(splitCount).dropFirst() {
      let minute = EvidenceCollector.minute(start, canary, stable)
      if Self.isApart(current, minute) {
        steps.append(current)
        current = []
      } else {
        current.append(minute)
      }
    }
    return (steps + [current]).compactMap { minutes in
      let share = Stratum.share(
        .sum(minutes.lazy.map(\.canary)), .sum(minutes.lazy.map(\.stable)))
      guard let share, share > 0 else { return nil }
      return StepEvidence(weight: share, ended: true, minutes: minutes)
    }
  }

  /// Whether the canary's share in `minute` is another than in the minutes before.
  private static func isApart(_ before: [Minute], _ minute: Minute) -> Bool {
    let old = Split(
      canary: before.reduce(0) { $0 + $1.canary.invocations },
      stable: before.reduce(0) { $0 + $1.stable.invocations })
    let (n, m) = (
      Double(old.canary + old.stable), Double(minute.canary.invocations + minute.stable.invocations)
    )
    guard n > 0, m > 0 else { return false }
    let (p, q) = (Double(old.canary) / n, Double(minute.canary.invocations) / m)
    let pooled = (Double(old.canary) + Double(minute.canary.invocations)) / (n + m)
    let deviation = (pooled * (1 - pooled) * (1 / n + 1 / m)).squareRoot()
    return (p - q).magnitude > apart * deviation && deviation > 0
  }

  private var bake: BakeEvidence? {
    guard splitCount < minutes.count else { return nil }
    // The minute after the last shared one; where nothing was shared, the one after the switch.
    let baked = minutes[max(splitCount, 1)...].map { EvidenceCollector.minute($0, canary, stable) }
    guard !baked.isEmpty else { return nil }
    let end = minutes[splitCount]
    return BakeEvidence(
      ended: true, minutes: baked, baseline: .sum(before(end, count: 60)),
      baselineExtra: stable.extra.mapValues { sums in
        Self.starts(before: end, count: 60).reduce(0) { $0 + (sums[$1] ?? 0) }
      })
  }

  private func before(_ moment: Timestamp, count: Int) -> [Counts] {
    Self.starts(before: moment, count: count).map { stable.counts[$0] ?? .zero }
  }

  private static func starts(before moment: Timestamp, count: Int) -> [Timestamp] {
    (1...count).reversed().map { moment - .minutes(Double($0)) }
  }
}
