internal import Core
internal import Packager
internal import Release

/// How traffic moves and how it is watched: what the commands that go on with a rollout take, as `deploy` does.
struct RolloutOptions: Equatable, Sendable {
  /// How the traffic moves; nil for the environment's rollout.
  var strategy: Strategy?
  /// How long rollback stays armed at 100 %; nil for the environment's.
  var bake: TimeSpan?
  /// Nil for the environment's rule.
  var onInterrupt: InterruptPolicy?
  /// Nil for the environment's rule.
  var onLowTraffic: LowTrafficPolicy?
  /// Nil for the environment's policy.
  var drift: DriftPolicy?
  var takeOver = false
  var noPromote = false

  static let strategies: [Parameter<RolloutOptions>] = {
    let heading = "How traffic moves (one of; default: the environment's rollout, else 10%:10m)"
    let list: [Parameter<RolloutOptions>] = [
      .option(
        "canary", "W[:T]", \.strategy,
        "W of the traffic for T, then all; T by default as in the rollout, else 10m",
        parsing: Strategy.canary(parsing:)),
      .option(
        "linear", "W:T", \.strategy, "W more every T until all: 20%:5m", parsing: Strategy.linear(parsing:)),
      .option("steps", "LIST", \.strategy, "Steps one by one: 1%:5m,10%:10m,pause,50%:10m") {
        (text: String) throws(ValueError) in .steps(try StepPlan(argument: text))
      },
      .flag(
        "blue-green", \.strategy, chooses: .blueGreen,
        "Smoke test at 0 %, then all, with rollback armed during the bake"),
      .flag("all-at-once", \.strategy, chooses: .allAtOnce, "Smoke test, then all, no wait"),
    ]
    return list.map { $0.excluding("strategy").under(heading) }
  }()

  static let drifts: [Parameter<RolloutOptions>] = {
    let list: [Parameter<RolloutOptions>] = [
      .flag(
        "refuse-drift", \.drift, chooses: .refuse,
        "End before any upload where others have changed a function that changes"),
      .flag(
        "restore-drift", \.drift, chooses: .restore,
        "Put back what others have changed and no manifest states"),
    ]
    return list.map { $0.excluding("drift") }
  }()

  /// What they mean in the environment of `session`.
  func settings(_ session: Session, _ globals: GlobalOptions) async throws(UnitError) -> ReleaseSettings {
    let rollout = session.environment.rollout
    var judge = JudgeSettings()
    judge.minInvocations = rollout.minInvocations
    judge.maxErrorRate = rollout.maxErrorRate
    judge.onLowTraffic = onLowTraffic ?? rollout.onLowTraffic
    judge.onLatency = rollout.latency
    let plan = try strategy?.plan(defaultTime: rollout.steps.firstDuration ?? .minutes(10)) ?? rollout.steps
    var settings = ReleaseSettings(plan: plan, bake: bake ?? rollout.bake, judge: judge)
    if strategy == .allAtOnce, bake == nil { settings.bake = .zero }
    settings.settle = rollout.settle
    settings.maxWait = rollout.maxWait
    settings.alarms = rollout.alarms
    settings.metrics = rollout.metrics.map {
      CountMetric(
        namespace: $0.namespace, name: $0.name, versionDimension: $0.versionDimension,
        dimensions: $0.dimensions)
    }
    settings.onInterrupt = onInterrupt ?? rollout.onInterrupt
    settings.drift = drift ?? session.environment.drift
    settings.takesOver = takeOver
    settings.stopsBeforePromotion = noPromote
    settings.deadMan = session.deadMan
    settings.companions = session.companions
    settings.keepVersions = session.workspace.config.keepVersions
    if let timeout = globals.timeout { settings.timeout = timeout }
    settings.parallel = session.parallel
    settings.publishing = session.parallel * 8
    settings.credentialsEnd = await session.credentialsEnd()
    return settings
  }
}

extension Parameter<RolloutOptions> {
  static let bake = option(
    "bake", "T", \.bake, "How long rollback stays armed at 100 % (default: the environment's, else 10m)")
  static let takeOver = flag("take-over", \.takeOver, "Seize a rollout whose runner is dead or stuck")
  static let noPromote = flag(
    "no-promote", \.noPromote, "End held after the last step instead of promoting")
  static let onInterrupt = option(
    "on-interrupt", InterruptPolicy.words, \.onInterrupt,
    "What a cancelled run does (default: the environment's, else rollback)")
  static let onLowTraffic = option(
    "on-low-traffic", LowTrafficPolicy.words, \.onLowTraffic,
    "When a step sees too few invocations to judge (default: the environment's, else promote-if-smoked)")
}
