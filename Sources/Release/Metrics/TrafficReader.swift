package import AWSClient
package import Core

/// Reads how much traffic functions have, and by which way it comes: one GetMetricData for many functions.
package struct TrafficReader: Sendable {
  private let metrics: any MetricReading
  private let alias: String

  /// A reader of traffic, which tells the alias's apart.
  package init(metrics: any MetricReading, alias: String) {
    self.metrics = metrics
    self.alias = alias
  }

  /// The traffic in the hour before `end`, by logical name; a function of which a series is not complete is left out.
  package func hour(
    before end: Timestamp, of names: [FunctionName]
  ) async throws(AWSError) -> [String: HourOfTraffic] {
    guard !names.isEmpty else { return [:] }
    let end = end.startOfMinute
    let queries = names.enumerated().flatMap { index, name in
      func query(_ id: String, _ metric: String, _ statistic: String, called: String? = nil) -> MetricQuery {
        .lambda("\(id)\(index)", metric, statistic, of: name.functionName, called: called)
      }
      return [
        query("n", "Invocations", "Sum"), query("a", "Invocations", "Sum", called: alias),
        .lambda("b\(index)", "Invocations", "Sum", ofBare: name.functionName),
        query("c", "ConcurrentExecutions", "Maximum"),
      ]
    }
    let series = try await metrics.getMetricData(queries, from: end - .minutes(60), to: end)
    let complete = series.filter { $0.status == .complete }.map { ($0.id, $0.points.map(\.value)) }
    let values = Dictionary(complete, uniquingKeysWith: { first, _ in first })
    var result: [String: HourOfTraffic] = [:]
    for (index, name) in names.enumerated() {
      guard let all = values["n\(index)"], let aliased = values["a\(index)"], let bare = values["b\(index)"],
        let most = values["c\(index)"]
      else { continue }
      result[name.function] = HourOfTraffic(
        invocations: Self.count(all.reduce(0, +)), throughAlias: Self.count(aliased.reduce(0, +)),
        byBareName: Self.count(bare.reduce(0, +)),
        mostConcurrent: Self.count(most.max() ?? 0))
    }
    return result
  }

  private static func count(_ value: Double) -> Int { Int(min(max(value, 0), 1e12)) }
}
