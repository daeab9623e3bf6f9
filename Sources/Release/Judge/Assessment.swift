internal import Core
internal import Glibc

/// One function's evidence, counted once for all rules.
struct Assessment {
  let function: String
  let evidence: FunctionEvidence
  let settings: JudgeSettings
  let budget: ErrorBudget
  /// The errors of all steps.
  let errors: Trial
  /// The errors of the bake against its baselines; see ``Counted/bakes(_:after:)``.
  let bakes: [Trial]
  /// The counts of each step.
  let steps: [Stratum]
  /// The canary's minutes in the bake.
  let baked: [Tally]
  /// The canary's counts over the phase under way.
  let canary: Tally

  init(function: String, evidence: FunctionEvidence, settings: JudgeSettings, budget: ErrorBudget) {
    self.function = function
    self.evidence = evidence
    self.settings = settings
    self.budget = budget
    errors = Counted.errors.trial(evidence)
    bakes = Counted.errors.bakes(evidence, after: errors)
    var steps = [Stratum](repeating: Stratum(), count: evidence.steps.count)
    for minute in errors.minutes {
      steps[minute.stratum].canary += minute.canary
      steps[minute.stratum].stable += minute.stable
    }
    self.steps = steps
    let baked =
      evidence.bake.map { bake in bake.minutes.indices.map { Tally(bake.minutes[$0].canary) } } ?? []
    self.baked = baked
    canary = evidence.bake == nil ? .sum(steps.lazy.map(\.canary)) : .sum(baked)
  }

  var isBaking: Bool { evidence.bake != nil }

  /// The bake against the baseline that is told: the first, unless the second speaks against it.
  var reported: Trial? {
    guard let first = bakes.first else { return nil }
    return isSeconded(bakes) ? first : bakes.dropFirst().first
  }

  /// Whether all baselines but the first of a bake convict the canary too, with less to show.
  func isSeconded(_ bakes: [Trial]) -> Bool {
    bakes.dropFirst().allSatisfy { trial in
      trial.logE >= -log(budget.relative * ErrorBudget.ease)
        && trial.isMaterial(settings.materialRatio)
    }
  }

  /// The trial of the phase under way.
  var current: Trial { reported ?? errors }

  /// The stable version beside the canary, in all steps.
  var beside: Tally { .sum(steps.lazy.map(\.stable)) }

  /// The stable version in the hour before it lost its traffic.
  var hour: Tally { evidence.bake.map { Tally($0.baseline) } ?? .zero }

  /// The canary's minutes in the phase under way.
  var minutes: [Tally] { isBaking ? baked : errors.minutes.map(\.canary) }

  /// What the canary is compared with in the phase under way.
  var stable: Tally { isBaking ? reported?.baseline?.tally ?? hour : beside }

  /// Both versions over the whole of the phase under way, by weight.
  var strata: [Stratum] { isBaking ? [Stratum(canary: canary, stable: stable)] : steps }

  /// Whether the time of the step, or of the bake, is over.
  var isOver: Bool { evidence.bake?.ended ?? evidence.steps.last?.ended ?? false }

  /// The observed share of the canary in the step under way.
  var share: Double? {
    if isBaking { return baked.contains { $0.invocations > 0 } ? 1 : nil }
    guard let step = steps.last else { return nil }
    let all = step.canary.invocations + step.stable.invocations
    return all > 0 ? Double(step.canary.invocations) / Double(all) : nil
  }

  /// The stable version's last hour before the canary.
  var lastHour: Tally { .sum(evidence.history.suffix(60).lazy.map { Tally($0.counts) }) }

  func verdict(_ finding: Finding) -> Verdict {
    let trial = finding.trial ?? current
    let rates = finding.rates ?? trial.rates
    return Verdict(
      kind: finding.kind, rule: finding.rule, cause: finding.cause, logE: finding.logE ?? trial.logE,
      logRest: finding.logRest ?? trial.logRest, since: trial.since + 1, canaryRate: rates.canary,
      stableRate: rates.stable, limit: finding.limit, phi: errors.phi, share: share,
      sentence: sentence(finding), canary: canary.counts, stable: stable.counts)
  }
}
