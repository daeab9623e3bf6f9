package import AWSClient

/// The call of CloudWatch Logs that the errors in a report come from.
package protocol LogReading: Sendable {
  /// The first events that match, oldest first; at most `limit`.
  func filterLogEvents(_ query: LogQuery, limit: Int) async throws(AWSError) -> [LogEvent]
}

extension LogsClient: LogReading {}
