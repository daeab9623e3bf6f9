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
  public var adoptsDescription: Bool
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
  /// How many of the newest versions of a promoted function stay when old ones are deleted; nil deletes none.
  public var keepVersions: Int?
  /// How long one wait for Lambda may take.
  public var timeout: TimeSpan
  /// How many functions are worked on at once.
  public var parallel: Int
  /// How many functions are published at once: most of a function's time there is Lambda's, so that several can share
  /// a connection.
  public var publishing: Int

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
    adoptsDescription = false
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

/// Who runs a release, as it is written into versions and records.
public struct RunIdentity: Hashable, Sendable {
  /// The run: `gh-118822`, or a person at a machine.
  public let owner: String
  /// The commit that is released; nil without one.
  public let commit: String?
  /// Whether files differ from the commit.
  public let isDirty: Bool

  /// Names the run.
  public init(owner: String, commit: String?, isDirty: Bool) {
    self.owner = owner
    self.commit = commit
    self.isDirty = isDirty
  }
}

/// What a run needs of the world.
public struct ReleaseServices: Sendable {
  /// Lambda.
  public let lambda: any LambdaService
  /// CloudWatch.
  public let metrics: any MetricReading
  /// CloudWatch's alarms.
  public let alarms: any AlarmReading
  /// CloudWatch Logs.
  public let logs: any LogReading
  /// EventBridge Scheduler.
  public let schedules: any ScheduleWriting
  /// The user's programs.
  public let hooks: any HookRunning
  /// The order of commits; nil where nobody knows it.
  public let history: (any CommitHistory)?
  /// The way of packages to Lambda.
  public let upload: any PackageUpload
  /// Where waits come from.
  public let clock: any WallClock
  /// AWS's time: what is written into records and asked of CloudWatch.
  public let serverTime: @Sendable () -> Timestamp
  /// The factor, about 1, by which a pause between two looks differs from its nominal length, so that many runs do not
  /// look at the same moment.
  public let jitter: @Sendable () -> Double
  /// Told of everything that happens, in order for one function.
  public let report: @Sendable (ReleaseEvent) -> Void

  /// Joins the services.
  public init(
    lambda: any LambdaService, metrics: any MetricReading, alarms: any AlarmReading,
    logs: any LogReading, schedules: any ScheduleWriting, hooks: any HookRunning,
    history: (any CommitHistory)? = nil,
    upload: any PackageUpload = DirectUpload(),
    clock: any WallClock,
    serverTime: @escaping @Sendable () -> Timestamp,
    jitter: @escaping @Sendable () -> Double = { .random(in: 0.7...1.3) },
    report: @escaping @Sendable (ReleaseEvent) -> Void
  ) {
    self.lambda = lambda
    self.metrics = metrics
    self.alarms = alarms
    self.logs = logs
    self.schedules = schedules
    self.hooks = hooks
    self.history = history
    self.upload = upload
    self.clock = clock
    self.serverTime = serverTime
    self.jitter = jitter
    self.report = report
  }
}

/// All calls of Lambda that releases make.
public typealias LambdaService = LambdaReading & LambdaPublishing & LambdaAliases & LambdaInvoking
  & LambdaLimits & LambdaVersions
