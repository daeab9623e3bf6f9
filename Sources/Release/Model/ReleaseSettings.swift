public import Core

/// How a release is rolled out: the environment's settings with the flags of this run laid over them.
public struct ReleaseSettings: Hashable, Sendable {
  /// The steps.
  public var plan: StepPlan
  /// How long the new version is watched at 100 %.
  public var bake: TimeSpan
  /// How old a minute must be before CloudWatch's figures for it are judged.
  public var settle: TimeSpan
  /// How far a step may be extended for want of traffic, and how long a hold may last.
  public var maxWait: TimeSpan
  /// Names of the alarms that veto, where they were OK at the start.
  public var alarms: [String]
  /// Further counts of failures.
  public var metrics: [CountMetric]
  /// The settings of the judge.
  public var judge: JudgeSettings
  /// What a signal does.
  public var onInterrupt: InterruptPolicy
  /// Whether a package that was rolled back before may be tried again.
  public var retriesRolledBack: Bool
  /// Whether what serves may be replaced by something older.
  public var allowsOlder: Bool
  /// Whether the user's own text in the Description of an alias may be cut to make room for the record.
  public var cutsDescription: Bool
  /// What becomes of settings that others have changed.
  public var drift: DriftPolicy
  /// Whether code and settings are written although callers of the bare name get them at once.
  public var updatesLatest: Bool
  /// Whether a lease that another run holds is taken without waiting for its end.
  public var takesOver: Bool
  /// Whether the rollouts of other, older releases are ended although their runs live.
  public var supersedes: Bool
  /// Whether each function is a release of its own, which no other takes along.
  public var perFunction: Bool
  /// Whether the rollout stops before the promotion.
  public var stopsBeforePromotion: Bool
  /// Whether a deploy ends with its first weight and leaves the rest to later runs.
  public var detaches: Bool
  /// The schedules that take the traffic back when nobody looks after a rollout; nil for none.
  public var deadMan: DeadManSettings?
  /// The aliases that go with the one that is released to; nil for none.
  public var companions: CompanionAliases?
  /// How many of the newest versions of a promoted function stay when old ones are deleted; nil deletes none.
  public var keepVersions: Int?
  /// When the credentials end for good; nil where they can be renewed, or nobody knows.
  public var credentialsEnd: Timestamp?
  /// How long one wait for Lambda may take.
  public var timeout: TimeSpan
  /// How many functions are worked on at once.
  public var parallel: Int
  /// How many functions are published at once: most of a function's time there is Lambda's, so that several can share
  /// a connection.
  public var publishing: Int

  /// How long before the end of its credentials a run makes the traffic safe with them.
  static let credentialsMargin = TimeSpan.minutes(2)

  /// A rollout by `plan`, all else as documented for lamctl.json.
  public init(plan: StepPlan, bake: TimeSpan, judge: JudgeSettings) {
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
