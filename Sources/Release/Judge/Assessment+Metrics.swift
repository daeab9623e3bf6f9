internal import Core
internal import Glibc

// Rule 4: no data is neither success nor failure.
extension Assessment {
  /// The invocations expected of a version from which on none at all means that its series is missing.
  private static let certainTraffic = 20.0
  /// How unlikely it must be that the canary got all invocations by its weight alone.
  private static let unlikely = 1e-6
  private static let fewestCanaryMinutes = 3
  private static let fewestStableMinutes = 5

  func missingMetrics() -> Finding? {
    guard let reason = missing else { return nil }
    guard settings.isWaitOver else {
      return Finding(
        kind: .hold, rule: 4, cause: .noMetrics, text: "\(reason) No data is not success. So far \(seen).")
    }
    return afterWaiting(rule: 4, cause: .noMetrics, reason: reason)
  }

  private var missing: String? {
    switch evidence.availability {
    case .failing(let text): return "the metrics cannot be read: \(text)."
    case .stableMissing: return silence
    case .complete:
      if isStableSilent { return silence }
      if isErrorSeriesMissing {
        return
          "CloudWatch has invocations of \(canaryName) and not one point of its errors, although \(stableName) "
          + "has points even for minutes without an error."
      }
      return nil
    }
  }

  private var silence: String {
    "the metrics of \(stableName) are missing: it must have had traffic beside \(canaryName)."
  }

  /// Whether the stable version, by its last hour or by the weights, must have had traffic beside a canary that had some.
  private var isStableSilent: Bool {
    guard !isBaking, beside.invocations == 0, steps.contains(where: { $0.canary.invocations > 0 }) else {
      return false
    }
    let minutes = evidence.history.suffix(60).count
    if minutes > 0 {
      let perMinute = Double(lastHour.invocations) / Double(minutes)
      let expected = evidence.steps.reduce(0.0) { sum, step in
        sum + Double(step.minutes.count) * perMinute * (1 - min(max(step.weight, 0), 1))
      }
      if expected >= Self.certainTraffic { return true }
    }
    let chance = zip(steps, evidence.steps).reduce(0.0) { sum, step in
      sum + Double(step.0.canary.invocations) * log(step.1.weight)
    }
    return chance < log(Self.unlikely)
  }

  /// Whether the canary has invocations and not one point of errors, although the stable version has points even where
  /// nothing failed.
  private var isErrorSeriesMissing: Bool {
    var canary = 0
    var (stable, points, zeroes) = (0, 0, 0)
    func count(_ counts: Counts) {
      guard counts.invocations > 0 else { return }
      stable += 1
      if let point = counts.errorPoint {
        points += 1
        zeroes += point == 0 ? 1 : 0
      }
    }
    for step in evidence.steps {
      for minute in step.minutes {
        if minute.canary.invocations > 0 {
          guard minute.canary.errorPoint == nil else { return false }
          canary += 1
        }
        count(minute.stable)
      }
    }
    for minute in evidence.bake?.minutes ?? [] where minute.canary.invocations > 0 {
      guard minute.canary.errorPoint == nil else { return false }
      canary += 1
    }
    for minute in evidence.history { count(minute.counts) }
    return canary >= Self.fewestCanaryMinutes && stable >= Self.fewestStableMinutes
      && 10 * points >= 9 * stable && zeroes > 0
  }
}
