internal import Core
internal import Glibc

// Rules 1 to 3: what takes the traffic back.
extension Assessment {
  /// Rule 1: the canary's errors, or a metric of the user's, against the stable version's.
  func relativeErrors() -> Finding? {
    if let finding = convicted(errors, noun: "error", cause: .errors) { return finding }
    if let bake, let finding = convicted(bake: bake, noun: "failed", cause: .errors) { return finding }
    for name in evidence.metricNames.sorted() {
      let counted = Counted.metric(name)
      let trial = counted.trial(evidence)
      if let finding = convicted(trial, noun: "\(name) count", cause: .metric(name)) { return finding }
      if let bake = evidence.bake, let trial = counted.trial(bake: bake, history: []),
        let finding = convicted(bake: trial, noun: "counted as \(name)", cause: .metric(name))
      {
        return finding
      }
    }
    return nil
  }

  private func convicted(_ trial: Trial, noun: String, cause: Verdict.Cause) -> Finding? {
    guard trial.convicts(budget: stakes.relative, materialRatio: settings.materialRatio) else { return nil }
    let text = "\(hits(trial, noun: noun)) \(lessThan(trial.logE)) if \(canaryName) were no worse."
    return Finding(kind: .rollback, rule: 1, cause: cause, logE: trial.logE, text: text)
  }

  private func convicted(bake trial: Trial, noun: String, cause: Verdict.Cause) -> Finding? {
    guard trial.convicts(budget: stakes.relative, materialRatio: settings.materialRatio) else { return nil }
    let text =
      "\(Wording.count(trial.canary.errors)) of \(Wording.count(trial.canary.invocations, "invocation")) \(noun) "
      + "at 100 % of the traffic (\(Wording.percent(trial.canary.rate)), \(stableName) in the hour before "
      + "\(Wording.percent(trial.stable.rate))). \(lessThan(trial.logE)) if \(canaryName) failed at most twice as "
      + "often."
    return Finding(kind: .rollback, rule: 1, cause: cause, logE: trial.logE, text: text)
  }

  /// Rule 2, first half: the canary's own error rate against the limit.
  func absoluteLimit() -> Finding? {
    let limit: Double
    let source: String
    if let set = settings.maxErrorRate {
      (limit, source) = (set, "the limit is \(Wording.percent(set))")
    } else if hasNoBaseline {
      limit = settings.assumedErrorRate
      source = "there is nothing to compare with, so \(Wording.percent(limit)) is the limit"
    } else {
      return nil
    }
    let counts = errors.canary + (baked ?? .zero)
    let logE = AbsoluteLimit.logE(counts, limit: limit)
    guard counts.errors >= Trial.fewestErrors, logE >= -log(stakes.absolute) else { return nil }
    let text =
      "\(Wording.count(counts.errors)) of \(Wording.count(counts.invocations, "invocation")) failed "
      + "(\(Wording.percent(counts.rate))); \(source). \(lessThan(logE)) if \(canaryName) kept it."
    return Finding(kind: .rollback, rule: 2, cause: .limit, logE: logE, text: text)
  }

  /// Rule 2, second half: an alarm is a limit of the user's own making. One that was not OK at the start has no say,
  /// or nobody could release the fix.
  func alarm() -> Finding? {
    guard let alarm = evidence.alarms.first(where: { $0.wasOK && $0.isInAlarm }) else { return nil }
    let kind: Verdict.Kind = settings.onAlarm == .rollback ? .rollback : .hold
    let text = "the alarm \(alarm.name) was OK when the rollout began and is in ALARM now."
    return Finding(kind: kind, rule: 2, cause: .alarm(alarm.name), text: text)
  }

  /// Rule 3: at the end of a step the exact tail finds what the mixture is slow to see.
  func endOfStep() -> Finding? {
    let steps = evidence.steps
    let budget = stakes.tail(steps: max(settings.plannedSteps, steps.count))
    for (index, stratum) in errors.strata.enumerated() where steps[index].ended {
      guard Trial.isMaterial([stratum], settings.materialRatio) else { continue }
      let all = stratum.canary.errors + stratum.stable.errors
      let chance = BinomialTail.probability(
        atLeast: Double(stratum.canary.errors) / errors.phi, of: Double(all) / errors.phi, chance: stratum.q)
      guard chance < budget else { continue }
      let trial = Trial([stratum], phi: errors.phi)
      let text =
        "\(hits(trial, noun: "error")) \(lessThan(-log(chance))) at the end of step \(index + 1) if \(canaryName) "
        + "were no worse."
      return Finding(kind: .rollback, rule: 3, cause: .errors, text: text)
    }
    return nil
  }

  /// `6 of 7 errors hit the canary, which got 10 % of 4 210 invocations (stable 0.03 %, canary 1.43 %).`
  func hits(_ trial: Trial, noun: String) -> String {
    let all = trial.canary.errors + trial.stable.errors
    let invocations = trial.canary.invocations + trial.stable.invocations
    return "\(Wording.count(trial.canary.errors)) of \(Wording.count(all, noun)) hit the canary, "
      + "which got \(Wording.share(Stratum.share(trial.canary, trial.stable))) of "
      + "\(Wording.count(invocations, "invocation")) (stable \(Wording.percent(trial.stable.rate)), "
      + "canary \(Wording.percent(trial.canary.rate)))."
  }

  func lessThan(_ logE: Double) -> String { "Less than 1 in \(Wording.oneIn(logE: logE))" }
}
