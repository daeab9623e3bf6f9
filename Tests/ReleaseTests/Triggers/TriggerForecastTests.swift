import Core
import Testing
import Triggers

@testable import Release

@Suite("What triggers will let a canary see")
struct TriggerForecastTests {
  private static let scope = EdgeScope(
    project: "shop", function: "orders", functionName: "shop-orders",
    functionARN: "arn:aws:lambda:eu-west-1:1:function:shop-orders", alias: "prod")

  private static func bound(_ name: String, _ kind: TriggerKind, _ settings: JSON, _ isBound: Bool = true)
    -> TriggerForecast.Bound
  {
    TriggerForecast.Bound(
      Trigger(name: name, kind: kind, settings: settings.object ?? JSONObject()), isBound: isBound)
  }

  private static let nightly = bound("nightly", .schedule, ["ScheduleExpression": "cron(0 2 * * ? *)"])
  private static let sweep = bound("sweep", .schedule, ["ScheduleExpression": "rate(1 minute)"])
  private static let jobs = bound("jobs", .eventSource, ["EventSourceArn": "arn:aws:sqs:eu-west-1:1:jobs"])
  private static let api = bound("api", .httpApi, ["api": "a", "routes": ["GET /"]])
  private static let url = bound("url", .functionUrl, ["AuthType": "NONE"])
  private static let news = bound(
    "news", .sns, ["TopicArn": "arn:aws:sns:eu-west-1:1:news", "FilterPolicy": ["a": ["b"]]])

  private static func forecast(
    _ triggers: [TriggerForecast.Bound], _ steps: String = "10%:10m", throughAlias: Double? = nil,
    _ counts: [String: Double] = [:], zone: (String) -> ZoneRules? = { $0 == "UTC" ? .utc : nil }
  ) throws -> TriggerForecast? {
    var all = TriggerForecast.Counts(throughAlias: throughAlias)
    for trigger in triggers {
      guard case .series(let series) = TriggerPace(trigger.trigger, in: scope),
        let count = counts[trigger.trigger.name]
      else { continue }
      all.series[series] = count
    }
    return TriggerForecast(
      function: "orders", scope: scope, triggers: triggers, plan: try StepPlan(parsing: steps),
      begin: try #require(Timestamp(iso8601: "2027-01-10T16:30:00Z")), counts: all, zone: zone)
  }

  @Test("a schedule is known by the clock, and the one other trigger has what is left of the alias's calls")
  func scheduleAndQueue() throws {
    let forecast = try #require(
      try Self.forecast([Self.nightly, Self.jobs], "10%:20m", throughAlias: 216_001))
    #expect(
      forecast.sentence
        == "orders power  10% for 20m: about 300 of 3 000 invocations; jobs: about 300 batches; "
        + "nightly: 0, next in 9h")
    #expect(forecast.lines.map(\.name) == ["jobs", "nightly"])
  }

  @Test("where several have no count of their own the rest is nobody's, and messages bound the batches")
  func several() throws {
    let forecast = try #require(
      try Self.forecast(
        [Self.api, Self.jobs, Self.url], throughAlias: 144_000, ["jobs": 28_800, "url": 1_440]))
    #expect(
      forecast.sentence
        == "orders power  10% for 10m: about 100 of 1 000 invocations; api: no data; jobs: 2 to 20 batches; url: about 1"
    )
  }

  @Test("what filters let through is no more than what was published")
  func filtered() throws {
    #expect(
      try Self.forecast([Self.api, Self.news], throughAlias: 144_000, ["news": 14_400])?.sentence
        .hasSuffix("; api: no data; news: up to 10") == true)
  }

  @Test(
    "of less than one call in all the canary is told no part",
    arguments: [(20.0, "less than 1 invocation"), (0, "0 invocations")])
  func few(_ calls: Double, _ words: String) throws {
    let forecast = try #require(try Self.forecast([Self.api], throughAlias: calls))
    #expect(forecast.sentence.hasPrefix("orders power  10% for 10m: \(words) in all; api: "))
  }

  @Test("a rate is told by the steps, each with its weight")
  func steps() throws {
    let forecast = try #require(try Self.forecast([Self.sweep], "10%:10m,pause,50%:20m"))
    #expect(
      forecast.sentence
        == "orders power  10% for 10m, 50% for 20m: no calls of the alias were counted in the last 24h; "
        + "sweep: about 11 of 30")
    #expect(forecast.lines[0].sight == .scheduled(11, of: 30, next: nil))
  }

  @Test("what is to be made calls after the bake, what is off does not, and no data is no zero")
  func none() throws {
    let forecast = try #require(
      try Self.forecast([
        Self.bound("late", .rule, ["EventPattern": [:]], false),
        Self.bound("off", .rule, ["EventPattern": [:], "State": "DISABLED"]), Self.jobs,
        Self.bound(
          "far", .schedule,
          ["ScheduleExpression": "rate(1 day)", "ScheduleExpressionTimezone": "Mars/Olympus"]),
      ]))
    #expect(
      forecast.sentence
        == "orders power  10% for 10m: no calls of the alias were counted in the last 24h; "
        + "far: no data: the time zone Mars/Olympus is not known here; jobs: no data; late: bound after the bake; off: off"
    )
  }

  @Test("there is nothing to say where all traffic moves at once, or without triggers")
  func nothing() throws {
    #expect(try Self.forecast([Self.nightly], "100%") == nil)
    #expect(try Self.forecast([], throughAlias: 9) == nil)
  }
}
