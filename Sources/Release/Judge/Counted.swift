/// What is counted in a trial.
enum Counted {
  case errors
  /// Invocations above the limit with this number, from 0.
  case slow(Int)
  case metric(String)

  /// The settled minutes at the start of a step in which new environments make invocations slow.
  static let coldMinutes = 2

  /// The counts of one minute; nil where it says nothing.
  func tallies(_ minute: Minute) -> (canary: Tally, stable: Tally)? {
    let split: Split
    switch self {
    case .errors: return (Tally(minute.canary), Tally(minute.stable))
    case .slow(let limit):
      guard minute.slow.indices.contains(limit) else { return nil }
      split = minute.slow[limit]
    case .metric(let name):
      guard let counted = minute.extra[name] else { return nil }
      split = counted
    }
    return (Tally(minute.canary.invocations, split.canary), Tally(minute.stable.invocations, split.stable))
  }

  private func tally(_ minute: HistoryMinute) -> Tally? {
    switch self {
    case .errors: Tally(minute.counts)
    case .slow(let limit):
      minute.slow.indices.contains(limit) ? Tally(minute.counts.invocations, minute.slow[limit]) : nil
    case .metric(let name): minute.extra[name].map { Tally(minute.counts.invocations, $0) }
    }
  }

  private var isSlowness: Bool {
    if case .slow = self { true } else { false }
  }

  /// The trial over all steps, the stable version beside the canary.
  func trial(_ evidence: FunctionEvidence) -> Trial {
    var minutes: [TrialMinute] = []
    minutes.reserveCapacity(evidence.steps.reduce(0) { $0 + $1.minutes.count })
    var chances: [Double] = []
    for (index, step) in evidence.steps.enumerated() {
      var (canary, stable) = (0, 0)
      for place in step.minutes.indices.dropFirst(isSlowness ? Self.coldMinutes : 0) {
        guard let tallies = tallies(step.minutes[place]) else { continue }
        canary += tallies.canary.invocations
        stable += tallies.stable.invocations
        minutes.append(TrialMinute(stratum: index, canary: tallies.canary, stable: tallies.stable))
      }
      chances.append(NullShare.chance(weight: step.weight, canary: canary, stable: stable))
    }
    let phi = Dispersion.phi(history: evidence.history.compactMap(tally), beside: minutes.map(\.stable))
    return Trial(minutes, against: .sameMinutes(chances: chances), phi: phi)
  }

  /// The trials of a bake: the first must convict, and the second, if there is one, must not speak against it. None
  /// without a bake or without a baseline.
  ///
  /// - Parameter trial: that of the steps.
  func bakes(_ evidence: FunctionEvidence, after trial: Trial) -> [Trial] {
    guard let bake = evidence.bake else { return [] }
    let minutes = bake.minutes.compactMap { minute in
      tallies(minute).map { TrialMinute(stratum: 0, canary: $0.canary, stable: .zero) }
    }
    let beside = Tally.sum(trial.minutes.lazy.map(\.stable))
    return baselines(hour: hour(bake), beside: beside).map {
      Trial(minutes, against: .baseline($0), phi: trial.phi)
    }
  }

  private func hour(_ bake: BakeEvidence) -> Tally? {
    switch self {
    case .errors: Tally(bake.baseline)
    case .slow: nil
    case .metric(let name): bake.baselineExtra[name].map { Tally(bake.baseline.invocations, $0) }
    }
  }

  /// Invocations of a baseline from which on it has a say whatever the other one is.
  private static let fewestInvocations = 50

  private func baselines(hour: Tally?, beside: Tally) -> [Baseline] {
    let hasBeside = beside.invocations >= Self.fewestInvocations
    var baselines: [Baseline] = []
    if let hour, hour.invocations >= (hasBeside ? Self.fewestInvocations : 1) {
      baselines.append(Baseline(source: .hourBefore, tally: hour))
    }
    if hasBeside || (beside.invocations > 0 && beside.hits > 0) {
      baselines.append(Baseline(source: .beside, tally: beside))
    }
    return baselines
  }
}
