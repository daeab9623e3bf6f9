internal import AWSClient
internal import Core

/// Reads whether a function is called by its bare name: what CloudWatch counted in all, less what went through its
/// aliases and versions.
struct BareTraffic: Sendable {
  /// How far back a call is worth a word: CloudWatch keeps single minutes for 15 days.
  static let memory = TimeSpan.minutes(14 * 24 * 60)

  let metrics: any MetricReading

  /// The calls in the hour before `end`.
  ///
  /// - Parameter qualifiers: the function's aliases, and the numbers of its versions.
  /// - Returns: nil where CloudWatch does not show all of it.
  func lastHour(
    before end: Timestamp, of functionName: String, besides qualifiers: [String]
  ) async throws(AWSError) -> Int? {
    let end = end.startOfMinute
    return try await calls(
      of: functionName, besides: qualifiers, period: 60, from: end - .minutes(60), to: end)?
      .reduce(0) { $0 + $1.count }
  }

  /// When the last hour with calls began, within ``memory`` before `end`; nil where there was none.
  func lastCall(
    before end: Timestamp, of functionName: String, besides qualifiers: [String]
  ) async throws(AWSError) -> Timestamp? {
    let hour = Timestamp(seconds: (end.seconds / 3_600).rounded(.down) * 3_600)
    return try await calls(
      of: functionName, besides: qualifiers, period: 3_600, from: hour - Self.memory, to: hour + .minutes(60))?
      .map(\.time).max()
  }

  /// The periods with calls. What an alias was called that is gone by now, such as that of a preview, is looked for only
  /// where calls are left over.
  private func calls(
    of functionName: String, besides qualifiers: [String], period: Int, from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [(time: Timestamp, count: Int)]? {
    let found = try await left(of: functionName, besides: qualifiers, period: period, from: from, to: to)
    guard let found, !found.isEmpty else { return found }
    let gone = await gone(of: functionName, besides: Set(qualifiers))
    guard !gone.isEmpty else { return found }
    return try await left(of: functionName, besides: qualifiers + gone, period: period, from: from, to: to)
  }

  /// Aliases and versions that CloudWatch remembers and the function has no more; none where it does not list them.
  private func gone(of functionName: String, besides qualifiers: Set<String>) async -> [String] {
    let listed = try? await metrics.listMetrics(
      namespace: "AWS/Lambda", metric: "Invocations",
      with: MetricQuery.Dimension(name: "FunctionName", value: functionName))
    let prefix = functionName + ":"
    let names = (listed ?? []).filter { $0.count == 2 }.flatMap { $0 }.filter {
      $0.name == "Resource" && $0.value.hasPrefix(prefix)
    }.map { String($0.value.dropFirst(prefix.count)) }
    return Set(names).subtracting(qualifiers).subtracting(["$LATEST"]).sorted()
  }

  /// What is left of all calls without those of `qualifiers`.
  private func left(
    of functionName: String, besides qualifiers: [String], period: Int, from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [(time: Timestamp, count: Int)]? {
    func query(_ id: String, _ called: String?) -> MetricQuery {
      .lambda(id, "Invocations", "Sum", of: functionName, called: called, period: period)
    }
    let queries = [query("n", nil)] + qualifiers.enumerated().map { query("q\($0.offset)", $0.element) }
    let series = try await metrics.getMetricData(queries, from: from, to: to)
    guard series.count == queries.count, series.allSatisfy({ $0.status == .complete }) else { return nil }
    var left: [Timestamp: Double] = [:]
    for one in series {
      let sign = one.id == "n" ? 1.0 : -1
      for point in one.points { left[point.time, default: 0] += sign * point.value }
    }
    return left.filter { $0.value > 0.5 }.map { ($0.key, Int(min($0.value, 1e12).rounded())) }
  }
}
