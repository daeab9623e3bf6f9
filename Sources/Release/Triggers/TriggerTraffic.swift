internal import AWSClient
internal import Core
internal import Triggers

/// Reads what triggers and aliases had in the last day: one GetMetricData for a whole release.
struct TriggerTraffic: Sendable {
  let metrics: any MetricReading
  let alias: String

  /// What was counted, by logical name, as a day's worth. A series without a point is no zero: CloudWatch answers the same
  /// for what does not exist.
  func day(
    before end: Timestamp, of series: [FunctionName: Set<TriggerSeries>]
  ) async throws(AWSError) -> [String: TriggerForecast.Counts] {
    let end = end.startOfMinute
    // Whole hours, so that each counts once.
    let from = Timestamp(seconds: (end.seconds / 3_600).rounded(.down) * 3_600) - .minutes(24 * 60)
    let names = series.keys.sorted { $0.function < $1.function }
    let all = Set(series.values.joined()).sorted { $0.identity < $1.identity }
    guard !names.isEmpty else { return [:] }
    let queries =
      names.enumerated().map { index, name in
        MetricQuery.lambda(
          "a\(index)", "Invocations", "Sum", of: name.functionName, called: alias, period: 3_600)
      }
      + all.enumerated().map { index, one in
        MetricQuery(
          id: "s\(index)", namespace: one.namespace, metric: one.metric,
          dimensions: one.dimensions.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
          statistic: "Sum", period: 3_600)
      }
    let answers = try await metrics.getMetricData(queries, from: from, to: end)
    let share = 86_400 / max((end - from).seconds, 1)
    let counted = answers.filter { $0.status == .complete && !$0.points.isEmpty }.map { answer in
      (answer.id, max(0, answer.points.reduce(0) { $0 + $1.value }) * share)
    }
    let sums = Dictionary(counted) { first, _ in first }
    let own = Dictionary(
      all.enumerated().compactMap { index, one in sums["s\(index)"].map { (one, $0) } }
    ) { first, _ in first }
    return Dictionary(
      names.enumerated().map { index, name in
        let wanted = series[name] ?? []
        return (
          name.function,
          TriggerForecast.Counts(
            throughAlias: sums["a\(index)"], series: own.filter { wanted.contains($0.key) })
        )
      }
    ) { first, _ in first }
  }
}

extension TriggerSeries {
  fileprivate var identity: String {
    ([namespace, metric] + dimensions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
      .joined(separator: "\n")
  }
}
