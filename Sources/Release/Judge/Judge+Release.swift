internal import Glibc

extension Judge {
  /// The verdict on functions that go forward or back together.
  ///
  /// The release's evidence is half the mean of the functions' and half the pooled one, so that neither one bad
  /// function among many nor a fault that all share in small numbers stays unseen, at one error budget for all.
  public static func release(
    _ functions: [String: FunctionEvidence], settings: JudgeSettings
  ) -> ReleaseVerdict {
    let names = functions.keys.sorted()
    let metrics = names.reduce(into: Set<String>()) { all, name in
      all.formUnion(functions[name]?.metricNames ?? [])
    }
    let stakes = Stakes(functions: max(names.count, 1), counts: 1 + metrics.count)
    let assessments = names.compactMap { name in
      functions[name].map {
        Assessment(function: name, evidence: $0, settings: settings, stakes: stakes)
      }
    }
    return ReleaseAssessment(functions: assessments, stakes: stakes, settings: settings).verdict()
  }
}

/// The evidence of all functions of a release.
struct ReleaseAssessment {
  let functions: [Assessment]
  let stakes: Stakes
  let settings: JudgeSettings

  func verdict() -> ReleaseVerdict {
    let verdicts = functions.map { ($0, $0.verdict()) }
    let named = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.0.function, $0.1) })
    guard let first = verdicts.min(by: { Self.precedes($0, $1) }) else {
      let empty = Verdict(
        kind: .pass, rule: 8, cause: .none, eValue: 1, phi: 1, share: nil,
        sentence: "PASS: the release has no functions to judge.", canary: .zero, stable: .zero)
      return ReleaseVerdict(verdict: empty, culprit: nil, functions: [:])
    }
    if verdicts.count == 1 {
      return ReleaseVerdict(
        verdict: first.1, culprit: first.1.kind == .pass ? nil : first.0.function, functions: named)
    }
    if let pooled = pooled(), first.1.kind != .rollback || first.1.rule > 1 {
      return ReleaseVerdict(verdict: pooled.verdict, culprit: pooled.culprit, functions: named)
    }
    let culprit = first.1.kind == .pass ? nil : first.0.function
    return ReleaseVerdict(verdict: summary(of: first.1), culprit: culprit, functions: named)
  }

  /// The graver verdict first: by kind, by the number of the rule, by the evidence, by name.
  private static func precedes(_ a: (Assessment, Verdict), _ b: (Assessment, Verdict)) -> Bool {
    let order: [Verdict.Kind] = [.rollback, .hold, .extend, .watching, .pass]
    let first = order.firstIndex(of: a.1.kind) ?? order.count
    let second = order.firstIndex(of: b.1.kind) ?? order.count
    return (first, a.1.rule, -a.1.eValue, a.0.function) < (second, b.1.rule, -b.1.eValue, b.0.function)
  }

  /// The verdict on one function, told as that of the release.
  private func summary(of verdict: Verdict) -> Verdict {
    let all = "all \(functions.count) functions of the release"
    let sentence =
      switch verdict.kind {
      case .rollback: "\(verdict.sentence) With it go back \(all)."
      case .hold, .extend: "\(verdict.sentence) With it wait \(all)."
      case .watching: "WATCH \(seen)"
      case .pass: "PASS \(seen)"
      }
    let isOfErrors = verdict.cause == .errors && verdict.rule == 1
    let logE = isOfErrors ? max(logE(of: current), logE(of: functions.map(\.errors))) : logE(of: current)
    return Verdict(
      kind: verdict.kind, rule: verdict.rule, cause: verdict.cause,
      eValue: verdict.kind == .rollback && !isOfErrors ? verdict.eValue : Mixture.value(logE),
      phi: verdict.phi, share: share, sentence: sentence,
      canary: .sum(functions.lazy.map(\.canary)), stable: .sum(functions.lazy.map(\.stable)))
  }

  /// What the canaries showed, and what the one with the fewest invocations could have shown.
  private var seen: String {
    let canary = Counts.sum(functions.lazy.map(\.canary))
    let stable = Counts.sum(functions.lazy.map(\.stable))
    let rates = canary.rate.map { ", \(Wording.percent($0)) (stable \(Wording.percent(stable.rate)))" } ?? ""
    let fewest = functions.min { $0.canary.invocations < $1.canary.invocations }
    let least = fewest.map { " Least was seen of \($0.function): \($0.seen)." } ?? ""
    return "release of \(functions.count) functions: \(Wording.count(canary.errors)) of "
      + "\(Wording.count(canary.invocations, "canary invocation")) failed\(rates).\(least) "
      + "Minute \(functions.map(\.minute).max() ?? 0)."
  }

  private var current: [Trial] { functions.map(\.current) }

  private var share: Double? {
    Stratum.share(.sum(functions.lazy.map(\.canary)), .sum(functions.lazy.map(\.stable)))
  }

  /// The logarithm of half the mean of the trials' evidence and half the pooled one.
  private func logE(of trials: [Trial]) -> Double {
    let mean = Mixture.logMean(trials.map(\.logE))
    let pooled = Mixture.logMean(
      Mixture.ratios.indices.map { index in trials.reduce(0) { $0 + $1.logs[index] } })
    return Mixture.logMean([mean, pooled])
  }

  /// Rule 1 for the release: the steps of all functions, and the bakes of those that have one.
  private func pooled() -> (verdict: Verdict, culprit: String)? {
    let steps = functions.map { ($0.function, $0.errors) }
    let bakes = functions.compactMap { function in function.bake.map { (function.function, $0) } }
    for (trials, isBake) in [(steps, false), (bakes, true)] {
      guard let worst = trials.max(by: { $0.1.logE < $1.1.logE }) else { continue }
      let logE = logE(of: trials.map(\.1))
      let strata = trials.flatMap(\.1.strata)
      let isMaterial =
        worst.1.isMaterial(settings.materialRatio) || Trial.isMaterial(strata, settings.materialRatio)
      guard logE >= -log(stakes.release), isMaterial else { continue }
      return (told(trials, worst: worst.0, logE: logE, isBake: isBake), worst.0)
    }
    return nil
  }

  private func told(_ trials: [(String, Trial)], worst: String, logE: Double, isBake: Bool) -> Verdict {
    let canary = Counts.sum(trials.lazy.map(\.1.canary))
    let stable = Counts.sum(trials.lazy.map(\.1.stable))
    let culprit = functions.first { $0.function == worst }
    let version = culprit?.evidence.canaryVersion.map { " v\($0)" } ?? ""
    let rates = "(stable \(Wording.percent(stable.rate)), canary \(Wording.percent(canary.rate)))"
    let what =
      isBake
      ? "\(Wording.count(canary.errors)) of \(Wording.count(canary.invocations, "invocation")) failed at 100 % of the "
        + "traffic \(rates). Less than 1 in \(Wording.oneIn(logE: logE)) if all failed at most twice as often as before."
      : "\(Wording.count(canary.errors)) of \(Wording.count(canary.errors + stable.errors, "error")) hit the canaries, "
        + "which got \(Wording.share(Stratum.share(canary, stable))) of "
        + "\(Wording.count(canary.invocations + stable.invocations, "invocation")) \(rates). "
        + "Less than 1 in \(Wording.oneIn(logE: logE)) if none were worse."
    let minute = functions.map(\.minute).max() ?? 0
    return Verdict(
      kind: .rollback, rule: 1, cause: .errors, eValue: Mixture.value(logE), phi: culprit?.errors.phi ?? 1,
      share: Stratum.share(canary, stable),
      sentence: "ROLLBACK release of \(functions.count) functions, most of all \(worst)\(version): \(what) "
        + "Minute \(minute).",
      canary: canary, stable: stable)
  }
}
