internal import Core

/// Metric alarms, evaluated when somebody looks.
final class AlarmStore: Sendable {
  private struct Alarm {
    var definition: JSONObject
    /// Set by SetAlarmState; the next evaluation with data overrides it in AWS, here it stays until the next change.
    var forced: (state: String, reason: String)?
    var updated: Timestamp
  }

  private let file: StateFile
  private let arns: ARNs
  private let alarms: Lock<[String: Alarm]>

  init(file: StateFile, arns: ARNs) throws(SystemError) {
    self.file = file
    self.arns = arns
    var loaded: [String: Alarm] = [:]
    for (name, value) in try file.members() {
      guard let definition = value["definition"]?.object else { continue }
      let forced = value["state"]?.string.map { (state: $0, reason: value["reason"]?.string ?? "") }
      loaded[name] = Alarm(
        definition: definition, forced: forced, updated: value["updated"]?.moment ?? Timestamp(seconds: 0))
    }
    alarms = Lock(loaded)
  }

  func put(_ input: JSON, now: Timestamp) throws(ServiceError) -> WireValue {
    guard let name = input["AlarmName"]?.string, let definition = input.object,
      input["ComparisonOperator"]?.string != nil, input["EvaluationPeriods"]?.looseInt != nil
    else {
      throw CloudWatchService.invalid("AlarmName, ComparisonOperator and EvaluationPeriods are required.")
    }
    guard Self.window(input) != nil else {
      throw CloudWatchService.invalid(
        "Metrics cannot be checked across more than \(Self.longestWindow / 86_400) days (EvaluationPeriods * Period must be <= "
          + "\(Self.longestWindow)).")
    }
    try change { $0[name] = Alarm(definition: definition, forced: nil, updated: now) }
    return .map([])
  }

  func set(_ input: JSON, now: Timestamp) throws(ServiceError) -> WireValue {
    let name = input["AlarmName"]?.string ?? ""
    let state = input["StateValue"]?.string ?? ""
    guard ["OK", "ALARM", "INSUFFICIENT_DATA"].contains(state) else {
      throw CloudWatchService.invalid("StateValue must be OK, ALARM or INSUFFICIENT_DATA.")
    }
    guard alarms.withLock({ $0[name] != nil }) else {
      throw ServiceError(404, "ResourceNotFound", "Could not find alarm \(name)")
    }
    try change { alarms in
      alarms[name]?.forced = (state, input["StateReason"]?.string ?? "")
      alarms[name]?.updated = now
    }
    return .map([])
  }

  func delete(_ input: JSON) -> WireValue {
    let names = (input["AlarmNames"]?.array ?? []).compactMap(\.string)
    try? change { alarms in
      for name in names { alarms[name] = nil }
    }
    return .map([])
  }

  func describe(_ input: JSON, metrics: CloudWatchService) -> WireValue {
    let names = input["AlarmNames"]?.array.map { Set($0.compactMap(\.string)) }
    let prefix = input["AlarmNamePrefix"]?.string ?? ""
    let found = alarms.withLock { $0 }.filter { names?.contains($0.key) ?? true && $0.key.hasPrefix(prefix) }
    let values = found.sorted { $0.key < $1.key }.compactMap { name, alarm -> WireValue? in
      let (state, reason) = alarm.forced ?? Self.evaluate(alarm.definition, metrics)
      if let wanted = input["StateValue"]?.string, wanted != state { return nil }
      return describe(name, alarm, state: state, reason: reason)
    }
    return .map([("MetricAlarms", .list(values)), ("CompositeAlarms", .list([]))])
  }

  private func describe(_ name: String, _ alarm: Alarm, state: String, reason: String) -> WireValue {
    let definition = JSON.object(alarm.definition)
    var members: [(String, WireValue)] = [
      ("AlarmName", .text(name)),
      ("AlarmArn", .text(arns.arn("cloudwatch", "alarm:\(name)"))),
      ("StateValue", .text(state)), ("StateReason", .text(reason)),
      ("StateUpdatedTimestamp", .moment(alarm.updated)),
      ("AlarmConfigurationUpdatedTimestamp", .moment(alarm.updated)),
    ]
    for key in [
      "MetricName", "Namespace", "Statistic", "ExtendedStatistic", "ComparisonOperator", "TreatMissingData",
      "Unit",
      "AlarmDescription",
    ] {
      if let text = definition[key]?.string { members.append((key, .text(text))) }
    }
    for key in ["Period", "EvaluationPeriods", "DatapointsToAlarm"] {
      if let number = definition[key]?.looseInt { members.append((key, .int(number))) }
    }
    if let threshold = definition["Threshold"]?.looseNumber {
      members.append(("Threshold", .double(threshold)))
    }
    let dimensions = MetricName.dimensions(definition["Dimensions"]).sorted { $0.key < $1.key }
    members.append(
      ("Dimensions", .list(dimensions.map { .map([("Name", .text($0.key)), ("Value", .text($0.value))]) })))
    return .map(members)
  }

  /// The state after the last whole periods.
  private static func evaluate(_ object: JSONObject, _ metrics: CloudWatchService) -> (
    state: String, reason: String
  ) {
    let alarm = JSON.object(object)
    guard let (periods, period) = window(alarm) else {
      return ("INSUFFICIENT_DATA", "Unchecked: the alarm looks further back than a sandbox does")
    }
    let needed = min(periods, alarm["DatapointsToAlarm"]?.looseInt ?? periods)
    let text = alarm["Statistic"]?.string ?? alarm["ExtendedStatistic"]?.string ?? ""
    guard let metric = MetricName(alarm), let statistic = Statistic(text),
      let threshold = alarm["Threshold"]?.looseNumber
    else { return ("INSUFFICIENT_DATA", "Unchecked: the sandbox evaluates alarms of one metric only") }
    let end = (metrics.clock.now().seconds / Double(period)).rounded(.down) * Double(period)
    let start = Timestamp(seconds: end - Double(periods * period))
    let points = metrics.series(metric, statistic, from: start, to: Timestamp(seconds: end), period: period)
    let isBreaching: (Double) -> Bool = { value in
      switch alarm["ComparisonOperator"]?.string {
      case "GreaterThanThreshold": value > threshold
      case "GreaterThanOrEqualToThreshold": value >= threshold
      case "LessThanThreshold": value < threshold
      default: value <= threshold
      }
    }
    var breaching = points.count { isBreaching($0.value) }
    let missing = periods - points.count
    switch alarm["TreatMissingData"]?.string ?? "missing" {
    case "breaching": breaching += missing
    case "notBreaching": break
    default:
      if points.isEmpty { return ("INSUFFICIENT_DATA", "Insufficient Data: no datapoints were received") }
    }
    let reason = "\(breaching) of the last \(periods) periods breach the threshold (\(threshold))"
    return (breaching >= needed ? "ALARM" : "OK", "Threshold Crossed: \(reason)")
  }

  /// The most seconds that an alarm may look back, by the API's own rule.
  private static let longestWindow = 604_800

  /// How many periods of how many seconds an alarm looks at; nil when they are more than an alarm may.
  private static func window(_ alarm: JSON) -> (periods: Int, period: Int)? {
    let periods = max(1, alarm["EvaluationPeriods"]?.looseInt ?? 1)
    let period = max(60, alarm["Period"]?.looseInt ?? 60)
    guard period <= longestWindow, periods <= longestWindow / period else { return nil }
    return (periods, period)
  }

  private func change(_ body: (inout [String: Alarm]) -> Void) throws(ServiceError) {
    let failure = alarms.withLock { alarms -> SystemError? in
      body(&alarms)
      let stored = alarms.map { name, alarm -> (String, JSON) in
        var value = JSONObject([
          ("definition", .object(alarm.definition)), ("updated", .double(alarm.updated.seconds)),
        ])
        value["state"] = alarm.forced.map { .string($0.state) }
        value["reason"] = alarm.forced.map { .string($0.reason) }
        return (name, .object(value))
      }
      do throws(SystemError) {
        try file.write(stored)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw ServiceError(500, "InternalServiceFault", "The sandbox \(failure)") }
  }
}
