import Core
import Testing
import Triggers

@Suite("By what it is known how often a trigger calls")
struct TriggerPaceTests {
  private static let scope = EdgeScope(
    project: "shop", function: "orders", functionName: "shop-orders",
    functionARN: "arn:aws:lambda:eu-west-1:1:function:shop-orders", alias: "prod")

  private static func pace(_ kind: TriggerKind, _ settings: JSON) -> TriggerPace {
    TriggerPace(
      Trigger(name: "t", kind: kind, settings: settings.object ?? JSONObject()), in: scope)
  }

  private static let counted: [(TriggerKind, JSON, String, String, [String: String], TriggerSeries.Unit)] = [
    (
      TriggerKind.functionUrl, ["AuthType": "NONE"], "AWS/Lambda", "UrlRequestCount",
      ["FunctionName": "shop-orders", "Resource": "shop-orders:prod"], TriggerSeries.Unit.calls
    ),
    (
      .rule, ["EventPattern": [:]], "AWS/Events", "Invocations", ["RuleName": "lamctl-shop-orders-prod-t"],
      .calls
    ),
    (
      .rule, ["EventPattern": [:], "EventBusName": "arn:aws:events:eu-west-1:1:event-bus/shop"],
      "AWS/Events",
      "Invocations", ["RuleName": "lamctl-shop-orders-prod-t", "EventBusName": "shop"], .calls
    ),
    (
      .s3, ["bucket": "in", "events": ["s3:ObjectCreated:*"], "via": "eventbridge"], "AWS/Events",
      "Invocations",
      ["RuleName": "lamctl-shop-orders-prod-t"], .calls
    ),
    (
      .sns, ["TopicArn": "arn:aws:sns:eu-west-1:1:news"], "AWS/SNS", "NumberOfMessagesPublished",
      ["TopicName": "news"], .calls
    ),
    (
      .sns, ["TopicArn": "arn:aws:sns:eu-west-1:1:news", "FilterPolicy": ["a": ["b"]]], "AWS/SNS",
      "NumberOfMessagesPublished", ["TopicName": "news"], .callsAtMost
    ),
    (
      .eventSource, ["EventSourceArn": "arn:aws:sqs:eu-west-1:1:jobs"], "AWS/SQS", "NumberOfMessagesSent",
      ["QueueName": "jobs"], .records(batch: 10, isFiltered: false)
    ),
    (
      .eventSource,
      [
        "EventSourceArn": "arn:aws:sqs:eu-west-1:1:jobs", "BatchSize": 3,
        "FilterCriteria": ["Filters": [["Pattern": "{}"]]],
      ], "AWS/SQS", "NumberOfMessagesSent",
      ["QueueName": "jobs"], .records(batch: 3, isFiltered: true)
    ),
    (
      .eventSource, ["EventSourceArn": "arn:aws:kinesis:eu-west-1:1:stream/clicks"], "AWS/Kinesis",
      "IncomingRecords", ["StreamName": "clicks"], .records(batch: 100, isFiltered: false)
    ),
  ]

  private static let uncounted: [(TriggerKind, JSON, TriggerPace)] = [
    (TriggerKind.httpApi, ["api": "a", "routes": ["GET /"]], TriggerPace.uncounted),
    (.s3, ["bucket": "in", "events": ["s3:ObjectCreated:*"]], .uncounted),
    (.grant, ["Principal": "iot.amazonaws.com"], .uncounted),
    (.eventSource, ["EventSourceArn": "arn:aws:dynamodb:eu-west-1:1:table/t/stream/s"], .uncounted),
    (.schedule, ["ScheduleExpression": "often"], .uncounted),
    (.schedule, ["ScheduleExpression": "rate(1 day)", "State": "DISABLED"], .off),
    (.rule, ["EventPattern": [:], "State": "DISABLED"], .off),
    (.eventSource, ["EventSourceArn": "arn:aws:sqs:eu-west-1:1:jobs", "Enabled": false], .off),
  ]

  @Test(
    "a series of CloudWatch, under the dimensions that it has",
    arguments: counted)
  func series(
    _ kind: TriggerKind, _ settings: JSON, _ namespace: String, _ metric: String,
    _ dimensions: [String: String],
    _ unit: TriggerSeries.Unit
  ) throws {
    guard case .series(let series) = Self.pace(kind, settings) else {
      Issue.record("no series")
      return
    }
    #expect(series.namespace == namespace && series.metric == metric && series.unit == unit)
    #expect(series.dimensions == dimensions)
  }

  @Test(
    "nothing, where nothing counts it, and where it is off",
    arguments: uncounted)
  func others(_ kind: TriggerKind, _ settings: JSON, _ expected: TriggerPace) {
    #expect(Self.pace(kind, settings) == expected)
  }

  @Test("the clock, between a schedule's start and its end")
  func clock() throws {
    let settings: JSON = [
      "ScheduleExpression": "cron(0 * * * ? *)", "StartDate": "2027-01-10T12:00:00Z",
      "EndDate": 1_799_600_400,
      "ScheduleExpressionTimezone": "Europe/Berlin",
    ]
    guard case .timetable(let timetable) = Self.pace(.schedule, settings) else {
      Issue.record("no timetable")
      return
    }
    let begin = try #require(Timestamp(iso8601: "2027-01-10T10:00:00Z"))
    #expect(timetable.zone == "Europe/Berlin" && timetable.end?.iso8601 == "2027-01-10T17:00:00Z")
    #expect(timetable.count(after: begin, through: begin + .minutes(24 * 60), in: .utc) == 5)
    #expect(timetable.next(after: begin, in: .utc)?.iso8601 == "2027-01-10T13:00:00Z")
    #expect(timetable.next(after: begin + .minutes(7 * 60), in: .utc) == nil)
  }
}
