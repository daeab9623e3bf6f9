package import Core

/// How the judge is set up. Everything it must know besides the evidence comes in here; it has no clock.
package struct JudgeSettings: Hashable, Sendable {
  /// Canary invocations that a step needs before it may pass; 30 exclude an error rate above 10 % with 95 %.
  package var minInvocations = 30
  /// The highest error rate the canary may have whatever the stable version's is: above 0, below 1; nil for none.
  package var maxErrorRate: Double?
  /// The limit where there is neither a stable version's traffic nor a `maxErrorRate`.
  package var assumedErrorRate = 0.05
  /// The number of steps of the plan; they share the error budget of the tests at their ends.
  package var plannedSteps = 1
  /// The ratio of the error rates below which no difference leads to a rollback.
  package var materialRatio = 1.25
  /// What happens after `maxWait` without a verdict.
  package var onLowTraffic = LowTrafficPolicy.promoteIfSmoked
  /// Whether a smoke test of this very version passed.
  package var smoked = false
  /// How long the step has been waited for beyond its end, or for metrics to come back.
  package var waited = TimeSpan.zero
  /// How long that may take.
  package var maxWait = TimeSpan.minutes(20)
  /// What slow invocations lead to.
  package var onLatency = FindingAction.hold
  /// What an alarm that was OK at the start leads to.
  package var onAlarm = FindingAction.rollback

  /// The defaults.
  package init() {}

  var isWaitOver: Bool { waited >= maxWait }
}
