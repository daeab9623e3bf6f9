internal import Core

// Rules 4 to 8: what holds, waits or goes on.
extension Assessment {
  /// The invocations expected of a version from which on none at all means that its series is missing.
  private static let certainTraffic = 20.0
  private static let newestMinutes = 5
  private static let badRate = 0.05
  private static let timesUsual = 5.0
  private static let latencyRatio = 2.0

  /// Rule 4: no data is neither success nor failure.
  func missingMetrics() -> Finding? {
    let reason: String
    switch evidence.availability {
    case .failing(let text): reason = "the metrics cannot be read: \(text)."
    case .stableMissing: reason = missingSeries
    case .complete:
      guard isStableSilent else { return nil }
      reason = missingSeries
    }
    guard settings.isWaitOver else {
      return Finding(kind: .hold, rule: 4, cause: .noMetrics, text: reason + " No data is not success.")
    }
    return afterWaiting(rule: 4, cause: .noMetrics, reason: reason)
  }

  private var missingSeries: String {
    "the metrics of \(stableName) are missing, although it had traffic in the last hour."
  }

  /// Whether the stable version, by its last hour, must have had traffic beside a canary that had some.
  private var isStableSilent: Bool {
    guard evidence.bake == nil, errors.stable.invocations == 0, errors.canary.invocations > 0 else {
      return false
    }
    let hour = evidence.history.suffix(60)
    guard !hour.isEmpty else { return false }
    let perMinute = Double(lastHour.invocations) / Double(hour.count)
    let expected = evidence.steps.reduce(0.0) { sum, step in
      sum + Double(step.minutes.count) * perMinute * (1 - min(max(step.weight, 0), 1))
    }
    return expected >= Self.certainTraffic
  }

  /// Rule 5: both versions fail in the newest minutes, and the stable one did not before. Once they are clean again
  /// the hold is over by itself.
  func badEnvironment() -> Finding? {
    guard evidence.bake == nil, let step = evidence.steps.last, let usual = lastHour.rate else { return nil }
    let newest = step.minutes.suffix(Self.newestMinutes)
    let stable = Counts.sum(newest.lazy.map(\.stable))
    let canary = Counts.sum(newest.lazy.map(\.canary))
    guard let stableRate = stable.rate, let canaryRate = canary.rate, stable.errors >= Trial.fewestErrors,
      stableRate > Self.badRate, stableRate > Self.timesUsual * usual, canaryRate > Self.badRate
    else { return nil }
    let text =
      "both versions fail: \(stableName) \(Wording.percent(stableRate)) (\(Wording.percent(usual)) in the hour "
      + "before), canary \(Wording.percent(canaryRate)). This is the environment, not the release."
    return Finding(kind: .hold, rule: 5, cause: .environment, text: text)
  }

  /// Rule 6: slow invocations, beyond what a canary on few and cold environments may show. A bake is not held for them:
  /// nothing runs beside it, and what was slow in the steps was for them, or for the person who promoted, to decide.
  func slowness() -> Finding? {
    guard evidence.bake == nil || settings.onLatency == .rollback else { return nil }
    guard evidence.steps.contains(where: { $0.minutes.contains { $0.slow != nil } }) else { return nil }
    let trial = Counted.slow.trial(evidence)
    guard trial.convicts(budget: stakes.latency, materialRatio: Self.latencyRatio) else { return nil }
    let kind: Verdict.Kind = settings.onLatency == .rollback ? .rollback : .hold
    let text =
      "\(hits(trial, noun: "slow invocation")) \(lessThan(trial.logE)) if \(canaryName) were no slower."
    return Finding(kind: kind, rule: 6, cause: .latency, logE: trial.logE, text: text)
  }

  /// Rule 7: a step that is not over, or that is over with too few invocations. A bake has all the traffic there is
  /// and is never extended.
  func unfinished() -> Finding? {
    guard isOver else {
      return Finding(kind: .watching, rule: 7, cause: .none, text: "nothing found so far, \(seen).")
    }
    guard evidence.bake == nil, let step, step.canary.invocations < settings.minInvocations else {
      return nil
    }
    let count = Wording.count(step.canary.invocations, "invocation")
    let bound = Wording.bound(Power.errorFreeBound(invocations: Double(settings.minInvocations)))
    let reason =
      "only \(count) of the canary in this step; \(Wording.count(settings.minInvocations)) are needed to exclude "
      + "an error rate above \(bound)."
    guard settings.isWaitOver else {
      return Finding(kind: .extend, rule: 7, cause: .lowTraffic, text: reason + " The step gets more time.")
    }
    return afterWaiting(rule: 7, cause: .lowTraffic, reason: reason)
  }

  /// The policy for a rollout that waited in vain.
  private func afterWaiting(rule: Int, cause: Verdict.Cause, reason: String) -> Finding {
    let waited = "after \(settings.maxWait) of waiting"
    func finding(_ kind: Verdict.Kind, _ text: String) -> Finding {
      Finding(kind: kind, rule: rule, cause: cause, text: "\(reason) \(text)")
    }
    switch settings.onLowTraffic {
    case .rollback: return finding(.rollback, "It goes back \(waited), as configured.")
    case .hold: return finding(.hold, "It is held \(waited), as configured.")
    case .promoteIfSmoked where !settings.smoked:
      return finding(.hold, "It is held \(waited): no smoke test stands in for the traffic.")
    case .promoteIfSmoked where !isOver:
      return finding(.hold, "It is held until the step is over.")
    case .promoteIfSmoked:
      return finding(.pass, "It goes on \(waited), because its smoke test passed; \(seen).")
    }
  }

  /// Rule 8.
  func passed() -> Finding {
    Finding(kind: .pass, rule: 8, cause: .none, text: "\(seen).")
  }
}
