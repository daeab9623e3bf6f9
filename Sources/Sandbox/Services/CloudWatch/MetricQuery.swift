internal import Core

/// One metric as a query names it.
struct MetricName: Hashable, Sendable {
  static let lambdaNames = ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"]

  let namespace: String
  let name: String
  let dimensions: [String: String]

  init(namespace: String, name: String, dimensions: [String: String]) {
    self.namespace = namespace
    self.name = name
    self.dimensions = dimensions
  }

  init?(_ json: JSON?) {
    guard let namespace = json?["Namespace"]?.string, let name = json?["MetricName"]?.string else {
      return nil
    }
    self.init(namespace: namespace, name: name, dimensions: Self.dimensions(json?["Dimensions"]))
  }

  static func dimensions(_ json: JSON?) -> [String: String] {
    var dimensions: [String: String] = [:]
    for item in json?.array ?? [] {
      if let name = item["Name"]?.string { dimensions[name] = item["Value"]?.looseText }
    }
    return dimensions
  }

  /// Which series of Lambda's own these dimensions name; nil for a set that Lambda does not have.
  var selection: ((CounterSeries) -> Bool)? {
    let dimensions = dimensions
    switch Set(dimensions.keys) {
    case []: return { _ in true }
    case ["FunctionName"]: return { $0.function == dimensions["FunctionName"] }
    case ["FunctionName", "Resource"]:
      return { $0.function == dimensions["FunctionName"] && $0.resource == dimensions["Resource"] }
    case ["FunctionName", "Resource", "ExecutedVersion"]:
      return {
        $0.function == dimensions["FunctionName"] && $0.resource == dimensions["Resource"]
          && $0.version == dimensions["ExecutedVersion"]
      }
    default: return nil
    }
  }
}

extension MetricStore {
  /// The points of a metric by minute; no entry where there is none.
  func samples(_ metric: MetricName, minutes: Range<Int>) -> [Int: Sample] {
    guard metric.namespace == "AWS/Lambda" else { return customSamples(metric, minutes: minutes) }
    guard let isMeant = metric.selection else { return [:] }
    return cells(in: minutes, isMeant).compactMapValues { cell in
      Self.sample(metric.name, cell, isAccount: metric.dimensions.isEmpty)
    }
  }

  private static func sample(_ name: String, _ cell: MetricCell, isAccount: Bool) -> Sample? {
    let invocations = Double(cell.invocations)
    switch name {
    case "Invocations":
      return cell.invocations == 0
        ? nil : Sample(sum: invocations, count: invocations, minimum: 1, maximum: 1)
    case "Errors":
      let errors = Double(cell.errors)
      return cell.invocations == 0
        ? nil
        : Sample(
          sum: errors, count: invocations, minimum: cell.errors == cell.invocations ? 1 : 0,
          maximum: cell.errors > 0 ? 1 : 0)
    case "Throttles":
      let throttles = Double(cell.throttles)
      return cell.invocations + cell.throttles == 0
        ? nil
        : Sample(
          sum: throttles, count: invocations + throttles, minimum: cell.invocations == 0 ? 1 : 0,
          maximum: cell.throttles > 0 ? 1 : 0)
    case "Duration":
      let durations = cell.durations
      return durations.count == 0
        ? nil
        : Sample(
          sum: durations.sum, count: Double(durations.count), minimum: durations.minimum,
          maximum: durations.maximum,
          histogram: durations)
    case "ConcurrentExecutions":
      let most = Double(isAccount ? cell.accountConcurrency : cell.concurrency)
      return cell.invocations == 0 ? nil : Sample(sum: most, count: 1, minimum: most, maximum: most)
    default: return nil
    }
  }

  private func customSamples(_ metric: MetricName, minutes: Range<Int>) -> [Int: Sample] {
    let key = CustomMetric(namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions)
    return state.withLock { $0.custom[key] ?? [:] }.filter { minutes.contains($0.key) }
  }

  /// Adds a caller's own point.
  func put(_ metric: MetricName, _ sample: Sample, at moment: Timestamp) {
    let key = CustomMetric(namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions)
    let minute = Int(moment.seconds / 60)
    state.withLock { state in
      state.custom[key, default: [:]][minute, default: Sample()].add(sample)
      let newest = max(minute, state.newest)
      if state.custom[key]?.count ?? 0 > Self.kept {
        state.custom[key] = state.custom[key]?.filter { $0.key > newest - Self.kept }
      }
    }
  }

  /// Every metric there is.
  var names: [MetricName] {
    var found: Set<MetricName> = []
    for series in series {
      var sets: [[String: String]] = [
        [:], ["FunctionName": series.function],
        ["FunctionName": series.function, "Resource": series.resource],
      ]
      if let version = series.version {
        sets.append([
          "FunctionName": series.function, "Resource": series.resource, "ExecutedVersion": version,
        ])
      }
      for name in MetricName.lambdaNames {
        for set in sets { found.insert(MetricName(namespace: "AWS/Lambda", name: name, dimensions: set)) }
      }
    }
    for metric in state.withLock({ Array($0.custom.keys) }) {
      found.insert(MetricName(namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions))
    }
    return found.sorted { a, b in
      (a.namespace, a.name, a.dimensions.description) < (b.namespace, b.name, b.dimensions.description)
    }
  }
}
