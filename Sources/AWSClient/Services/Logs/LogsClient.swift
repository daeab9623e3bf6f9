package import Core

/// Which log events are wanted.
package struct LogQuery: Hashable, Sendable {
  /// As `/aws/lambda/orders`.
  package var group: String
  /// Only streams whose names begin so; all when nil.
  package var streamPrefix: String?
  /// In the syntax of CloudWatch Logs; all events when nil.
  package var pattern: String?
  /// From this moment on; from the beginning when nil.
  package var from: Timestamp?
  /// Up to and with this moment; without an end when nil.
  package var to: Timestamp?

  /// A query of these values.
  package init(
    group: String, streamPrefix: String? = nil, pattern: String? = nil, from: Timestamp? = nil,
    to: Timestamp? = nil
  ) {
    self.group = group
    self.streamPrefix = streamPrefix
    self.pattern = pattern
    self.from = from
    self.to = to
  }
}

/// One log event.
package struct LogEvent: Hashable, Sendable {
  /// Unique; tells events apart that come twice.
  package let id: String
  /// As `2026/01/20/[3]0123…`: the brackets hold the function's version.
  package let stream: String
  /// When the function wrote it.
  package let time: Timestamp
  /// The text, with tokens for secrets.
  package let message: String

  /// An event of these values.
  package init(id: String, stream: String, time: Timestamp, message: String) {
    self.id = id
    self.stream = stream
    self.time = time
    self.message = message
  }
}

/// The operations of CloudWatch Logs. All throw ``AWSError``.
package struct LogsClient: Sendable {
  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// The first events that match, oldest first; at most `limit`. A group that does not exist is an error with
  /// ``AWSError/isNotFound``: a function has none until it has run.
  package func filterLogEvents(_ query: LogQuery, limit: Int) async throws(AWSError) -> [LogEvent] {
    var events: [LogEvent] = []
    var seen: Set<String> = []
    // An empty page with a token is not the end.
    try await pipeline.pages(token: "nextToken") { token in
      Self.call(query, token, min(10_000, max(1, limit - events.count)))
    } take: { page in
      let found = (page["events"]?.array ?? []).compactMap(\.object).map(event)
      events += found.filter { seen.insert($0.id).inserted }
      return events.count < limit
    }
    return Array(events.prefix(limit))
  }

  private static func call(_ query: LogQuery, _ token: String?, _ limit: Int) -> APICall {
    var members = JSONObject([("logGroupName", .string(query.group)), ("limit", .int(limit))])
    members["logStreamNamePrefix"] = query.streamPrefix.map(JSON.string)
    members["filterPattern"] = query.pattern.map(JSON.string)
    members["startTime"] = query.from.map { .int(Int(($0.seconds * 1000).rounded(.down))) }
    members["endTime"] = query.to.map { .int(Int(($0.seconds * 1000).rounded(.down))) }
    members["nextToken"] = token.map(JSON.string)
    var call = APICall.json(.logs, "FilterLogEvents", target: "Logs_20140328", version: "1.1", members)
    call.resource = query.group
    return call
  }

  private func event(_ members: JSONObject) -> LogEvent {
    LogEvent(
      id: members["eventId"]?.string ?? "", stream: members["logStreamName"]?.string ?? "",
      time: Timestamp(seconds: (members["timestamp"]?.double ?? 0) / 1000),
      message: pipeline.secrets.masked(members["message"]?.string ?? ""))
  }
}
