public import Core

/// One series that GetMetricData is asked for.
public struct MetricQuery: Hashable, Sendable {
  /// One name-value pair of a metric's identity.
  public struct Dimension: Hashable, Sendable {
    /// As in CloudWatch: `FunctionName`.
    public let name: String
    /// Its value.
    public let value: String

    /// A pair of these values.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Names the series in the answer: a lower-case letter, then letters, digits and `_`; unique.
  public let id: String
  /// As `AWS/Lambda`.
  public let namespace: String
  /// As `Errors`.
  public let metric: String
  /// All dimensions of the metric: with one missing, the answer is an empty series and no error.
  public let dimensions: [Dimension]
  /// `Sum`, `Average`, `SampleCount`, `p99`.
  public let statistic: String
  /// Seconds a point covers: 1, 5, 10, 20, 30 or a multiple of 60.
  public let period: Int

  /// A query of these values.
  public init(
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
public struct MetricSeries: Sendable {
  /// Whether the points are all there are.
  public enum Status: Hashable, Sendable {
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
  public let id: String
  /// Only a complete series may be judged.
  public let status: Status
  /// Values with the starts of the periods they cover, from the oldest to the newest; periods without
  /// traffic have none.
  public let points: [(time: Timestamp, value: Double)]

  /// A series of these values.
  public init(id: String, status: Status, points: [(time: Timestamp, value: Double)]) {
    self.id = id
    self.status = status
    self.points = points
  }
}

extension MetricSeries: Equatable {
  /// Equal in id, status and all points.
  public static func == (a: MetricSeries, b: MetricSeries) -> Bool {
    a.id == b.id && a.status == b.status && a.points.elementsEqual(b.points, by: ==)
  }
}

/// An alarm's present state.
public struct AlarmState: Hashable, Sendable {
  /// The alarm's name.
  public let name: String
  /// The alarm's ARN.
  public let arn: String
  /// `OK`, `ALARM`, `INSUFFICIENT_DATA`, or newer.
  public let state: String
  /// Why, in CloudWatch's words.
  public let reason: String
  /// Since when it is in that state.
  public let since: Timestamp?

  /// A state of these values.
  public init(name: String, arn: String, state: String, reason: String, since: Timestamp? = nil) {
    self.name = name
    self.arn = arn
    self.state = state
    self.reason = reason
    self.since = since
  }
}
