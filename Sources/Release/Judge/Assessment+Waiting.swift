internal import Core
internal import Glibc

// Rules 5 to 8: what holds, waits or goes on.
extension Assessment {
  private static let newestMinutes = 5
  private static let badRate = 0.05
  private static let timesUsual = 5.0

  /// Rule 5: both versions fail in the newest minutes, and the stable one did not before. Once they are clean again
  /// the hold is over by itself.
  func badEnvironment() -> Finding? {
    guard !isBaking, let step = evidence.steps.last else { return nil }
    let newest = step.minutes.suffix(Self.newestMinutes)
    let stable = Counts.sum(newest.lazy.map(\.stable))
    let canary = Counts.sum(newest.lazy.map(\.canary))
    guard let stableRate = stable.rate, let canaryRate = canary.rate, stable.errors >= Trial.fewestHits,
      stableRate > Self.badRate, canaryRate > Self.badRate, let usual = lastHour.rate,
      stableRate > Self.timesUsual * usual
    else { return nil }
    let text =
      "both versions fail: \(stableName) \(Wording.percent(stableRate)) (\(Wording.percent(usual)) in the hour "
      + "before), canary \(Wording.percent(canaryRate)). This is the environment, not the release. So far \(seen)."
    return Finding(kind: .hold, rule: 5, cause: .environment, text: text)
  }

  /// Rule 6: slow invocations, beyond what a canary on few and cold environments may show. A bake is not held for them:
  /// nothing runs beside it, and what was slow in the steps was for them, or for the person who promoted, to decide.
  func slowness() -> Finding? {
    guard !isBaking || settings.onLatency == .rollback,
      let slowness = Slowness(evidence, functions: budget.functions), slowness.convicts(budget.latency)
    else { return nil }
    let trial = slowness.clearest
    let kind: Verdict.Kind = settings.onLatency == .rollback ? .rollback : .hold
    let since =
      trial.since > 0 ? " The first \(Counted.coldMinutes) minutes of each step are not counted." : ""
    var text =
      "\(hits(trial, noun: "invocation", detail: " \(slowness.limit)")) \(lessThan(slowness.logE)) if \(canaryName) "
      + "were no slower.\(since)"
    if kind == .hold { text += " So far \(seen)." }
    return Finding(
      kind: kind, rule: 6, cause: .latency, trial: trial, logE: slowness.logE, logRest: slowness.logRest,
      text: text)
  }

  /// Rule 7: a step that is not over, or that is over with too few invocations. A bake has all the traffic there is
  /// and is never extended.
  func unfinished() -> Finding? {
    guard isOver else {
      return Finding(kind: .watching, rule: 7, cause: .none, text: "nothing found so far, \(seen).")
    }
    guard !isBaking, let step = steps.last, step.canary.invocations < settings.minInvocations else {
      return nil
    }
    let count = Wording.count(step.canary.invocations, "invocation")
    let bound = Wording.bound(Sensitivity.errorFreeBound(invocations: settings.minInvocations))
    let reason =
      "only \(count) of the canary in this step; \(Wording.count(settings.minInvocations)) are needed to exclude "
      + "an error rate above \(bound)."
    guard settings.isWaitOver else {
      return Finding(
        kind: .extend, rule: 7, cause: .lowTraffic,
        text: "\(reason) A step with so few waits for more, \(settings.maxWait) at most. So far \(seen).")
    }
    return afterWaiting(rule: 7, cause: .lowTraffic, reason: reason)
  }

  /// The policy for a rollout that waited in vain.
  func afterWaiting(rule: Int, cause: Verdict.Cause, reason: String) -> Finding {
    let waited = "after \(settings.maxWait) of waiting"
    func finding(_ kind: Verdict.Kind, _ text: String) -> Finding {
      Finding(kind: kind, rule: rule, cause: cause, text: "\(reason) \(text)")
    }
    switch settings.onLowTraffic {
    case .rollback: return finding(.rollback, "It goes back \(waited), as configured.")
    case .hold: return finding(.hold, "It is held \(waited), as configured. So far \(seen).")
    case .promoteIfSmoked where !settings.smoked:
      return finding(
        .hold, "It is held \(waited): no smoke test stands in for the traffic. So far \(seen).")
    case .promoteIfSmoked where !isOver:
      return finding(.hold, "It is held until the step is over. So far \(seen).")
    case .promoteIfSmoked:
      return finding(.pass, "It goes on \(waited), because its smoke test passed; \(seen).")
    }
  }

  /// Rule 8.
  func passed() -> Finding {
    Finding(kind: .pass, rule: 8, cause: .none, text: "\(seen).")
  }
}
