package import Core

/// How a release is rolled out: the environment's settings with the flags of this run laid over them.
package struct ReleaseSettings: Hashable, Sendable {
  /// The steps.
  package var plan: StepPlan
  /// How long the new version is watched at 100 %.
  package var bake: TimeSpan
  /// How old a minute must be before CloudWatch's figures for it are judged.
  package var settle: TimeSpan
  /// How far a step may be extended for want of traffic, and how long a hold may last.
  package var maxWait: TimeSpan
  /// Names of the alarms that veto, where they were OK at the start.
  package var alarms: [String]
  /// Further counts of failures.
  package var metrics: [CountMetric]
  /// The settings of the judge.
  package var judge: JudgeSettings
  /// What a signal does.
  package var onInterrupt: InterruptPolicy
  /// Whether a package that was rolled back before may be tried again.
  package var retriesRolledBack: Bool
  /// Whether what serves may be replaced by something older.
  package var allowsOlder: Bool
  /// Whether the user's own text in the Description of an alias may be cut to make room for the record.
  package var cutsDescription: Bool
  /// What becomes of settings that others have changed.
  package var drift: DriftPolicy
  /// Whether code and settings are written although callers of the bare name get them at once.
  package var updatesLatest: Bool
  /// Whether a lease that another run holds is taken without waiting for its end.
  package var takesOver: Bool
  /// Whether the rollouts of other, older releases are ended although their runs live.
  package var supersedes: Bool
  /// Whether each function is a release of its own, which no other takes along.
  package var perFunction: Bool
  /// Whether the rollout stops before the promotion.
  package var stopsBeforePromotion: Bool
  /// Whether a deploy ends with its first weight and leaves the rest to later runs.
  package var detaches: Bool
  /// The schedules that take the traffic back when nobody looks after a rollout; nil for none.
  package var deadMan: DeadManSettings?
  /// The aliases that go with the one that is released to; nil for none.
  package var companions: CompanionAliases?
  /// How many of the newest versions of a promoted function stay when old ones are deleted; nil deletes none.
  package var keepVersions: Int?
  /// When the credentials end for good; nil where they can be renewed, or nobody knows.
  package var credentialsEnd: Timestamp?
  /// How long one wait for Lambda may take.
  package var timeout: TimeSpan
  /// How many functions are worked on at once.
  package var parallel: Int
  /// How many functions are published at once: most of a function's time there is Lambda's, so that several can share
  /// a connection.
  package var publishing: Int

  /// How long before the end of its credentials a run makes the traffic safe with them.
  static let credentialsMargin = TimeSpan.minutes(2)

  /// A rollout by `plan`, all else as documented for lamctl.json.
  package init(plan: StepPlan, bake: TimeSpan, judge: JudgeSettings) {
    self.plan = plan
    self.bake = bake
    self.judge = judge
    settle = .minutes(2)
    maxWait = .minutes(20)
    alarms = []
    metrics = []
    onInterrupt = .rollback
    retriesRolledBack = false
    allowsOlder = false
    cutsDescription = false
    drift = .tell
    updatesLatest = false
    takesOver = false
    supersedes = false
    perFunction = false
    stopsBeforePromotion = false
    detaches = false
    timeout = .minutes(10)
    parallel = 8
    publishing = 64
  }
}
