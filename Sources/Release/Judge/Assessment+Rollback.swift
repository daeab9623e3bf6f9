internal import Core
internal import Glibc

// Rules 1 to 3: what takes the traffic back.
extension Assessment {
  /// Rule 1: the canary's errors, or a metric of the user's, against the stable version's; in the steps, then in the bake.
  func relativeErrors() -> Finding? {
    if let finding = relative(errors, bakes, .errors) { return finding }
    for name in evidence.metricNames.sorted() {
      let counted = Counted.metric(name)
      let trial = counted.trial(evidence)
      if let finding = relative(trial, counted.bakes(evidence, after: trial), .metric(name)) {
        return finding
      }
    }
    return nil
  }

  private func relative(_ trial: Trial, _ bakes: [Trial], _ cause: Verdict.Cause) -> Finding? {
    if convicts(trial) {
      let noun = if case .metric(let name) = cause { "\(name) count" } else { "error" }
      let text = "\(hits(trial, noun: noun)) \(lessThan(trial.logE)) if \(canaryName) were no worse."
      return Finding(kind: .rollback, rule: 1, cause: cause, trial: trial, text: text)
    }
    if let first = bakes.first, convicts(first), isSeconded(bakes) {
      let verb = if case .metric(let name) = cause { "counted as \(name)" } else { "failed" }
      return Finding(
        kind: .rollback, rule: 1, cause: cause, trial: first, text: told(bake: first, verb: verb))
    }
    return nil
  }

  private func convicts(_ trial: Trial) -> Bool {
    trial.convicts(
      budget: budget.relative, materialRatio: settings.materialRatio, functions: budget.functions)
  }

  /// Rule 2, first half: the canary's own error rate against the limit.
  func brokenLimit() -> Finding? {
    guard let bound = RateBound(self), let limit = bound.tested(errors.phi),
      limit.isBroken(budget: budget.limit)
    else { return nil }
    let since = limit.since > 0 ? "Since minute \(limit.since + 1)\(bound.numbering): " : ""
    let text =
      "\(since)\(Wording.count(limit.newest.hits)) of \(Wording.count(limit.newest.invocations, "invocation")) failed "
      + "(\(Wording.percent(limit.newest.rate))); \(bound.reason(self)). \(lessThan(limit.logE)) if \(canaryName) "
      + "kept it."
    return Finding(
      kind: .rollback, rule: 2, cause: .limit, logE: limit.logE, limit: limit.rate, text: text)
  }

  /// Rule 2, second half: an alarm is a limit of the user's own making. One that was in ALARM at the start has no say,
  /// or nobody could release the fix.
  func alarm() -> Finding? {
    guard let alarm = evidence.alarms.first(where: { $0.wasOK && $0.isInAlarm }) else { return nil }
    let kind: Verdict.Kind = settings.onAlarm == .rollback ? .rollback : .hold
    let since = minute(of: alarm.since).map { "since minute \($0)" } ?? "now"
    var text = "the alarm \(alarm.name) was not in ALARM when the rollout began and is in ALARM \(since)."
    if kind == .hold { text += " So far \(seen)." }
    return Finding(kind: kind, rule: 2, cause: .alarm(alarm.name), text: text)
  }

  /// The number of the minute of the rollout that a moment fell into; nil where that cannot be told.
  private func minute(of moment: Timestamp?) -> Int? {
    let starts = (evidence.steps.flatMap(\.minutes) + (evidence.bake?.minutes ?? [])).map(\.start)
    guard let moment, !starts.isEmpty else { return nil }
    var number = 0
    for start in starts {
      guard let start else { return nil }
      if start <= moment { number += 1 }
    }
    return max(number, 1)
  }

  /// Rule 3: at the end of a step the exact tail finds what the mixture is slow to see.
  func endOfStep() -> Finding? {
    guard case .sameMinutes(let chances) = errors.reference else { return nil }
    let limit = budget.tail(steps: max(settings.plannedSteps, steps.count))
    for (index, step) in steps.enumerated() where evidence.steps[index].ended {
      guard [step].isMaterial(settings.materialRatio) else { continue }
      let chance = tail(step, chances[index])
      guard Self.isBelow(chance, limit) else { continue }
      let rest = tail(withoutWorstMinute(step, index), chances[index])
      guard Self.isBelow(rest, budget.tailRest) || step.canary.isObvious else { continue }
      let rates = StandardisedRates([step])
      let text =
        "\(hits(step, rates, noun: "error")) \(lessThan(-log(chance))) at the end of step \(index + 1) if "
        + "\(canaryName) were no worse."
      return Finding(kind: .rollback, rule: 3, cause: .errors, rates: rates, text: text)
    }
    return nil
  }

  /// Whether a tail is below its limit. One that is the very limit, as two errors at a weight of 10 % are, does not
  /// convict, whichever way the last bit of the arithmetic falls.
  private static func isBelow(_ tail: Double, _ limit: Double) -> Bool { tail < limit * (1 - 1e-9) }

  private func tail(_ step: Stratum, _ chance: Double) -> Double {
    BinomialTail.probability(
      atLeast: Double(step.canary.hits) / errors.phi,
      of: Double(step.canary.hits + step.stable.hits) / errors.phi, chance: chance)
  }

  /// The step without the minute in which most errors hit the canary, the first of equals.
  private func withoutWorstMinute(_ step: Stratum, _ index: Int) -> Stratum {
    let minutes = errors.minutes.filter { $0.stratum == index }
    guard let worst = minutes.dropFirst().reduce(minutes.first, Self.worse) else { return step }
    return Stratum(canary: step.canary - worst.canary, stable: step.stable - worst.stable)
  }

  private static func worse(_ first: TrialMinute?, _ second: TrialMinute) -> TrialMinute {
    guard let first, first.canary.hits >= second.canary.hits else { return second }
    return first
  }
}
