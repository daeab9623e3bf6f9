import Core
import Sandbox
import TestSupport
import Testing

@Suite("Rules of event buses")
struct RuleTests {
  private static func entry(_ bus: String, _ type: String, _ detail: String = #"{"id":7}"#) -> JSON {
    [
      "EventBusName": .string(bus), "Source": "shop", "DetailType": .string(type), "Detail": .string(detail),
    ]
  }

  @Test("an event goes to the queues of the rules that it fits, changed as each target asks")
  func publish() async throws {
    try await Rehearsal.run { rehearsal in
      let url = rehearsal.queue("paid")
      #expect(rehearsal.events("CreateEventBus", ["Name": "shop"]).status == 200)
      let rule: JSON = [
        "Name": "paid", "EventBusName": "shop", "EventPattern": #"{"detail-type":["Paid"]}"#,
        "Tags": [["Key": "lamctl", "Value": "x"]],
      ]
      let made = rehearsal.events("PutRule", rule)
      #expect(made.json["RuleArn"] == "arn:aws:events:us-east-1:000000000000:rule/shop/paid")
      let targets: JSON = [
        ["Id": "whole", "Arn": .string(rehearsal.queueARN("paid"))],
        ["Id": "part", "Arn": .string(rehearsal.queueARN("paid")), "InputPath": "$.detail"],
      ]
      #expect(
        rehearsal.events("PutTargets", ["Rule": "paid", "EventBusName": "shop", "Targets": targets])
          .json["FailedEntryCount"] == 0)
      let answer = rehearsal.events(
        "PutEvents",
        [
          "Entries": [
            Self.entry("shop", "Paid"), Self.entry("shop", "Open"), Self.entry("default", "Paid"),
            Self.entry("shop", "Paid", "no"),
          ]
        ])
      #expect(answer.json["FailedEntryCount"] == 1)
      #expect(
        answer.json["Entries"]?.array?.map { $0["ErrorCode"]?.string } == [nil, nil, nil, "MalformedDetail"])
      let bodies = rehearsal.receive(url).compactMap { $0["Body"]?.string }.compactMap {
        try? JSON(parsing: $0)
      }
      #expect(bodies.count == 2)
      #expect(bodies.contains(["id": 7]))
      #expect(
        bodies.contains { $0["detail-type"] == "Paid" && $0["source"] == "shop" && $0["detail"] == ["id": 7] }
      )
      #expect(
        rehearsal.events("ListTagsForResource", ["ResourceARN": made.json["RuleArn"] ?? .null]).json["Tags"]
          == [["Key": "lamctl", "Value": "x"]])
    }
  }

  @Test("a rule with a timetable makes an event each time, by the sandbox's clock")
  func timetable() async throws {
    try await Rehearsal.run { rehearsal in
      let url = rehearsal.queue("ticks")
      #expect(
        rehearsal.events("PutRule", ["Name": "tick", "ScheduleExpression": "rate(1 minute)"]).status == 200)
      let targets: JSON = [["Id": "q", "Arn": .string(rehearsal.queueARN("ticks"))]]
      _ = rehearsal.events("PutTargets", ["Rule": "tick", "Targets": targets])
      // By the message's id: what nobody deletes is received again.
      var ticks: [String: JSON] = [:]
      let came = await eventually {
        for message in rehearsal.receive(url) { ticks[message["MessageId"]?.string ?? ""] = message }
        return ticks.count >= 3
      }
      #expect(came)
      let times = ticks.values.compactMap { $0["Body"]?.string }.compactMap {
        try? JSON(parsing: $0)["time"]?.string
      }
      #expect(Set(times).count == times.count)
      #expect(rehearsal.events("DisableRule", ["Name": "tick"]).status == 200)
    }
  }

  @Test("a target that is not there loses its events to the dead letter queue, if it has one")
  func deadLetter() async throws {
    try await Rehearsal.run { rehearsal in
      let dead = rehearsal.queue("dead")
      _ = rehearsal.events("PutRule", ["Name": "all", "EventPattern": #"{"source":["shop"]}"#])
      let targets: JSON = [
        [
          "Id": "a", "Arn": .string(rehearsal.queueARN("gone")),
          "DeadLetterConfig": ["Arn": .string(rehearsal.queueARN("dead"))],
        ], ["Id": "b", "Arn": .string(rehearsal.queueARN("gone"))],
      ]
      _ = rehearsal.events("PutTargets", ["Rule": "all", "Targets": targets])
      #expect(
        rehearsal.events("PutEvents", ["Entries": [Self.entry("default", "Paid")]]).json["FailedEntryCount"]
          == 0)
      #expect(await eventually { rehearsal.counts(dead) == ["1", "0"] })
    }
  }

  @Test("rules are replaced as a whole, kept with targets, and there when a sandbox starts again")
  func rules() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder)
    let pattern = #"{"source":["a"]}"#
    _ = first.events("PutRule", ["Name": "r", "EventPattern": .string(pattern), "Description": "d"])
    _ = first.events("PutRule", ["Name": "r", "EventPattern": .string(pattern), "State": "DISABLED"])
    let target: JSON = ["Id": "alias", "Arn": "arn:aws:lambda:us-east-1:000000000000:function:f:live"]
    _ = first.events("PutTargets", ["Rule": "r", "Targets": [target]])
    #expect(first.events("DeleteRule", ["Name": "r"]).code == "ValidationException")
    #expect(
      first.events("PutRule", ["Name": "s", "EventPattern": "{}"]).code == "InvalidEventPatternException")
    #expect(
      first.events("PutTargets", ["Rule": "none", "Targets": [target]]).code == "ResourceNotFoundException")
    await first.server.stop()
    let second = try Rehearsal(folder: folder)
    let rule = second.events("DescribeRule", ["Name": "r"]).json
    #expect(rule["State"] == "DISABLED" && rule["Description"] == nil)
    #expect(second.events("ListTargetsByRule", ["Rule": "r"]).json["Targets"] == [target])
    #expect(
      second.events("ListRuleNamesByTarget", ["TargetArn": target["Arn"] ?? .null]).json["RuleNames"] == ["r"]
    )
    #expect(
      second.events("RemoveTargets", ["Rule": "r", "Ids": ["alias", "x"]]).json["FailedEntryCount"] == 0)
    #expect(second.events("DeleteRule", ["Name": "r"]).status == 200)
    #expect(second.events("DescribeRule", ["Name": "r"]).code == "ResourceNotFoundException")
    await second.server.stop()
  }
}

/// What rules and schedules send to functions.
@Suite("Events for functions")
struct FunctionEventTests {
  @Test("a rule reaches an alias once its policy lets it, and not before")
  func policy() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "1", weights: ["2": .double(0.5)]).status == 201)
      let rule = rehearsal.events("PutRule", ["Name": "paid", "EventPattern": #"{"source":["shop"]}"#])
      let alias = "arn:aws:lambda:us-east-1:000000000000:function:f:live"
      _ = rehearsal.events(
        "PutTargets", ["Rule": "paid", "Targets": [["Id": "alias", "Arn": .string(alias)]]])
      let entry: JSON = ["Source": "shop", "DetailType": "Paid", "Detail": "{}"]
      func publish() {
        _ = rehearsal.events("PutEvents", ["Entries": .array(Array(repeating: entry, count: 10))])
      }
      func invocations() -> Double {
        rehearsal.sum("Invocations", [("FunctionName", "f"), ("Resource", "f:live")]) ?? 0
      }
      publish()
      #expect(invocations() == 0)
      let statement: JSON = [
        "StatementId": "events", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
        "SourceArn": rule.json["RuleArn"] ?? .null,
      ]
      #expect(
        rehearsal.client.send("POST", rehearsal.path("/f/policy"), statement, query: "Qualifier=live").status
          == 201)
      publish()
      #expect(await eventually { invocations() == 10 })
    }
  }

  @Test("a schedule reaches an alias with nothing but its role")
  func schedule() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "1").status == 201)
      let body: JSON = [
        "ScheduleExpression": "rate(1 minute)", "FlexibleTimeWindow": ["Mode": "OFF"],
        "Target": [
          "Arn": "arn:aws:lambda:us-east-1:000000000000:function:f:live",
          "RoleArn": "arn:aws:iam::000000000000:role/r", "Input": "{}",
        ],
      ]
      #expect(rehearsal.send("POST", schedule: "tick", body).status == 200)
      #expect(
        await eventually {
          rehearsal.sum("Invocations", [("FunctionName", "f"), ("Resource", "f:live")]) ?? 0 >= 2
        })
      #expect(rehearsal.send("DELETE", schedule: "tick").status == 200)
    }
  }
}

@Suite("Topics")
struct TopicTests {
  @Test("a message reaches an alias that lets the topic in, and only if its filter wants it")
  func publish() async throws {
    try await Rehearsal.run { rehearsal in
      func sns(_ form: String) -> SandboxClient.Answer {
        rehearsal.client.send(
          "POST", "/", body: Array(form.utf8),
          headers: ["content-type": "application/x-www-form-urlencoded"], service: "sns")
      }
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "1").status == 201)
      #expect(sns("Action=CreateTopic&Name=paid").status == 200)
      let topic = "arn:aws:sns:us-east-1:000000000000:paid"
      let alias = "arn:aws:lambda:us-east-1:000000000000:function:f:live"
      let filter =
        "Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value=%7B%22kind%22%3A%5B%22a%22%5D%7D"
      #expect(
        sns("Action=Subscribe&TopicArn=\(topic)&Protocol=lambda&Endpoint=\(alias)&\(filter)").status == 200)
      let statement: JSON = [
        "StatementId": "sns", "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com",
        "SourceArn": .string(topic),
      ]
      _ = rehearsal.client.send("POST", rehearsal.path("/f/policy"), statement, query: "Qualifier=live")
      for kind in ["a", "b"] {
        let attribute =
          "MessageAttributes.entry.1.Name=kind&MessageAttributes.entry.1.Value.DataType=String"
          + "&MessageAttributes.entry.1.Value.StringValue=\(kind)"
        #expect(sns("Action=Publish&TopicArn=\(topic)&Message=m&\(attribute)").status == 200)
      }
      #expect(
        await eventually {
          rehearsal.sum("Invocations", [("FunctionName", "f"), ("Resource", "f:live")]) == 1
        })
      #expect(sns("Action=GetTopicAttributes&TopicArn=\(topic)x").status == 404)
    }
  }
}
