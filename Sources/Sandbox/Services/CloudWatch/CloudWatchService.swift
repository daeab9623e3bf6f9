internal import Core

/// CloudWatch: Lambda's metrics as they were counted, metrics of callers, and alarms.
struct CloudWatchService: Sendable {
  let metrics: MetricStore
  let alarms: AlarmStore
  let clock: ScaledClock
  /// How long points stay invisible after their minute's end.
  let delay: @Sendable () -> TimeSpan?

  func answer(_ operation: String, _ input: JSON) throws(ServiceError) -> WireValue {
    switch operation {
    case "GetMetricData": return try getMetricData(input)
    case "GetMetricStatistics": return try getMetricStatistics(input)
    case "ListMetrics": return listMetrics(input)
    case "PutMetricData": return try putMetricData(input)
    case "DescribeAlarms": return alarms.describe(input, metrics: self)
    case "PutMetricAlarm": return try alarms.put(input, now: clock.now())
    case "DeleteAlarms": return alarms.delete(input)
    case "SetAlarmState": return try alarms.set(input, now: clock.now())
    default: throw ServiceError(400, "InvalidAction", "The sandbox does not know the operation \(operation)")
    }
  }

  static func invalid(_ message: String) -> ServiceError {
    ServiceError(400, "ValidationError", message, queryCode: "ValidationError")
  }

  /// Points of a metric, added up over periods that begin at whole multiples of their length.
  func series(
    _ metric: MetricName, _ statistic: Statistic, from start: Timestamp, to end: Timestamp, period: Int
  ) -> [(moment: Int, value: Double)] {
    var last = Int((end.seconds / 60).rounded(.up))
    if let delay = delay() { last = min(last, Int(((clock.now() - delay).seconds / 60).rounded(.down))) }
    let length = max(1, period / 60)
    let first = Int((start.seconds / 60).rounded(.down)) / length * length
    guard first < last else { return [] }
    var sums: [Int: Sample] = [:]
    for (minute, sample) in metrics.samples(metric, minutes: first..<last) {
      sums[minute / length * length, default: Sample()].add(sample)
    }
    return sums.compactMap { minute, sample in sample.value(statistic).map { (minute * 60, $0) } }
      .sorted { $0.moment < $1.moment }
  }

  func window(_ input: JSON) throws(ServiceError) -> (start: Timestamp, end: Timestamp) {
    guard let start = input["StartTime"]?.looseMoment, let end = input["EndTime"]?.looseMoment else {
      throw Self.invalid("The parameters StartTime and EndTime are required.")
    }
    guard start < end else {
      throw Self.invalid("The parameter StartTime must be less than the parameter EndTime.")
    }
    return (start, end)
  }

  private func getMetricStatistics(_ input: JSON) throws(ServiceError) -> WireValue {
    let (start, end) = try window(input)
    guard let metric = MetricName(input) else { throw Self.invalid("Namespace and MetricName are required.") }
    let period = input["Period"]?.looseInt ?? 0
    guard period >= 60, period.isMultiple(of: 60) else {
      throw Self.invalid("The parameter Period must be a multiple of 60.")
    }
    guard (end - start).seconds / Double(period) <= 1_440 else {
      throw ServiceError(
        400, "InvalidParameterCombinationException",
        "You have requested up to \(Int((end - start).seconds) / period) datapoints, which exceeds the limit of 1,440.",
        queryCode: "InvalidParameterCombination")
    }
    let named = (input["Statistics"]?.array ?? []).compactMap(\.string)
    let extended = (input["ExtendedStatistics"]?.array ?? []).compactMap(\.string)
    var points: [Int: [(String, WireValue)]] = [:]
    for text in named + extended {
      guard let statistic = Statistic(text) else {
        throw Self.invalid("The value \(text) for parameter Statistics is invalid.")
      }
      for point in series(metric, statistic, from: start, to: end, period: period) {
        points[point.moment, default: []].append((text, .double(point.value)))
      }
    }
    let datapoints = points.map { moment, values -> WireValue in
      let plain = values.filter { named.contains($0.0) }
      let more = values.filter { !named.contains($0.0) }
      var members: [(String, WireValue)] =
        [("Timestamp", .moment(Timestamp(seconds: Double(moment))))] + plain
      if !more.isEmpty { members.append(("ExtendedStatistics", .map(more))) }
      members.append(("Unit", .text(metric.name == "Duration" ? "Milliseconds" : "Count")))
      return .map(members)
    }
    return .map([("Label", .text(metric.name)), ("Datapoints", .list(datapoints))])
  }

  private func listMetrics(_ input: JSON) -> WireValue {
    let wanted = input["Dimensions"]?.array ?? []
    let found = metrics.names.filter { metric in
      (input["Namespace"]?.string.map { $0 == metric.namespace } ?? true)
        && (input["MetricName"]?.string.map { $0 == metric.name } ?? true)
        && wanted.allSatisfy { filter in
          guard let value = metric.dimensions[filter["Name"]?.string ?? ""] else { return false }
          return filter["Value"]?.looseText.map { $0 == value } ?? true
        }
    }
    let first = min(max(0, input["NextToken"]?.string.flatMap { Int($0) } ?? 0), found.count)
    let page = found[first..<min(found.count, first + 500)]
    let values = page.map { metric -> WireValue in
      let dimensions = metric.dimensions.sorted { $0.key < $1.key }.map { name, value -> WireValue in
        .map([("Name", .text(name)), ("Value", .text(value))])
      }
      return .map([
        ("Namespace", .text(metric.namespace)), ("MetricName", .text(metric.name)),
        ("Dimensions", .list(dimensions)),
      ])
    }
    var members: [(String, WireValue)] = [("Metrics", .list(values))]
    if page.endIndex < found.count { members.append(("NextToken", .text(String(page.endIndex)))) }
    return .map(members)
  }

  private func putMetricData(_ input: JSON) throws(ServiceError) -> WireValue {
    let namespace = input["Namespace"]?.string ?? ""
    guard !namespace.isEmpty else { throw Self.invalid("The parameter Namespace is required.") }
    guard !namespace.hasPrefix("AWS/") else {
      throw ServiceError(
        400, "InvalidParameterValueException",
        "The value AWS/ for parameter Namespace is invalid: namespaces that start with AWS/ are reserved.",
        queryCode: "InvalidParameterValue")
    }
    let data = input["MetricData"]?.array ?? []
    guard data.count <= 1_000 else { throw Self.invalid("At most 1000 metrics can be sent at once.") }
    for datum in data {
      guard let name = datum["MetricName"]?.string else { throw Self.invalid("MetricName is required.") }
      let metric = MetricName(
        namespace: namespace, name: name, dimensions: MetricName.dimensions(datum["Dimensions"]))
      metrics.put(metric, Self.sample(datum), at: datum["Timestamp"]?.looseMoment ?? clock.now())
    }
    return .map([])
  }

  private static func sample(_ datum: JSON) -> Sample {
    if let set = datum["StatisticValues"] {
      return Sample(
        sum: set["Sum"]?.looseNumber ?? 0, count: set["SampleCount"]?.looseNumber ?? 0,
        minimum: set["Minimum"]?.looseNumber ?? 0, maximum: set["Maximum"]?.looseNumber ?? 0)
    }
    var values: [(value: Double, count: Double)] = []
    if let value = datum["Value"]?.looseNumber { values = [(value, 1)] }
    let counts = datum["Counts"]?.array ?? []
    for (index, item) in (datum["Values"]?.array ?? []).enumerated() {
      if let value = item.looseNumber {
        values.append((value, index < counts.count ? counts[index].looseNumber ?? 1 : 1))
      }
    }
    var sample = Sample()
    for (value, count) in values {
      sample.add(Sample(sum: value * count, count: count, minimum: value, maximum: value))
    }
    return sample
  }
}
