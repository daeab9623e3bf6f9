internal import Glibc

/// The evidence of all functions of a release.
struct ReleaseAssessment {
  let functions: [Assessment]
  let budget: ErrorBudget
  let settings: JudgeSettings

  /// Trials of one phase, of the functions that are or were in it.
  struct Phase {
    let trials: [(function: Assessment, trial: Trial)]
    let pooled: PooledEvidence
    let isBake: Bool

    /// Nil without a trial.
    init?(_ trials: [(function: Assessment, trial: Trial)], isBake: Bool) {
      guard !trials.isEmpty else { return nil }
      self.trials = trials
      self.isBake = isBake
      pooled = PooledEvidence(trials.map(\.trial))
    }

    /// The function with the most evidence, the first of equals.
    var worst: (function: Assessment, trial: Trial) {
      trials.dropFirst().reduce(trials[0]) { $1.trial.logE > $0.trial.logE ? $1 : $0 }
    }

    var strata: [Stratum] { trials.flatMap(\.trial.strata) }
  }

  func verdict() -> ReleaseVerdict {
    let verdicts = functions.map { ($0, $0.verdict()) }
    let named = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.0.function, $0.1) })
    guard let gravest = verdicts.min(by: Self.precedes) else {
      return ReleaseVerdict(verdict: Self.empty, culprit: nil, functions: [:])
    }
    let (function, verdict) = gravest
    let culprit = verdict.kind == .pass ? nil : function.function
    guard functions.count > 1 else {
      return ReleaseVerdict(verdict: verdict, culprit: culprit, functions: named)
    }
    let phases = phases
    if verdict.kind == .rollback, verdict.rule == 1 {
      let logE = phases.map(\.pooled.logE).max() ?? verdict.logE
      return ReleaseVerdict(verdict: summary(of: verdict, logE: logE), culprit: culprit, functions: named)
    }
    if let (pooled, worst) = convicted(phases, beside: verdict) {
      return ReleaseVerdict(verdict: pooled, culprit: worst, functions: named)
    }
    let logE =
      verdict.kind == .rollback ? verdict.logE : PooledEvidence(functions.map(\.current)).logE
    return ReleaseVerdict(verdict: summary(of: verdict, logE: logE), culprit: culprit, functions: named)
  }

  private static var empty: Verdict {
    Verdict(
      kind: .pass, rule: 8, cause: .none, logE: 0, logRest: -.infinity, since: 1, canaryRate: nil,
      stableRate: nil,
      limit: nil, phi: 1, share: nil, sentence: "PASS: the release has no functions to judge.", canary: .zero,
      stable: .zero)
  }

  /// The steps of all functions, and the bakes of those that have one with something to compare with.
  private var phases: [Phase] {
    let steps = Phase(functions.map { (function: $0, trial: $0.errors) }, isBake: false)
    let bakes = Phase(
      functions.compactMap { function in function.reported.map { (function: function, trial: $0) } },
      isBake: true)
    return [steps, bakes].compactMap(\.self)
  }

  /// The graver verdict first: by kind, by the number of the rule, by the evidence, by name.
  private static func precedes(_ a: (Assessment, Verdict), _ b: (Assessment, Verdict)) -> Bool {
    let order: [Verdict.Kind] = [.rollback, .hold, .extend, .watching, .pass]
    let first = order.firstIndex(of: a.1.kind) ?? order.count
    let second = order.firstIndex(of: b.1.kind) ?? order.count
    return (first, a.1.rule, -a.1.logE, a.0.function) < (second, b.1.rule, -b.1.logE, b.0.function)
  }

  /// Rule 1 for the release: the steps together, then the bakes.
  private func convicted(_ phases: [Phase], beside gravest: Verdict) -> (Verdict, culprit: String)? {
    for phase in phases where phase.pooled.logE >= -log(budget.release) {
      let worst = phase.worst
      let isMaterial =
        worst.trial.isMaterial(settings.materialRatio) || phase.strata.isMaterial(settings.materialRatio)
      let isSteady = phase.pooled.logRest >= log(Trial.restNeeded) || worst.trial.canary.isObvious
      guard isMaterial, isSteady else { continue }
      let rates = StandardisedRates(phase.strata)
      let verdict = Verdict(
        kind: .rollback, rule: 1, cause: .errors, logE: phase.pooled.logE, logRest: phase.pooled.logRest,
        since: gravest.since, canaryRate: rates.canary, stableRate: rates.stable, limit: nil,
        phi: worst.trial.phi, share: gravest.share, sentence: sentence(on: phase, rates),
        canary: Tally.sum(functions.lazy.map(\.canary)).counts,
        stable: Tally.sum(functions.lazy.map(\.stable)).counts)
      return (verdict, worst.function.function)
    }
    return nil
  }

  /// The verdict on one function, told as that of the release.
  private func summary(of verdict: Verdict, logE: Double) -> Verdict {
    Verdict(
      kind: verdict.kind, rule: verdict.rule, cause: verdict.cause, logE: logE, logRest: verdict.logRest,
      since: verdict.since, canaryRate: verdict.canaryRate, stableRate: verdict.stableRate,
      limit: verdict.limit, phi: verdict.phi, share: verdict.share, sentence: sentence(summary: verdict),
      canary: Tally.sum(functions.lazy.map(\.canary)).counts,
      stable: Tally.sum(functions.lazy.map(\.stable)).counts)
  }
}
