import Core
import TestSupport
import Testing

@testable import Packager

@Suite("Triggers as the files state them")
struct TriggerTests {
  /// A project of one function, or two, with these `function.json`.
  private static func functions(
    _ file: String, other: String? = nil, root: String = "{}"
  ) async throws -> [FunctionDefinition] {
    var files = [
      "lamctl.json": root, "fn/orders/handler.py": pythonHandler, "fn/orders/function.json": file,
    ]
    if let other {
      files["fn/stock/handler.py"] = pythonHandler
      files["fn/stock/function.json"] = other
    }
    return try await Repository(files).functions()
  }

  private static func triggers(_ file: String) async throws -> [TriggerDefinition]? {
    try await functions(file)[0].triggers
  }

  @Test("a function that says nothing of triggers owns none, and an empty object owns that there are none")
  func absence() async throws {
    #expect(try await Self.triggers("{}") == nil)
    #expect(try await Self.triggers(#"{"triggers": {}}"#) == [])
  }

  @Test("members have the API's names, and texts that are JSON are values")
  func members() async throws {
    let triggers = try await Self.triggers(
      #"""
      {"triggers": {"jobs": {"eventSource": {"eventSourceArn": "arn:aws:sqs:${region}:${account}:jobs",
         "batchSize": 10, "kmsKeyArn": "k", "scalingConfig": {"maximumConcurrency": 5},
         "sourceAccessConfigurations": [{"type": "BASIC_AUTH", "uri": "u"}]}},
        "bus": {"rule": {"eventPattern": "{\"source\": [\"shop\"]}"}}}}
      """#)
    #expect(triggers?.map(\.name) == ["bus", "jobs"])
    #expect(triggers?.first?.settings["EventPattern"] == ["source": ["shop"]])
    #expect(
      triggers?.last?.settings
        == JSONObject([
          ("EventSourceArn", "arn:aws:sqs:eu-west-1:123456789012:jobs"), ("BatchSize", 10),
          ("KMSKeyArn", "k"), ("ScalingConfig", ["MaximumConcurrency": 5]),
          ("SourceAccessConfigurations", [["Type": "BASIC_AUTH", "URI": "u"]]),
        ]))
  }

  @Test("an environment states a part of a trigger, adds one, and takes one out with null")
  func environments() async throws {
    let definitions = try await Self.functions(
      #"""
      {"triggers": {"jobs": {"eventSource": {"eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q", "batchSize": 10}},
                    "nightly": {"schedule": {"scheduleExpression": "rate(1 day)", "roleArn": "arn:aws:iam::123456789012:role/r"}}},
       "environments": {"prod": {"triggers": {"jobs": {"eventSource": {"batchSize": 100}}, "nightly": null,
                                              "news": {"sns": {"topicArn": "arn:aws:sns:eu-west-1:123456789012:t"}}}}}}
      """#, root: #"{"environments": {"prod": {}}}"#)
    let triggers = definitions[0].triggers
    #expect(triggers?.map(\.name) == ["jobs", "news"])
    #expect(
      triggers?.first?.settings
        == JSONObject([
          ("EventSourceArn", "arn:aws:sqs:eu-west-1:123456789012:q"), ("BatchSize", 100),
        ]))
  }

  @Test("defaults state what becomes of events, a function overrides it, and null is a statement too")
  func eventInvoke() async throws {
    let root = #"{"defaults": {"eventInvoke": {"maximumRetryAttempts": 0}}}"#
    #expect(
      try await Self.functions("{}", root: root)[0].eventInvoke
        == .settings(JSONObject([("MaximumRetryAttempts", 0)])))
    #expect(
      try await Self.functions(#"{"eventInvoke": null}"#, root: root)[0].eventInvoke
        == EventInvokeDefinition.none)
    #expect(try await Self.functions("{}")[0].eventInvoke == nil)
  }

  @Test(
    "what cannot be is refused with the trigger's name",
    arguments: [
      (
        #"{"jobs": {"eventSource": {"batchsize": 1}}}"#,
        #"triggers.jobs.eventSource.batchsize: unknown key; did you mean "batchSize"?"#
      ),
      (#"{"x": {"s3": {}, "sns": {}}}"#, #"triggers.x: "s3" and "sns": one kind per trigger"#),
      (#"{"x": {}}"#, "triggers.x: a kind is missing"),
      (#"{"x y": {"functionUrl": {"authType": "NONE"}}}"#, "triggers.x y: a name has 1 to 32 letters"),
      (#"{"x": {"s3": {"bucket": "b"}}}"#, #"triggers.x.s3: "events" is missing"#),
      (#"{"x": {"eventSource": {}}}"#, #""eventSourceArn" or "selfManagedEventSource" is missing"#),
      (
        #"{"x": {"grant": {"principal": "events.amazonaws.com"}}}"#,
        #"the service events.amazonaws.com needs "sourceArn""#
      ),
      (#"{"x": {"grant": {"principal": "*"}}}"#, #"the principal * needs "principalOrgID""#),
      (
        #"{"x": {"eventSource": {"eventSourceArn": "a", "destinationConfig": {"onSuccess": {}}}}}"#,
        "triggers.x.eventSource.destinationConfig.onSuccess: unknown key"
      ),
      (#"{"x": {"rule": {"eventPattern": "{"}}}"#, "triggers.x.rule.eventPattern: is not JSON"),
      (
        #"{"x": {"rule": {"eventPattern": {}, "input": {}, "inputPath": "$"}}}"#,
        #""input" and "inputPath": one of them"#
      ),
      (#"{"x": {"httpApi": {"api": "a", "routes": ["GET orders"]}}}"#, "'GET orders' is no route"),
      (
        #"{"x": {"s3": {"bucket": "b", "events": ["s3:ObjectCreated:Put"], "via": "eventbridge"}}}"#,
        "over EventBridge only"
      ),
      (
        #"{"x": {"eventSource": {"eventSourceArn": "jobs"}}}"#,
        "'jobs' is no ARN: write arn:aws:sqs:eu-west-1:123456789012:NAME"
      ),
      (
        #"{"x": {"eventSource": {"eventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/s"}}}"#,
        #"triggers.x.eventSource: "startingPosition" is missing: a stream is read from"#
      ),
      (
        #"{"x": {"eventSource": {"eventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q", "startingPosition": "AT_TIMESTAMP"}}}"#,
        #""AT_TIMESTAMP" needs "startingPositionTimestamp""#
      ),
      (
        #"{"x": {"sns": {"topicArn": "arn:aws:sqs:eu-west-1:123456789012:q"}}}"#,
        "'arn:aws:sqs:eu-west-1:123456789012:q' is no ARN of sns"
      ),
      (#"{"x": {"grant": {"principal": "cognito"}}}"#, "'cognito' is no principal: write a service such as"),
      (
        #"{"x": {"grant": {"principal": "iot.amazonaws.com", "sourceArn": "rule/all"}}}"#,
        "'rule/all' is no ARN"
      ),
      (#"{"x": {"rule": {"eventPattern": "shop"}}}"#, "triggers.x.rule.eventPattern: is not JSON"),
      (#"{"x": {"rule": {"eventPattern": []}}}"#, "triggers.x.rule.eventPattern: is no object"),
      (#"{"x": {"rule": {"eventPattern": {}}}}"#, "triggers.x.rule.eventPattern: is empty"),
      (
        #"{"x": {"rule": {"eventPattern": {"source": "x"}}}}"#,
        #"triggers.x.rule.eventPattern.source: must be a list of values, such as ["x"]"#
      ),
      (
        #"{"x": {"rule": {"eventPattern": {"detail": {"kind": []}}}}}"#,
        "triggers.x.rule.eventPattern.detail.kind: is empty"
      ),
      (
        #"{"x": {"rule": {"eventPattern": "{\"$or\": [{\"a\": 1}, {\"b\": [1]}]}"}}}"#,
        "triggers.x.rule.eventPattern.$or.a: must be a list of values, such as [1]"
      ),
      (
        #"{"a": {"functionUrl": {"authType": "NONE"}}, "b": {"functionUrl": {"authType": "NONE"}}}"#,
        "a and b: an alias has one functionUrl"
      ),
    ])
  func refused(triggers: String, reason: String) async throws {
    let text = await message { _ = try await Self.triggers(#"{"triggers": \#(triggers)}"#) }
    #expect(text.hasPrefix("fn/orders/function.json:1:") && text.contains(reason), "\(text)")
  }

  private static func schedule(_ expression: String) -> String {
    #"{"triggers": {"x": {"schedule": {"scheduleExpression": "\#(expression)", "roleArn": "arn:aws:iam::123456789012:role/r"}}}}"#
  }

  @Test(
    "what is no expression of a schedule is refused with what it would be",
    arguments: [
      ("0 2 * * *", "'0 2 * * *' is no schedule: write cron(0 2 * * ? *)"),
      ("0 2 * * MON", "write cron(0 2 ? * MON *)"),
      ("0 2 * * 1", "write at(2027-01-20T10:00:00), rate(5 minutes) or cron(0 2 * * ? *)"),
      ("daily", "write at(2027-01-20T10:00:00), rate(5 minutes) or cron(0 2 * * ? *)"),
      ("cron(0 2 * * *)", "has 5 fields, and cron has six"),
      ("cron(0 2 * * * *)", "one of day of the month and day of the week is ?"),
      ("rate(5 weeks)", "is no rate"), ("rate(0 minutes)", "is no rate"),
      ("at(tomorrow)", "is no moment: write at("),
    ])
  func schedules(expression: String, reason: String) async throws {
    let text = await message { _ = try await Self.triggers(Self.schedule(expression)) }
    #expect(text.hasPrefix("fn/orders/function.json:1:") && text.contains(reason), "\(text)")
  }

  @Test(
    "expressions and patterns that AWS takes are taken",
    arguments: [
      "cron(0 2 * * ? *)", "cron(*/10 8-18 ? * MON-FRI *)", "cron(0 10 L * ? *)", "cron(0 8 ? * 2#1 *)",
      "rate(1 minute)", "rate(12 hours)", "at(2030-01-20T10:00:00)", "cron(0 22-2 * * ? *)",
    ])
  func taken(expression: String) async throws {
    #expect(try await Self.triggers(Self.schedule(expression))?.count == 1)
    let pattern = #"{"source": [{"prefix": "a"}], "$or": [{"a": [1]}, {"b": [{"exists": false}]}]}"#
    #expect(
      try await Self.triggers(#"{"triggers": {"x": {"rule": {"eventPattern": \#(pattern)}}}}"#)?.count == 1)
    let news = #"{"topicArn": "arn:aws:sns:eu-west-1:${account}:t", "filterPolicy": {}}"#
    #expect(try await Self.triggers(#"{"triggers": {"x": {"sns": \#(news)}}}"#)?.count == 1)
  }

  @Test("tags that begin with lamctl: are refused, because lamctl keeps its own state there")
  func tags() async throws {
    let text = await message { _ = try await Self.triggers(#"{"tags": {"lamctl:x": "y"}}"#) }
    #expect(text.contains(#"tags: "lamctl:x": names that begin with lamctl: are lamctl's own"#))
  }

  private static func bucket(_ rest: String) -> String {
    #"{"s3": {"bucket": "shop-in", "events": ["s3:ObjectCreated:*"]\#(rest)}}"#
  }

  @Test(
    "two entries of a bucket overlap where an event, the prefixes and the suffixes do",
    arguments: [
      (#", "suffix": ".csv""#, "", "s3:ObjectCreated:* of *.csv in shop-in"),
      (#", "prefix": "a/""#, #", "prefix": "a/b/""#, "s3:ObjectCreated:* of a/b/* in shop-in"),
      (#", "prefix": "a/""#, #", "suffix": ".csv""#, "s3:ObjectCreated:* of a/*.csv in shop-in"),
      (#", "prefix": "a/""#, #", "prefix": "b/""#, nil),
      (#", "suffix": ".csv""#, #", "suffix": ".png""#, nil),
      (#", "via": "eventbridge""#, "", nil),
    ] as [(String, String, String?)])
  func overlap(first: String, second: String, shared: String?) async throws {
    let file = #"{"triggers": {"images": \#(Self.bucket(second)), "prices": \#(Self.bucket(first))}}"#
    let text = await message { _ = try await Self.triggers(file) }
    if let shared {
      #expect(text.hasSuffix("images and prices both take \(shared): narrow prefix or suffix"), "\(text)")
    } else {
      #expect(text == "no error")
    }
  }

  @Test("entries of two functions overlap too, and so do routes whose variables differ by name alone")
  func overlapOfFunctions() async throws {
    let route: (String) -> String = {
      #"{"triggers": {"api": {"httpApi": {"api": "shop", "routes": ["\#($0)"]}}}}"#
    }
    let text = await message {
      _ = try await Self.functions(route("GET /o/{id}"), other: route("GET /o/{order}"))
    }
    #expect(
      text.contains(
        "orders.api and stock.api both take GET /o/{order} of the API shop: a route has one target"))
    #expect(
      try await Self.functions(route("GET /o/{id}"), other: route("POST /o/{id}")).map(\.name)
        == ["orders", "stock"])
  }
}
