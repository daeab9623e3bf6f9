public import AWSClient
public import Core

/// The call of CloudWatch that the evidence comes from.
public protocol MetricReading: Sendable {
  /// The points of many metrics between two times, each series ascending.
  func getMetricData(
    _ queries: [MetricQuery], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [MetricSeries]
}

extension CloudWatchClient: MetricReading {}
