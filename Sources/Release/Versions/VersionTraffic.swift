internal import AWSClient
internal import Core

/// Finds out from CloudWatch which old versions somebody still calls.
struct VersionTraffic: Sendable {
  /// For how long somebody who calls a version by its number is counted on to come back: an alias gives its callers
  /// another version, a number does not. What runs once a month is to find its version; CloudWatch keeps hours for 455
  /// days.
  private static let memory = TimeSpan.minutes(62 * 24 * 60)

  let metrics: any MetricReading
  let now: Timestamp

  /// One way by which a version may be called.
  private struct Way {
    let name: FunctionName
    let version: String
    let query: MetricQuery
    /// From when on a call that came this way keeps the version.
    let since: Timestamp
  }

  /// Those of `versions` that were called through an alias in the last 24 hours, or by their numbers in the last 62 days
  /// but for their first, when they were tested.
  ///
  /// - Parameter versions: the versions in question of each history.
  func busy(
    _ versions: [(history: VersionHistory, candidates: [VersionEntry])]
  ) async throws(AWSError) -> [FunctionName: Set<String>] {
    var ways: [Way] = []
    for (history, candidates) in versions {
      for version in candidates {
        for resource in [version.version] + history.aliases {
          ways.append(way(to: version, of: history.name, resource: resource, id: "m\(ways.count)"))
        }
      }
    }
    guard !ways.isEmpty else { return [:] }
    let series = try await metrics.getMetricData(
      ways.map(\.query), from: (now - Self.memory).startOfMinute, to: now.startOfMinute)
    let answers = Dictionary(series.map { ($0.id, $0) }) { first, _ in first }
    var busy: [FunctionName: Set<String>] = [:]
    for way in ways where !Self.isQuiet(answers[way.query.id], since: way.since) {
      busy[way.name, default: []].insert(way.version)
    }
    return busy
  }

  /// What is not known to be quiet may be anything.
  private static func isQuiet(_ series: MetricSeries?, since: Timestamp) -> Bool {
    guard let series, series.status == .complete else { return false }
    return series.points.allSatisfy { $0.value == 0 || $0.time < since }
  }

  /// How CloudWatch counts invocations of a version: through an alias by the version that executed them, or by its
  /// number.
  private func way(
    to version: VersionEntry, of name: FunctionName, resource: String, id: String
  ) -> Way {
    let isDirect = resource == version.version
    let query = MetricQuery.lambda(
      id, "Invocations", "Sum", of: name.functionName, called: resource,
      executed: isDirect ? nil : version.version, period: 3_600)
    // Points bear the start of their hour.
    let since =
      isDirect ? (version.published ?? now) + PrunePlan.rest : now - PrunePlan.rest - .minutes(60)
    return Way(name: name, version: version.version, query: query, since: since)
  }
}
