package import Core

/// The operations of CloudWatch. All throw ``AWSError``.
package struct CloudWatchClient: Sendable {
  /// The most queries that one request may hold.
  private static let queriesPerRequest = 500
  private static let namesPerRequest = 100

  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// The points of each query from `from` up to, but without, `to`; one series a query, in the queries'
  /// order.
  package func getMetricData(
    _ queries: [MetricQuery], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [MetricSeries] {
    var series: [MetricSeries] = []
    var rest = queries[...]
    while !rest.isEmpty {
      series += try await metricData(rest.prefix(Self.queriesPerRequest), from, to)
      rest = rest.dropFirst(Self.queriesPerRequest)
    }
    return series
  }

  /// The state of the alarms named, composite ones too; those that do not exist are left out.
  package func describeAlarms(names: [String]) async throws(AWSError) -> [AlarmState] {
    var alarms: [AlarmState] = []
    var rest = names[...]
    while !rest.isEmpty {
      let some = rest.prefix(Self.namesPerRequest)
      rest = rest.dropFirst(Self.namesPerRequest)
      let request = JSONObject([
        ("AlarmNames", .array(some.map(JSON.string))), ("AlarmTypes", ["MetricAlarm", "CompositeAlarm"]),
      ])
      for page in try await pages("DescribeAlarms", request, lane: .unlimited) {
        let found = (page["MetricAlarms"]?.array ?? []) + (page["CompositeAlarms"]?.array ?? [])
        alarms += found.compactMap(\.object).map(Self.alarm)
      }
    }
    return alarms
  }

  /// The dimensions of each series of a metric that has this one among them, and points of the last two weeks. A new series
  /// is listed after some 15 minutes only.
  package func listMetrics(
    namespace: String, metric: String, with dimension: MetricQuery.Dimension
  ) async throws(AWSError) -> [[MetricQuery.Dimension]] {
    let request = JSONObject([
      ("Namespace", .string(namespace)), ("MetricName", .string(metric)),
      ("Dimensions", [["Name": .string(dimension.name), "Value": .string(dimension.value)]]),
    ])
    return try await pages("ListMetrics", request, lane: .unlimited).flatMap { page in
      (page["Metrics"]?.array ?? []).map { metric in
        (metric["Dimensions"]?.array ?? []).compactMap { one in
          guard let name = one["Name"]?.string, let value = one["Value"]?.string else { return nil }
          return MetricQuery.Dimension(name: name, value: value)
        }
      }
    }
  }

  private func metricData(
    _ queries: ArraySlice<MetricQuery>, _ from: Timestamp, _ to: Timestamp
  ) async throws(AWSError) -> [MetricSeries] {
    let request = JSONObject([
      ("MetricDataQueries", .array(queries.map(Self.json))), ("StartTime", .double(from.seconds)),
      ("EndTime", .double(to.seconds)), ("ScanBy", "TimestampAscending"),
    ])
    var points: [String: [(time: Timestamp, value: Double)]] = [:]
    var statuses: [String: MetricSeries.Status] = [:]
    for page in try await pages("GetMetricData", request, lane: .metrics) {
      for result in page["MetricDataResults"]?.array ?? [] {
        guard let id = result["Id"]?.string else { continue }
        let times = result["Timestamps"]?.array ?? []
        let values = result["Values"]?.array ?? []
        points[id, default: []] += zip(times, values).compactMap(Self.point)
        // The pages before the last say PartialData; the last word counts.
        statuses[id] = MetricSeries.Status(result["StatusCode"]?.string ?? "")
      }
    }
    return queries.map { query in
      MetricSeries(
        id: query.id, status: statuses[query.id] ?? .other("no answer"),
        points: points[query.id, default: []].sorted { $0.time < $1.time })
    }
  }

  private func pages(
    _ operation: String, _ request: JSONObject, lane: RateLane
  ) async throws(AWSError) -> [JSONObject] {
    var call = APICall(service: .cloudWatch, operation: operation, method: "POST", lane: lane)
    call.headers = [
      ("X-Amz-Target", "GraniteServiceVersion20100801.\(operation)"),
      // CloudWatch once spoke the query protocol only, whose error codes its clients are to ask for.
      ("x-amzn-query-mode", "true"),
    ]
    var pages: [JSONObject] = []
    try await pipeline.pages(token: "NextToken") { token in
      var members = request
      members["NextToken"] = token.map(JSON.string)
      var next = call
      next.send(.json(members), type: "application/x-amz-json-1.0")
      return next
    } take: { page in
      pages.append(page)
      return true
    }
    return pages
  }

  private static func json(_ query: MetricQuery) -> JSON {
    let dimensions = query.dimensions.map { dimension -> JSON in
      ["Name": .string(dimension.name), "Value": .string(dimension.value)]
    }
    return [
      "Id": .string(query.id),
      "MetricStat": [
        "Metric": [
          "Namespace": .string(query.namespace), "MetricName": .string(query.metric),
          "Dimensions": .array(dimensions),
        ],
        "Period": .int(query.period), "Stat": .string(query.statistic),
      ],
      "ReturnData": true,
    ]
  }

  private static func point(_ time: JSON, _ value: JSON) -> (time: Timestamp, value: Double)? {
    guard let moment = moment(time), let value = value.double else { return nil }
    return (moment, value)
  }

  /// Seconds since the epoch; some emulators write ISO 8601 instead.
  private static func moment(_ json: JSON?) -> Timestamp? {
    if let seconds = json?.double { return Timestamp(outside: seconds) }
    return json?.string.flatMap { Timestamp(iso8601: $0) }
  }

  private static func alarm(_ members: JSONObject) -> AlarmState {
    AlarmState(
      name: members["AlarmName"]?.string ?? "", arn: members["AlarmArn"]?.string ?? "",
      state: members["StateValue"]?.string ?? "", reason: members["StateReason"]?.string ?? "",
      since: moment(members["StateUpdatedTimestamp"]))
  }
}
