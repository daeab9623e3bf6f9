internal import Core
internal import Glibc

/// A rollout of the past, as the counts of its two versions show it. Pure: minutes in, evidence out.
///
/// Nobody has written down when which weight was set, but every weight shows in how the traffic was shared. A step
/// ends where the canary's share changes by more than chance explains; that minute belongs to no step, as in a rollout
/// that is watched while it happens. The last of them is the bake where the stable version had next to nothing.
struct PastRollout {
  /// How many standard deviations two shares must lie apart to be two weights: chance alone gets there in one of
  /// 15 000 minutes.
  private static let apart = 4.0
  /// How unlikely it must be that the stable version had a share left, where hardly an invocation of it is seen.
  private static let unlikely = 0.001
  /// The share from which on the canary had everything: a retry may still reach the version that was called first.
  private static let everything = 0.995

  private var canary: VersionMinutes
  private var stable: VersionMinutes
  /// When the canary had its first traffic; the weight was set in that minute.
  let started: Timestamp
  /// The starts of the minutes at each weight, in order.
  private let stretches: [[Timestamp]]
  /// Whether the canary had everything in the last of them.
  private let isBaked: Bool

  /// - Parameters:
  ///   - canary: what is counted for the version on trial, and `stable` for the other one.
  ///   - from: the first minute of the period; what is older is history.
  /// - Returns: nil where the canary had no traffic in the period.
  init?(canary: VersionMinutes, stable: VersionMinutes, from: Timestamp, to: Timestamp) {
    let active = canary.counts.filter { $0.value.invocations > 0 && $0.key >= from && $0.key < to }.keys
    guard let first = active.min(), let last = active.max() else { return nil }
    self.canary = canary
    self.stable = stable
    started = first
    let minutes = stride(from: first.seconds + 60, through: last.seconds, by: 60).map {
      Timestamp(seconds: $0)
    }
    let shares = minutes.map { start in
      Split(
        canary: canary.counts[start]?.invocations ?? 0, stable: stable.counts[start]?.invocations ?? 0)
    }
    let ranges = Self.withoutStrays(Self.stretches(shares), of: shares)
    stretches = ranges.map { $0.map { minutes[$0] } }
    isBaked = Self.isBaked(ranges.map { range in shares[range].reduce(.zero, +) })
  }

  /// The same rollout with the invocations that were slow.
  func with(slow canary: [[Timestamp: Int]], and stable: [[Timestamp: Int]]) -> PastRollout {
    var rollout = self
    rollout.canary.slow = canary
    rollout.stable.slow = stable
    return rollout
  }

  /// What the judge gets to see: every step is over.
  func evidence(stableVersion: String, canaryVersion: String) -> FunctionEvidence {
    let isComplete = canary.isComplete && stable.isComplete
    return FunctionEvidence(
      steps: steps, history: history, bake: bake,
      availability: isComplete ? .complete : .failing(reason: "CloudWatch answered with incomplete series"),
      canaryVersion: canaryVersion, stableVersion: stableVersion)
  }

  /// The minutes that have one share; those in which it changes are in none.
  private static func stretches(_ shares: [Split]) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var begin = 0
    var sum = Split.zero
    for (index, share) in shares.enumerated() {
      guard isApart(sum, share) else {
        sum = sum + share
        continue
      }
      stretches.append(begin..<index)
      (begin, sum) = (index + 1, .zero)
    }
    return (stretches + [begin..<max(begin, shares.count)]).filter { !$0.isEmpty }
  }

  /// The stretches as they were meant: one that stray invocations of the stable version have cut is one, and what
  /// reaches a canary after its traffic was taken back in the bake, such as a retry, is no step.
  private static func withoutStrays(_ stretches: [Range<Int>], of shares: [Split]) -> [Range<Int>] {
    func share(_ range: Range<Int>) -> Double { shares[range].reduce(.zero, +).share ?? 0 }
    var meant: [Range<Int>] = []
    for range in stretches {
      if let last = meant.last {
        let both = last.lowerBound..<range.upperBound
        if [last, range, both].allSatisfy({ share($0) >= everything }) {
          meant[meant.count - 1] = both
          continue
        }
      }
      meant.append(range)
    }
    while meant.count > 1, share(meant[meant.count - 1]) <= 1 - everything,
      share(meant[meant.count - 2]) >= everything
    {
      meant.removeLast()
    }
    return meant
  }

  /// Whether the canary's share in a minute is another than in the minutes before.
  private static func isApart(_ before: Split, _ minute: Split) -> Bool {
    let (n, m) = (Double(before.canary + before.stable), Double(minute.canary + minute.stable))
    guard n > 0, m > 0 else { return false }
    let difference = Double(before.canary) / n - Double(minute.canary) / m
    let pooled = Double(before.canary + minute.canary) / (n + m)
    let deviation = (pooled * (1 - pooled) * (1 / n + 1 / m)).squareRoot()
    return difference.magnitude > apart * deviation && deviation > 0
  }

  /// Whether the last of some stretches is a bake: what the canary had before makes it no accident that the stable
  /// version is hardly seen.
  private static func isBaked(_ stretches: [Split]) -> Bool {
    guard let last = stretches.last, let share = last.share, share >= everything else { return false }
    guard let before = stretches.dropLast().last?.share else { return true }
    return pow(before, Double(last.canary)) < unlikely
  }

  private func minutes(_ stretch: [Timestamp]) -> [Minute] {
    stretch.map { EvidenceCollector.minute($0, canary, stable) }
  }

  private var steps: [StepEvidence] {
    stretches.dropLast(isBaked ? 1 : 0).compactMap { stretch in
      let minutes = minutes(stretch)
      let share = Counts.share(.sum(minutes.lazy.map(\.canary)), .sum(minutes.lazy.map(\.stable)))
      guard let share, share > 0 else { return nil }
      return StepEvidence(weight: share, ended: true, minutes: minutes)
    }
  }

  private var bake: BakeEvidence? {
    guard isBaked, let stretch = stretches.last, let first = stretch.first else { return nil }
    // The minute of the change is the stable version's last.
    let end = first - .minutes(1)
    let hour = Self.starts(before: end, count: 60)
    return BakeEvidence(
      ended: true, minutes: minutes(stretch), baseline: .sum(hour.map { stable.counts[$0] ?? .zero }),
      baselineExtra: stable.extra.mapValues { sums in hour.reduce(0) { $0 + (sums[$1] ?? 0) } },
      baselinePeriod: (end - .minutes(60))..<end)
  }

  private var history: [HistoryMinute] {
    Self.starts(before: started, count: Dispersion.historyMinutes).map {
      EvidenceCollector.historyMinute($0, stable)
    }
  }

  private static func starts(before moment: Timestamp, count: Int) -> [Timestamp] {
    (1...count).reversed().map { moment - .minutes(Double($0)) }
  }
}

extension Split {
  fileprivate static let zero = Split(canary: 0, stable: 0)

  fileprivate static func + (a: Split, b: Split) -> Split {
    Split(canary: a.canary + b.canary, stable: a.stable + b.stable)
  }

  /// The canary's part; nil where there is nothing.
  fileprivate var share: Double? {
    canary + stable > 0 ? Double(canary) / Double(canary + stable) : nil
  }
}
