package import Core
package import Triggers

/// What a run needs of the world.
package struct ReleaseServices: Sendable {
  /// Lambda.
  package let lambda: any LambdaService
  /// CloudWatch.
  package let metrics: any MetricReading
  /// CloudWatch's alarms.
  package let alarms: any AlarmReading
  /// CloudWatch Logs.
  package let logs: any LogReading
  /// EventBridge Scheduler.
  package let schedules: any ScheduleWriting
  /// The user's programs.
  package let hooks: any HookRunning
  /// The order of commits; nil where nobody knows it.
  package let history: (any CommitHistory)?
  /// The way of packages to Lambda.
  package let upload: any PackageUpload
  /// What tells by which name functions are called; nil where a statement of the bare function counts as a caller
  /// whatever became of it.
  package let edges: EdgeServices?
  /// Where waits come from.
  package let clock: any WallClock
  /// AWS's time: what is written into records and asked of CloudWatch.
  package let serverTime: @Sendable () -> Timestamp
  /// The factor, about 1, by which a pause between two looks differs from its nominal length, so that many runs do not
  /// look at the same moment.
  package let jitter: @Sendable () -> Double
  /// Told of everything that happens, in order for one function.
  package var report: @Sendable (ReleaseEvent) -> Void

  /// Joins the services.
  package init(
    lambda: any LambdaService, metrics: any MetricReading, alarms: any AlarmReading,
    logs: any LogReading, schedules: any ScheduleWriting, hooks: any HookRunning,
    history: (any CommitHistory)? = nil,
    upload: any PackageUpload = DirectUpload(), edges: EdgeServices? = nil,
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
    self.edges = edges
    self.clock = clock
    self.serverTime = serverTime
    self.jitter = jitter
    self.report = report
  }
}

extension ReleaseServices {
  /// The same, telling `report` instead.
  func reporting(_ report: @escaping @Sendable (ReleaseEvent) -> Void) -> ReleaseServices {
    ReleaseServices(
      lambda: lambda, metrics: metrics, alarms: alarms, logs: logs, schedules: schedules, hooks: hooks,
      history: history, upload: upload, edges: edges, clock: clock, serverTime: serverTime, jitter: jitter,
      report: report)
  }
}

/// All calls of Lambda that releases make.
package typealias LambdaService = LambdaReading & LambdaPublishing & LambdaAliases & LambdaInvoking
  & LambdaLimits & LambdaVersions & LambdaCallers & LambdaLayers
