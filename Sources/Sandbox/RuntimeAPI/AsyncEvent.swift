internal import Core

/// An event that nobody waits for, on its way to a function.
struct AsyncEvent: Sendable {
  let call: InvocationRouter.Call
  let requestID: String
  /// When it was accepted.
  let accepted: Timestamp
  /// How often the function failed on it.
  var failures = 0
  /// How often it could not be run at all.
  var refusals = 0
  /// When it is tried next.
  var due: Timestamp
}

/// What becomes of events of a function or alias.
struct AsyncRules: Sendable {
  /// How often a failed event is tried again.
  var retries = 2
  var longestAge = TimeSpan.seconds(21_600)
  var onSuccess: String?
  var onFailure: String?
  /// Gets the bare event.
  var deadLetter: String?

  init(_ record: FunctionRecord, _ version: VersionRecord?, qualifier: String?) {
    let key = qualifier == VersionRecord.latest ? "" : qualifier ?? ""
    deadLetter = version?.settings["DeadLetterConfig"]?["TargetArn"]?.string
    guard let settings = record.eventInvoke[key]?.settings else { return }
    retries = settings["MaximumRetryAttempts"]?.int ?? retries
    longestAge = settings["MaximumEventAgeInSeconds"]?.int.map { .seconds(Double($0)) } ?? longestAge
    onSuccess = Self.arn(settings, "OnSuccess")
    onFailure = Self.arn(settings, "OnFailure")
  }

  private static func arn(_ settings: JSONObject, _ kind: String) -> String? {
    settings["DestinationConfig"]?[kind]?["Destination"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// When to try an event again that the function has failed on for the `failures`-th time; nil for never.
  func retry(after failures: Int, accepted: Timestamp, now: Timestamp) -> Timestamp? {
    guard failures <= retries else { return nil }
    let due = now + .minutes(Double(failures))
    return due - accepted <= longestAge ? due : nil
  }

  /// When to try an event again that could not be run for the `refusals`-th time: from a second on, up to five minutes.
  func retry(afterRefusal refusals: Int, accepted: Timestamp, now: Timestamp) -> Timestamp? {
    let due = now + .seconds(min(300, Double(1 << min(refusals - 1, 9))))
    return due - accepted <= longestAge ? due : nil
  }
}

/// What a destination is told of an event.
struct AsyncReport: Sendable {
  let event: AsyncEvent
  /// Nil when the function was not run the last time.
  let answer: InvocationRouter.Answer?
  /// The ARN that was called, with a qualifier.
  let arn: String
  let now: Timestamp

  /// - Parameter condition: `Success`, `RetriesExhausted` or `EventAgeExceeded`.
  func json(condition: String) -> [UInt8] {
    let isGood = answer.map { !$0.outcome.isError } ?? false
    let context: JSON = [
      "requestId": .string(event.requestID), "functionArn": .string(arn), "condition": .string(condition),
      "approximateInvokeCount": .int(event.failures + (isGood ? 1 : 0)),
    ]
    var report = JSONObject([
      ("version", "1.0"), ("timestamp", .string(now.iso8601)), ("requestContext", context),
      ("requestPayload", (try? JSON(parsing: event.call.payload)) ?? .null),
    ])
    if let answer {
      var response = JSONObject([
        ("statusCode", 200), ("executedVersion", .string(answer.version)),
      ])
      if !isGood { response["functionError"] = "Unhandled" }
      report["responseContext"] = .object(response)
      report["responsePayload"] = (try? JSON(parsing: answer.outcome.payload)) ?? .null
    }
    return Array(JSON.object(report).text().utf8)
  }
}
