package import Core

/// One series that GetMetricData is asked for.
package struct MetricQuery: Hashable, Sendable {
  /// One name-value pair of a metric's identity.
  package struct Dimension: Hashable, Sendable {
    /// As in CloudWatch: `FunctionName`.
    package let name: String
    /// Its value.
    package let value: String

    /// A pair of these values.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Names the series in the answer: a lower-case letter, then letters, digits and `_`; unique.
  package let id: String
  /// As `AWS/Lambda`.
  package let namespace: String
  /// As `Errors`.
  package let metric: String
  /// All dimensions of the metric: with one missing, the answer is an empty series and no error.
  package let dimensions: [Dimension]
  /// `Sum`, `Average`, `SampleCount`, `p99`.
  package let statistic: String
  /// Seconds a point covers: 1, 5, 10, 20, 30 or a multiple of 60.
  package let period: Int

  /// A query of these values.
  package init(
    id: String, namespace: String, metric: String, dimensions: [(name: String, value: String)],
    statistic: String,
    period: Int
  ) {
    self.id = id
    self.namespace = namespace
    self.metric = metric
    self.dimensions = dimensions.map { Dimension(name: $0.name, value: $0.value) }
    self.statistic = statistic
    self.period = period
  }
}

/// What CloudWatch knows of one series.
package struct MetricSeries: Sendable {
  /// Whether the points are all there are.
  package enum Status: Hashable, Sendable {
    /// They are.
    case complete
    /// Some are missing.
    case partial
    /// These credentials may not read it.
    case forbidden
    /// CloudWatch failed; ask again.
    case internalError
    /// A value that is newer than this program.
    case other(String)

    init(_ text: String) {
      switch text {
      case "Complete": self = .complete
      case "PartialData": self = .partial
      case "Forbidden": self = .forbidden
      case "InternalError": self = .internalError
      default: self = .other(text)
      }
    }
  }

  /// The query's id.
  package let id: String
  /// Only a complete series may be judged.
  package let status: Status
  /// Values with the starts of the periods they cover, from the oldest to the newest; periods without
  /// traffic have none.
  package let points: [(time: Timestamp, value: Double)]

  /// A series of these values.
  package init(id: String, status: Status, points: [(time: Timestamp, value: Double)]) {
    self.id = id
    self.status = status
    self.points = points
  }
}

extension MetricSeries: Equatable {
  /// Equal in id, status and all points.
  package static func == (a: MetricSeries, b: MetricSeries) -> Bool {
    a.id == b.id && a.status == b.status && a.points.elementsEqual(b.points, by: ==)
  }
}

/// An alarm's present state.
package struct AlarmState: Hashable, Sendable {
  /// The alarm's name.
  package let name: String
  /// The alarm's ARN.
  package let arn: String
  /// `OK`, `ALARM`, `INSUFFICIENT_DATA`, or newer.
  package let state: String
  /// Why, in CloudWatch's words.
  package let reason: String
  /// Since when it is in that state.
  package let since: Timestamp?

  /// A state of these values.
  package init(name: String, arn: String, state: String, reason: String, since: Timestamp? = nil) {
    self.name = name
    self.arn = arn
    self.state = state
    self.reason = reason
    self.since = since
  }
}
