package import Core

/// A count of failures in CloudWatch that is judged like errors.
package struct MetricConfig: Hashable, Sendable {
  /// Namespace of the metric.
  package let namespace: String
  /// Name of the metric.
  package let name: String
  /// The dimension whose value is the function's version.
  package let versionDimension: String
  /// All other dimensions of the series.
  package let dimensions: [String: String]
}

/// How a release moves traffic in one environment: the environment's settings over the root's over the defaults.
package struct RolloutConfig: Hashable, Sendable {
  /// Weights and times; by default one step of 10 % for 10 minutes.
  package var steps: StepPlan
  /// Time at 100 % with rollback armed; by default 10 minutes.
  package var bake: TimeSpan
  /// Age at which a minute of metrics counts; by default 2 minutes.
  package var settle: TimeSpan
  /// Canary invocations that a step needs; by default 30.
  package var minInvocations: Int
  /// Longest extension of a step; by default 20 minutes.
  package var maxWait: TimeSpan
  /// By default ``LowTrafficPolicy/promoteIfSmoked``.
  package var onLowTraffic: LowTrafficPolicy
  /// By default ``InterruptPolicy/rollback``.
  package var onInterrupt: InterruptPolicy
  /// By default ``TriggerMoment/end``.
  package var triggersAt: TriggerMoment
  /// Names of alarms that veto.
  package var alarms: [String]
  /// Highest error rate of the canary as a fraction; nil for none.
  package var maxErrorRate: Double?
  /// Further counts of failures.
  package var metrics: [MetricConfig]
  /// The schedule that takes the traffic back when the run dies; nil for none.
  package var deadMan: DeadManConfig?
  /// By default ``FindingAction/hold``.
  package var latency: FindingAction
  /// Whether the configuration itself gives steps.
  package var hasOwnSteps: Bool

  /// What holds where nothing is configured.
  init() {
    steps = Weight(fraction: 0.1).map { .canary(weight: $0, duration: .minutes(10)) } ?? .allAtOnce
    hasOwnSteps = false
    bake = .minutes(10)
    settle = .minutes(2)
    minInvocations = 30
    maxWait = .minutes(20)
    onLowTraffic = .promoteIfSmoked
    onInterrupt = .rollback
    triggersAt = .end
    alarms = []
    latency = .hold
    metrics = []
  }

  /// Reads a checked and interpolated `rollout` object.
  init(_ value: ConfigValue?) throws(PackagerError) {
    self.init()
    let reader = ConfigReader(value)
    steps = try reader.steps("steps") ?? steps
    hasOwnSteps = value?["steps"] != nil
    bake = try reader.time("bake") ?? bake
    settle = try reader.time("settle") ?? settle
    minInvocations = reader.integer("minInvocations") ?? minInvocations
    maxWait = try reader.time("maxWait") ?? maxWait
    onLowTraffic = reader.choice("onLowTraffic") ?? onLowTraffic
    onInterrupt = reader.choice("onInterrupt") ?? onInterrupt
    triggersAt = reader.choice("triggersAt") ?? triggersAt
    alarms = reader.strings("alarms")
    maxErrorRate = reader.string("maxErrorRate").flatMap(Percentage.fraction(of:))
    deadMan = try DeadManConfig(value?["deadMan"])
    latency = reader.choice("latency") ?? latency
    metrics = (value?["metrics"]?.elements ?? []).map { metric in
      let reader = ConfigReader(metric)
      return MetricConfig(
        namespace: reader.string("namespace") ?? "", name: reader.string("name") ?? "",
        versionDimension: reader.string("versionDimension") ?? "", dimensions: reader.map("dimensions"))
    }
  }
}

/// Typed access to the members of an object that ``ConfigFile`` has checked.
struct ConfigReader {
  private let value: ConfigValue?

  init(_ value: ConfigValue?) {
    self.value = value
  }

  func string(_ key: String) -> String? { value?[key]?.string }

  func integer(_ key: String) -> Int? { value?[key]?.json.int }

  func strings(_ key: String) -> [String] { value?[key]?.strings ?? [] }

  func map(_ key: String) -> [String: String] {
    var map: [String: String] = [:]
    for member in value?[key]?.members ?? [] { map[member.key] = member.value.string }
    return map
  }

  func choice<Choice: RawRepresentable<String>>(_ key: String) -> Choice? {
    string(key).flatMap(Choice.init(rawValue:))
  }

  func time(_ key: String) throws(PackagerError) -> TimeSpan? {
    guard let found = value?[key], let text = found.string else { return nil }
    do throws(UnitError) {
      return try TimeSpan(parsing: text)
    } catch { throw found.error(error.description) }
  }

  func steps(_ key: String) throws(PackagerError) -> StepPlan? {
    guard let found = value?[key], let text = found.string else { return nil }
    do throws(UnitError) {
      return try StepPlan(parsing: text)
    } catch { throw found.error(error.description) }
  }
}
