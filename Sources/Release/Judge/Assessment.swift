internal import Core
internal import Glibc

/// The error budget that one function, on its own or among others, may spend on false rollbacks.
struct Stakes {
  /// The budget of the test that looks at every minute.
  static let sequential = 0.0075
  /// The budget of the tests at the ends of the steps, and of slow invocations.
  static let gate = 0.0025

  /// Functions that go forward or back together.
  let functions: Int
  /// Counts that are compared: the errors and each of the user's metrics.
  let counts: Int

  /// For one count of one function. Among others a function acts alone only on evidence that would make the mean
  /// over all of them, which is half of the release's evidence, act too.
  var relative: Double { Self.sequential / Double(counts) / Double(functions == 1 ? 1 : 2 * functions) }
  /// For all functions' evidence together.
  var release: Double { Self.sequential / Double(counts) }
  var absolute: Double { Self.sequential / Double(functions) }
  var latency: Double { Self.gate / Double(functions) }
  func tail(steps: Int) -> Double { Self.gate / Double(max(steps, 1)) / Double(functions) }
}

/// What a rule found.
struct Finding {
  let kind: Verdict.Kind
  let rule: Int
  let cause: Verdict.Cause
  /// The logarithm of the evidence, where the rule has some.
  var logE: Double?
  /// The sentence without its beginning, and without the minute.
  let text: String
}

/// One function's evidence, counted once for all rules.
struct Assessment {
  let function: String
  let evidence: FunctionEvidence
  let settings: JudgeSettings
  let stakes: Stakes
  /// The errors of all steps.
  let errors: Trial
  /// The errors of the bake against the hour before; nil before the bake and without such an hour.
  let bake: Trial?
  /// All invocations and errors at 100 %; nil before the bake.
  let baked: Counts?

  init(function: String, evidence: FunctionEvidence, settings: JudgeSettings, stakes: Stakes) {
    self.function = function
    self.evidence = evidence
    self.settings = settings
    self.stakes = stakes
    errors = Counted.errors.trial(evidence)
    bake = evidence.bake.flatMap { Counted.errors.trial(bake: $0, history: evidence.history) }
    baked = evidence.bake.map { Counts.sum($0.minutes.lazy.map(\.canary)) }
  }

  /// The trial of the phase under way.
  var current: Trial { bake ?? errors }

  /// The canary's counts over the phase under way.
  var canary: Counts { baked ?? errors.canary }

  /// What the canary is compared with in the phase under way.
  var stable: Counts { evidence.bake?.baseline ?? errors.stable }

  /// The counts of the step under way; the rollout's when there is none.
  var step: Stratum? { errors.strata.last }

  /// What the canary showed, and what it could have shown.
  var seen: String {
    let counts = canary
    guard counts.invocations > 0 else {
      return "no invocation of the canary was seen, so that nothing is known of it"
    }
    let number = Double(counts.invocations)
    let stable = self.stable.rate.map { " (\(stableName) \(Wording.percent($0)))" } ?? ""
    let caught =
      "an error rate of about \(Wording.about(Power.detectableRate(invocations: number))) is caught with 90 %"
    if counts.errors == 0 {
      return
        "none of \(Wording.count(counts.invocations, "canary invocation")) failed\(stable): it fails less than "
        + "\(Wording.bound(Power.errorFreeBound(invocations: number))) of the time (95 %); \(caught)"
    }
    return
      "\(Wording.count(counts.errors)) of \(Wording.count(counts.invocations, "canary invocation")) failed, "
      + "\(Wording.percent(counts.rate))\(stable); \(caught)"
  }

  /// Whether the time of the step, or of the bake, is over.
  var isOver: Bool { evidence.bake?.ended ?? evidence.steps.last?.ended ?? false }

  /// The observed share of the canary in the step under way.
  var share: Double? {
    guard let step, evidence.bake == nil else { return Stratum.share(canary, .zero) }
    return Stratum.share(step.canary, step.stable)
  }

  /// Whether nothing tells how often the stable version fails.
  var hasNoBaseline: Bool {
    errors.stable.invocations == 0 && evidence.bake?.baseline.invocations ?? 0 == 0
      && !evidence.history.contains { $0.invocations > 0 }
  }

  /// The stable version's last hour before the canary.
  var lastHour: Counts { .sum(evidence.history.suffix(60)) }

  /// The number of the newest settled minute since the canary's first one.
  var minute: Int {
    let phases = (evidence.steps.map(\.minutes) + [evidence.bake?.minutes ?? []]).filter { !$0.isEmpty }
    guard let first = phases.first?.first?.start, let last = phases.last?.last?.start, first <= last else {
      return phases.reduce(0) { $0 + $1.count }
    }
    return Int(min((last - first).seconds / 60, 1e9)) + 1
  }

  func verdict(_ finding: Finding) -> Verdict {
    Verdict(
      kind: finding.kind, rule: finding.rule, cause: finding.cause,
      eValue: Mixture.value(finding.logE ?? current.logE), phi: errors.phi, share: share,
      sentence: sentence(finding), canary: canary, stable: stable)
  }

  private func sentence(_ finding: Finding) -> String {
    let word =
      switch finding.kind {
      case .watching: "WATCH"
      case .pass, .extend, .hold, .rollback: finding.kind.rawValue.uppercased()
      }
    let version = evidence.canaryVersion.map { " v\($0)" } ?? ""
    let end = minute > 0 ? " Minute \(minute)." : ""
    return "\(word) \(function)\(version): \(finding.text)\(end)"
  }

  /// `v42`, or `the canary`.
  var canaryName: String { evidence.canaryVersion.map { "v\($0)" } ?? "the canary" }

  /// `stable v41`, or `stable`.
  var stableName: String { evidence.stableVersion.map { "stable v\($0)" } ?? "stable" }
}
