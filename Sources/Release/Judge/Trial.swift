internal import Glibc

/// One comparison of the canary's counts with the stable version's.
struct Trial {
  let strata: [Stratum]
  let phi: Double
  let nullRatio: Double
  /// The logarithms of the likelihood ratios, one for each of the mixture's ratios.
  let logs: [Double]
  let logE: Double
  let canary: Counts
  let stable: Counts

  /// Below that many errors of the canary nothing is concluded.
  static let fewestErrors = 3

  init(_ strata: [Stratum], phi: Double, nullRatio: Double = 1) {
    self.strata = strata
    self.phi = phi
    self.nullRatio = nullRatio
    logs = Mixture.logs(strata, phi: phi, nullRatio: nullRatio)
    logE = Mixture.logMean(logs)
    canary = Counts.sum(strata.lazy.map(\.canary))
    stable = Counts.sum(strata.lazy.map(\.stable))
  }

  /// Whether the evidence reaches `1 / budget` and is worth acting on.
  func convicts(budget: Double, materialRatio: Double) -> Bool {
    logE >= -log(budget) && isMaterial(materialRatio)
  }

  /// Whether the canary has enough errors and fails at least `ratio` times as often.
  func isMaterial(_ ratio: Double) -> Bool { Self.isMaterial(strata, ratio) }

  /// The ratio of the error rates within the strata, weighted as Mantel and Haenszel do. For one stratum it is the
  /// plain ratio; over several, a change of weight during a bad hour cannot feign or hide a difference.
  static func isMaterial(_ strata: [Stratum], _ ratio: Double) -> Bool {
    guard Counts.sum(strata.lazy.map(\.canary)).errors >= fewestErrors else { return false }
    var canary = 0.0
    var stable = 0.0
    for stratum in strata {
      let total = Double(stratum.canary.invocations) + Double(stratum.stable.invocations)
      guard total > 0 else { continue }
      canary += Double(stratum.canary.errors) * Double(stratum.stable.invocations) / total
      stable += Double(stratum.stable.errors) * Double(stratum.canary.invocations) / total
    }
    return stable == 0 || canary / stable >= ratio
  }
}

/// What is counted in a trial.
enum Counted {
  case errors
  case slow
  case metric(String)

  /// The settled minutes at the start of a step in which new environments make invocations slow.
  private static let coldMinutes = 2

  /// The counts of one minute; nil where it says nothing.
  private func counts(_ minute: Minute) -> (canary: Counts, stable: Counts)? {
    let split: Split?
    switch self {
    case .errors: return (minute.canary, minute.stable)
    case .slow: split = minute.slow
    case .metric(let name): split = minute.extra[name]
    }
    guard let split else { return nil }
    return (
      Counts(invocations: minute.canary.invocations, errors: split.canary),
      Counts(invocations: minute.stable.invocations, errors: split.stable)
    )
  }

  private func minutes(_ step: StepEvidence) -> [(canary: Counts, stable: Counts)] {
    step.minutes.dropFirst(isSlowness ? Self.coldMinutes : 0).compactMap(counts)
  }

  private var isSlowness: Bool {
    if case .slow = self { true } else { false }
  }

  /// The trial over all steps. How counts bunch is read off the history for errors, off the stable version's own
  /// minutes beside the canary for everything else.
  func trial(_ evidence: FunctionEvidence) -> Trial {
    if case .errors = self {
      let strata = evidence.steps.map { step in
        Stratum(
          canary: .sum(step.minutes.lazy.map(\.canary)), stable: .sum(step.minutes.lazy.map(\.stable)),
          weight: step.weight)
      }
      return Trial(strata, phi: Dispersion.phi(evidence.history))
    }
    let steps = evidence.steps.map { (weight: $0.weight, minutes: minutes($0)) }
    let strata = steps.map { step in
      Stratum(
        canary: .sum(step.minutes.lazy.map(\.canary)), stable: .sum(step.minutes.lazy.map(\.stable)),
        weight: step.weight)
    }
    return Trial(strata, phi: Dispersion.phi(steps.flatMap { $0.minutes.map(\.stable) }))
  }

  /// The trial of a bake: twice as bad as the hour before is still no worse, because two times are compared.
  func trial(bake: BakeEvidence, history: [Counts]) -> Trial? {
    let canary = Counts.sum(bake.minutes.compactMap { counts($0)?.canary })
    let baseline: Counts
    switch self {
    case .errors: baseline = bake.baseline
    case .slow: return nil
    case .metric(let name):
      guard let count = bake.baselineExtra[name] else { return nil }
      baseline = Counts(invocations: bake.baseline.invocations, errors: count)
    }
    guard baseline.invocations > 0 else { return nil }
    return Trial([Stratum(bake: canary, baseline: baseline)], phi: Dispersion.phi(history), nullRatio: 2)
  }
}
