package import AWSClient
package import Core

/// The calls of CloudWatch that the evidence comes from.
package protocol MetricReading: Sendable {
  /// The points of many metrics between two times, each series ascending.
  func getMetricData(
    _ queries: [MetricQuery], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [MetricSeries]
  /// The dimensions of each series of a metric that has this one among them.
  func listMetrics(
    namespace: String, metric: String, with dimension: MetricQuery.Dimension
  ) async throws(AWSError) -> [[MetricQuery.Dimension]]
}

extension CloudWatchClient: MetricReading {}
