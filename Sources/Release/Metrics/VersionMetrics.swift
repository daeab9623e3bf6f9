internal import AWSClient
internal import Core

/// What CloudWatch has counted for one version behind an alias, minute by minute.
struct VersionMinutes: Sendable {
  /// Invocations and errors by the start of their minute.
  var counts: [Timestamp: Counts] = [:]
  /// Invocations slower than each limit; empty where there are no limits.
  var slow: [[Timestamp: Int]] = []
  /// The counts of the user's own metrics by their labels.
  var extra: [String: [Timestamp: Int]] = [:]
  /// Whether all series are complete.
  var isComplete = true
}

/// Reads what is counted for versions behind an alias: one GetMetricData for all functions of a release.
struct VersionMetrics: Sendable {
  /// One version behind one alias.
  struct Subject: Hashable, Sendable {
    let function: String
    let functionName: String
    let version: String
  }

  /// One series and where it belongs.
  fileprivate enum Series {
    case invocations, errors, slow
    case extra(String)
  }

  let metrics: any MetricReading
  let alias: String
  /// The user's own metrics.
  var extra: [CountMetric] = []

  /// The minutes of `subjects` that began at `from` or later and before `to`.
  ///
  /// - Parameter slowLimits: by subject, the durations in milliseconds above which an invocation is slow.
  func minutes(
    of subjects: [Subject], slowLimits: [Subject: [Double]] = [:], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [Subject: VersionMinutes] {
    var queries: [MetricQuery] = []
    var places: [(subject: Subject, series: Series)] = []
    func ask(_ subject: Subject, _ series: Series, _ query: (String) -> MetricQuery) {
      queries.append(query("m\(queries.count)"))
      places.append((subject, series))
    }
    for subject in subjects {
      ask(subject, .invocations) { lambda($0, "Invocations", "Sum", of: subject) }
      ask(subject, .errors) { lambda($0, "Errors", "Sum", of: subject) }
      for limit in slowLimits[subject] ?? [] {
        // How many values lie above the limit.
        ask(subject, .slow) { lambda($0, "Duration", "TC(\(limit):)", of: subject) }
      }
      for metric in extra {
        ask(subject, .extra(metric.label(among: extra))) { id in
          MetricQuery(
            id: id, namespace: metric.namespace, metric: metric.name,
            dimensions: metric.dimensions(of: subject),
            statistic: "Sum", period: 60)
        }
      }
    }
    let answers = try await metrics.getMetricData(queries, from: from, to: to)
    let byID = Dictionary(answers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var result = Dictionary(subjects.map { ($0, VersionMinutes()) }, uniquingKeysWith: { first, _ in first })
    for (query, place) in zip(queries, places) {
      result[place.subject]?.take(byID[query.id], as: place.series)
    }
    return result
  }

  /// The percentiles, such as `p99`, of each subject's durations between two times, in milliseconds; none without
  /// traffic.
  func durations(
    of subjects: [Subject], _ percentiles: [String], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [Subject: [Double]] {
    let period = max(60, Int(((to - from).seconds / 60).rounded(.up)) * 60)
    let queries = subjects.enumerated().flatMap { index, subject in
      percentiles.map { lambda("\($0)_\(index)", "Duration", $0, of: subject, period: period) }
    }
    let answers = try await metrics.getMetricData(queries, from: from, to: to)
    // Periods lie on boundaries of the clock, so that the time may be cut in two: the higher half counts.
    let highest = Dictionary(
      answers.compactMap { answer in answer.points.map(\.value).max().map { (answer.id, $0) } },
      uniquingKeysWith: { first, _ in first })
    var result: [Subject: [Double]] = [:]
    for (index, subject) in subjects.enumerated() {
      let durations = percentiles.compactMap { highest["\($0)_\(index)"] }
      if durations.count == percentiles.count { result[subject] = durations }
    }
    return result
  }

  /// The mean duration of each subject's invocations between two times, in milliseconds; none without traffic.
  func means(
    of subjects: [Subject], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [Subject: Double] {
    let queries = subjects.enumerated().flatMap { index, subject in
      [("s", "Sum"), ("n", "SampleCount")].map { lambda("\($0.0)\(index)", "Duration", $0.1, of: subject) }
    }
    let answers = try await metrics.getMetricData(queries, from: from, to: to)
    func total(_ id: String) -> Double {
      answers.first { $0.id == id }?.points.reduce(0) { $0 + $1.value } ?? 0
    }
    var result: [Subject: Double] = [:]
    for (index, subject) in subjects.enumerated() {
      let count = total("n\(index)")
      if count > 0 { result[subject] = total("s\(index)") / count }
    }
    return result
  }

  private func lambda(
    _ id: String, _ metric: String, _ statistic: String, of subject: Subject, period: Int = 60
  ) -> MetricQuery {
    .lambda(
      id, metric, statistic, of: subject.functionName, called: alias, executed: subject.version,
      period: period)
  }
}

extension VersionMinutes {
  fileprivate mutating func take(_ series: MetricSeries?, as kind: VersionMetrics.Series) {
    isComplete = isComplete && series?.status == .complete
    var sums: [Timestamp: Int] = [:]
    for point in series?.points ?? [] {
      sums[point.time.startOfMinute, default: 0] += Int(min(max(point.value, 0), 1e12))
    }
    switch kind {
    case .invocations:
      for (minute, count) in sums {
        counts[minute] = Counts(invocations: count, errors: counts[minute]?.errorPoint)
      }
    case .errors:
      // Invocations are asked for first. An error whose invocation is not there yet counts with it, at a later look.
      for (minute, count) in sums {
        counts[minute] = Counts(invocations: counts[minute]?.invocations ?? 0, errors: count)
      }
    case .slow: slow.append(sums)
    case .extra(let label): extra[label] = sums
    }
  }
}
