import Core
import Release
import TestSupport

@testable import AWSClient

extension SimulatedAccount {
  /// What a version's code and settings do to its invocations: code that begins with `bad`, and settings with
  /// `MODE=bad`, fail one time in five, three in five with `utterly` in its name; code that begins with `late` does so once it has all the traffic.
  private static func errorRate(_ members: JSONObject, share: Double) -> Double {
    let code = members["CodeSha256"]?.string ?? ""
    let mode = members["Environment"]?["Variables"]?["MODE"]?.string
    let isBad = code.hasPrefix("bad") || mode == "bad" || (code.hasPrefix("late") && share == 1)
    guard isBad else { return 0 }
    return code.contains("utterly") ? 0.6 : 0.2
  }

  func alarmStates(_ names: [String]) -> [AlarmState] {
    let now = clock.now()
    let alarms = state.withLock { $0.alarms }
    return names.compactMap { name in
      alarms[name].map { times in
        AlarmState(
          name: name, arn: "", state: times.contains(now) ? "ALARM" : "OK", reason: "",
          since: times.contains(now) ? times.lowerBound : nil)
      }
    }
  }

  func metrics(
    _ queries: [MetricQuery], from: Timestamp, to: Timestamp
  ) throws(AWSError) -> [MetricSeries] {
    let now = clock.now()
    let (functions, traffic, outage) = state.withLock { ($0.functions, $0.traffic, $0.outage) }
    let (direct, concurrent, called) = state.withLock { ($0.direct, $0.concurrent, $0.called) }
    let directUntil = state.withLock { $0.directUntil }
    let (delay, missing) = state.withLock { ($0.metricsDelay, $0.missingSeries) }
    if let outage, outage.contains(now) { throw SimulatedFault.broken("GetMetricData") }
    if let memory = state.withLock({ $0.memory }), from < now - memory {
      return queries.map { MetricSeries(id: $0.id, status: .complete, points: []) }
    }
    var known: [String: [MinuteCount]] = [:]
    return queries.map { query in
      var values: [String: String] = [:]
      for dimension in query.dimensions { values[dimension.name] = dimension.value }
      let name = values["FunctionName"] ?? ""
      if let moment = values["Resource"].flatMap({ resource in state.withLock { $0.calledAt[resource] } }) {
        let points = moment >= from && moment < to ? [(time: moment, value: 1.0)] : []
        return MetricSeries(id: query.id, status: .complete, points: points)
      }
      if query.namespace == "AWS/Lambda", values["ExecutedVersion"] == nil {
        let aliased = traffic[name] ?? 600
        let end = min(to, now)
        let bare = direct[name] ?? 0
        let bareEnd = min(end, directUntil[name] ?? end)
        func steady(_ count: Int, to end: Timestamp) -> MetricSeries {
          Self.steady(query, count, from: from, to: end)
        }
        switch values["Resource"] {
        case nil where query.metric == "Invocations":
          let (through, past) = (steady(aliased, to: end).points, steady(bare, to: bareEnd).points)
          let points = (0..<max(through.count, past.count)).map { index in
            let (a, b) = (through.indices.contains(index), past.indices.contains(index))
            return (
              time: a ? through[index].time : past[index].time,
              value: (a ? through[index].value : 0) + (b ? past[index].value : 0)
            )
          }
          return MetricSeries(id: query.id, status: .complete, points: points)
        case nil: return steady(concurrent[name] ?? 0, to: end)
        case "\(name):prod"?: return steady(aliased, to: end)
        case name?: return steady(bare, to: bareEnd)
        case let version?: return steady(called[version] ?? 0, to: end)
        }
      }
      guard let function = functions[name], let version = values["ExecutedVersion"] ?? values["version"],
        let number = Int(version), function.versions.indices.contains(number - 1),
        values["Resource"] == (query.namespace == "Shop" ? nil : "\(name):prod")
      else { return MetricSeries(id: query.id, status: .complete, points: []) }
      let counts =
        known["\(name):\(version)"]
        ?? Self.counts(function, version, perMinute: traffic[name] ?? 600, from: from, to: min(to, now))
      known["\(name):\(version)"] = counts
      let code = function.versions[number - 1].members["CodeSha256"]?.string ?? ""
      let isMissing = missing.contains("\(query.metric) \(version)")
      let points = counts.compactMap { count -> (time: Timestamp, value: Double)? in
        if isMissing || delay.map({ count.start + .minutes(1) + $0 > now }) ?? false { return nil }
        let value = Self.value(
          query, code: code, invocations: Int(count.invocations.rounded()),
          errors: Int(count.errors.rounded()))
        return value > 0 ? (count.start, value) : nil
      }
      return MetricSeries(id: query.id, status: .complete, points: points)
    }
  }

  /// The same value every minute.
  private static func steady(
    _ query: MetricQuery, _ value: Int, from: Timestamp, to: Timestamp
  ) -> MetricSeries {
    let minutes = value == 0 ? 0 : max(0, Int((to - from).seconds / 60))
    return MetricSeries(
      id: query.id, status: .complete,
      points: (0..<minutes).map { (from + .minutes(Double($0)), Double(value)) })
  }

  /// Invocations take 100 ms, those of code that begins with `slow` 400 ms one time in three. One in twenty of code that
  /// begins with `caught` counts in `Shop`'s metric `Http5xx`.
  private static func value(_ query: MetricQuery, code: String, invocations: Int, errors: Int) -> Double {
    let slow = code.hasPrefix("slow") ? Double(invocations / 3) : 0
    return switch (query.metric, query.statistic) {
    case ("Errors", _): Double(errors)
    case ("Http5xx", _): code.hasPrefix("caught") ? Double(invocations / 20) : 0
    case ("Duration", "p50"), ("Duration", "p90"), ("Duration", "p99"): invocations > 0 ? 100 : 0
    case ("Duration", "Sum"): 100 * Double(invocations) + 300 * slow
    case ("Duration", "TC(120.0:)"): slow
    case ("Duration", "SampleCount"), ("Invocations", "Sum"): Double(invocations)
    default: 0
    }
  }

  /// What one version did in one minute.
  private struct MinuteCount {
    let start: Timestamp
    var invocations = 0.0
    var errors = 0.0
  }

  private static func counts(
    _ function: SimulatedFunction, _ version: String, perMinute: Int, from: Timestamp, to: Timestamp
  ) -> [MinuteCount] {
    guard let number = Int(version), let first = function.routes.first?.since else { return [] }
    let members = function.versions[number - 1].members
    let start = max(from, first).startOfMinute
    var counts: [MinuteCount] = []
    var minute = start
    while minute < to {
      counts.append(MinuteCount(start: minute))
      minute = minute + .minutes(1)
    }
    for (index, route) in function.routes.enumerated() {
      let share = route.share(of: version)
      let begin = max(route.since, start)
      let end = index + 1 < function.routes.count ? min(function.routes[index + 1].since, to) : to
      guard share > 0, begin < end else { continue }
      let rate = errorRate(members, share: share)
      var place = Int((begin.startOfMinute - start).seconds / 60)
      while place < counts.count, counts[place].start < end {
        let span = min(end, counts[place].start + .minutes(1)) - max(begin, counts[place].start)
        let invocations = Double(perMinute) * span.seconds / 60 * share
        counts[place].invocations += invocations
        counts[place].errors += invocations * rate
        place += 1
      }
    }
    return counts
  }
}
