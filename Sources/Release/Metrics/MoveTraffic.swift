internal import AWSClient
internal import Core

/// Whether a function is called through its alias, and still by its bare name.
struct MoveTraffic: Sendable {
  let services: ReleaseServices
  let alias: String

  /// How long the alias alone must have been called before the bare function loses its permissions.
  private static let day = TimeSpan.minutes(24 * 60)
  /// How many versions, the newest ones, are told apart from the bare name.
  private static let versions = 20

  /// The calls since `begin`, through the alias and by the bare name; nil where CloudWatch does not show all of it.
  func calls(
    of functionName: String, since begin: Timestamp
  ) async throws(AWSError) -> (throughAlias: Int, all: Int)? {
    let end = services.serverTime()
    guard begin < end else { return (0, 0) }
    let queries: [MetricQuery] = [
      .lambda("a", "Invocations", "Sum", of: functionName, called: alias),
      .lambda("n", "Invocations", "Sum", of: functionName),
    ]
    let series = try await services.metrics.getMetricData(queries, from: begin, to: end)
    guard series.count == queries.count, series.allSatisfy({ $0.status == .complete }) else { return nil }
    func sum(_ id: String) -> Int {
      let values = series.filter { $0.id == id }.flatMap(\.points).map(\.value)
      return Int(min(max(values.reduce(0, +), 0), 1e12))
    }
    return (sum("a"), sum("n"))
  }

  /// Why a bare function must keep its permissions; nil where for a day all calls came through aliases and versions, and
  /// some through this alias.
  func objection(to functionName: String) async throws(AWSError) -> String? {
    let now = services.serverTime()
    let aliases = try await services.lambda.listAliases(functionName).map(\.name)
    let versions = try await services.lambda.listVersions(functionName).map(\.version)
      .filter { $0 != "$LATEST" }.suffix(Self.versions)
    let last = try await BareTraffic(metrics: services.metrics)
      .lastCall(before: now, of: functionName, besides: aliases + versions)
    // What is told is the hour's beginning.
    if let last, last + .minutes(60) > now - Self.day {
      return "its bare name was called in the hour from \(last.iso8601), less than a day ago"
    }
    guard let calls = try await calls(of: functionName, since: (now - Self.day).startOfMinute) else {
      return "CloudWatch does not show all of its calls"
    }
    guard calls.throughAlias > 0 else {
      return "nothing called it through the alias \(alias) for a day, and no data is no proof"
    }
    return nil
  }
}
