internal import Core

extension CloudWatchService {
  private static let queryLimit = 500
  private static let pointLimit = 100_800
  /// Beyond it no answer of so many queries has points.
  private static let longestOffset = queryLimit * MetricStore.kept

  private struct Query {
    let id: String
    let label: String
    let metric: MetricName
    let statistic: Statistic
    let period: Int
    let isReturned: Bool
  }

  func getMetricData(_ input: JSON) throws(ServiceError) -> WireValue {
    let (start, end) = try window(input)
    let items = input["MetricDataQueries"]?.array ?? []
    guard !items.isEmpty else { throw Self.invalid("The parameter MetricDataQueries is required.") }
    guard items.count <= Self.queryLimit else {
      throw Self.invalid(
        "The collection MetricDataQueries must not have a size greater than \(Self.queryLimit).")
    }
    var queries: [Query] = []
    for (index, item) in items.enumerated() {
      let query = try query(item, number: index + 1)
      guard !queries.contains(where: { $0.id == query.id }) else {
        throw Self.invalid("The values for parameter id in MetricDataQueries are not unique.")
      }
      queries.append(query)
    }
    let isAscending = input["ScanBy"]?.string == "TimestampAscending"
    let limit = min(Self.pointLimit, max(1, input["MaxDatapoints"]?.looseInt ?? Self.pointLimit))
    var skip = try offset(input)
    let first = skip
    var left = limit
    var hasMore = false
    var results: [WireValue] = []
    for query in queries where query.isReturned {
      var points = series(query.metric, query.statistic, from: start, to: end, period: query.period)
      if !isAscending { points.reverse() }
      let dropped = min(skip, points.count)
      skip -= dropped
      let page = points.dropFirst(dropped).prefix(left)
      let isCut = dropped + page.count < points.count
      // A series that an earlier page finished is not repeated; one without points is told of once.
      if page.isEmpty, !points.isEmpty || first > 0 {
        hasMore = hasMore || isCut
        continue
      }
      left -= page.count
      hasMore = hasMore || isCut
      results.append(result(query, page, isCut: isCut))
    }
    var members: [(String, WireValue)] = [("MetricDataResults", .list(results)), ("Messages", .list([]))]
    if hasMore { members.append(("NextToken", .text(Base64.encode(Array(String(first + limit).utf8))))) }
    return .map(members)
  }

  private func result(_ query: Query, _ points: ArraySlice<(moment: Int, value: Double)>, isCut: Bool)
    -> WireValue
  {
    .map([
      ("Id", .text(query.id)), ("Label", .text(query.label)),
      ("Timestamps", .list(points.map { .moment(Timestamp(seconds: Double($0.moment))) })),
      ("Values", .list(points.map { .double($0.value) })),
      ("StatusCode", .text(isCut ? "PartialData" : "Complete")),
    ])
  }

  private func offset(_ input: JSON) throws(ServiceError) -> Int {
    guard let token = input["NextToken"]?.string else { return 0 }
    let text = Base64.decode(token).map { String(decoding: $0, as: UTF8.self) }
    guard let number = text.flatMap({ Int($0) }), (0...Self.longestOffset).contains(number) else {
      throw ServiceError(400, "InvalidNextToken", "The token \(token) is invalid.")
    }
    return number
  }

  private func query(_ item: JSON, number: Int) throws(ServiceError) -> Query {
    let id = item["Id"]?.string ?? ""
    let isWord = id.utf8.allSatisfy { FunctionReference.isNameCharacter($0) && $0 != UInt8(ascii: "-") }
    guard let first = id.utf8.first, (97...122).contains(first), isWord else {
      throw Self.invalid(
        "The value \(id) for parameter MetricDataQueries.member.\(number).Id is not matching the expected pattern "
          + "^[a-z][a-zA-Z0-9_]*$.")
    }
    guard let stat = item["MetricStat"], let metric = MetricName(stat["Metric"]) else {
      throw Self.invalid("The sandbox has no metric math: query \(id) needs a MetricStat.")
    }
    let period = stat["Period"]?.looseInt ?? 0
    guard period >= 60 && period.isMultiple(of: 60) || [1, 5, 10, 20, 30].contains(period) else {
      throw Self.invalid("Period must be 1, 5, 10, 20, 30 or a multiple of 60.")
    }
    guard let statistic = Statistic(stat["Stat"]?.string ?? "") else {
      throw Self.invalid(
        "The value \(stat["Stat"]?.string ?? "") for parameter MetricDataQueries.member.\(number).MetricStat.Stat is not "
          + "supported.")
    }
    return Query(
      id: id, label: item["Label"]?.string ?? metric.name, metric: metric, statistic: statistic,
      period: period,
      isReturned: item["ReturnData"]?.looseBool ?? true)
  }
}
