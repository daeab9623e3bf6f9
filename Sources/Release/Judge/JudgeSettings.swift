public import Core

/// How the judge is set up. Everything it must know besides the evidence comes in here; it has no clock.
public struct JudgeSettings: Hashable, Sendable {
  /// Canary invocations that a step needs before it may pass; 30 exclude an error rate above 10 % with 95 %.
  public var minInvocations = 30
  /// The highest error rate the canary may have whatever the stable version's is: above 0, below 1; nil for none.
  public var maxErrorRate: Double?
  /// The limit where there is neither a stable version's traffic nor a `maxErrorRate`.
  public var assumedErrorRate = 0.05
  /// The number of steps of the plan; they share the error budget of the tests at their ends.
  public var plannedSteps = 1
  /// The ratio of the error rates below which no difference leads to a rollback.
  public var materialRatio = 1.25
  /// What happens after `maxWait` without a verdict.
  public var onLowTraffic = LowTrafficPolicy.promoteIfSmoked
  /// Whether a smoke test of this very version passed.
  public var smoked = false
  /// How long the step has been waited for beyond its end, or for metrics to come back.
  public var waited = TimeSpan.zero
  /// How long that may take.
  public var maxWait = TimeSpan.minutes(20)
  /// What slow invocations lead to.
  public var onLatency = FindingAction.hold
  /// What an alarm that was OK at the start leads to.
  public var onAlarm = FindingAction.rollback

  /// The defaults.
  public init() {}

  var isWaitOver: Bool { waited >= maxWait }
}
