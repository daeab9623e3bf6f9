import Core
import Sandbox
import TestSupport
import Testing

@Suite("Mappings of queues")
struct MappingTests {
  /// Answers with what batch it got, and fails on bodies that say so.
  private static let handler = """
    def handler(event, context):
        bodies = [r["body"] for r in event["Records"]]
        if "raise" in bodies: raise ValueError("boom")
        return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] == "bad"]}
    """

  @Test("batches reach both versions of a weighted alias, nothing is lost, and the queue is empty in the end")
  func weights() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      #expect(rehearsal.alias("f", version: "1", weights: ["2": .double(0.5)]).status == 201)
      let url = rehearsal.queue("jobs", ["VisibilityTimeout": "900"])
      #expect(await rehearsal.map("jobs", to: "f:live", JSONObject([("BatchSize", 1)])) != nil)
      for index in 0..<40 { #expect(rehearsal.send(url, "\(index)").status == 200) }
      #expect(await eventually { rehearsal.counts(url) == ["0", "0"] })
      func ran(_ version: String) -> Double {
        rehearsal.sum(
          "Invocations", [("FunctionName", "f"), ("Resource", "f:live"), ("ExecutedVersion", version)]) ?? 0
      }
      #expect(ran("1") + ran("2") == 40)
      #expect(ran("1") > 5 && ran("2") > 5)
    }
  }

  @Test("of a batch that reports failures only those come again, and end in the dead letter queue")
  func partialFailures() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.handler)))
      let dead = rehearsal.queue("dead")
      let policy = #"{"deadLetterTargetArn":"\#(rehearsal.queueARN("dead"))","maxReceiveCount":2}"#
      let url = rehearsal.queue("jobs", ["VisibilityTimeout": "30", "RedrivePolicy": .string(policy)])
      let more = JSONObject([
        ("FunctionResponseTypes", ["ReportBatchItemFailures"])
      ])
      #expect(await rehearsal.map("jobs", to: "f", more) != nil)
      #expect(rehearsal.send(url, all: ["good", "bad", "fine"]).status == 200)
      #expect(await eventually { rehearsal.counts(dead) == ["1", "0"] })
      #expect(rehearsal.counts(url) == ["0", "0"])
      #expect(rehearsal.receive(dead).map { $0["Body"] } == ["bad"])
      #expect(rehearsal.sum("Errors", [("FunctionName", "f")]) ?? 0 == 0)
      #expect(rehearsal.sum("Invocations", [("FunctionName", "f")]) == 2)
    }
  }

  @Test("a mapping of a cluster that is not AWS's is kept and shown, once; what is emptied in it goes")
  func kept() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.installTwoVersions("f"))
      let cluster: JSON = ["Endpoints": ["KAFKA_BOOTSTRAP_SERVERS": ["a.example:9092"]]]
      let body: JSON = [
        "FunctionName": "f", "SelfManagedEventSource": cluster, "Topics": ["t"], "StartingPosition": "LATEST",
        "LoggingConfig": ["SystemLogLevel": "INFO"], "ProvisionedPollerConfig": ["MinimumPollers": 1],
        "MetricsConfig": ["Metrics": ["EventCount"]], "KMSKeyArn": "arn:aws:kms:us-east-1:000000000000:key/k",
      ]
      let path = "/2015-03-31/event-source-mappings"
      let made = rehearsal.client.send("POST", path, body)
      #expect(made.status == 202, "\(made.json.text())")
      #expect(rehearsal.client.send("POST", path, body).status == 409)
      let uuid = try #require(made.json["UUID"]?.string)
      #expect(await rehearsal.isState(uuid, "Enabled"))
      let shown = rehearsal.mapping(uuid).json
      #expect(shown["SelfManagedEventSource"] == cluster)
      #expect(shown["LoggingConfig"]?["SystemLogLevel"] == "INFO")
      let changes: JSON = [
        "ProvisionedPollerConfig": [:], "MetricsConfig": ["Metrics": []], "KMSKeyArn": "",
      ]
      #expect(rehearsal.client.send("PUT", "\(path)/\(uuid)", changes).status == 202)
      let changed = rehearsal.mapping(uuid).json
      for name in ["ProvisionedPollerConfig", "MetricsConfig", "KMSKeyArn"] { #expect(changed[name] == nil) }
      #expect(changed["LoggingConfig"]?["SystemLogLevel"] == "INFO")
      let neither: JSON = ["FunctionName": "f"]
      #expect(rehearsal.client.send("POST", path, neither).status == 400)
    }
  }

  @Test("a batch that fails comes back as a whole")
  func failure() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.handler)))
      let dead = rehearsal.queue("dead")
      let policy = #"{"deadLetterTargetArn":"\#(rehearsal.queueARN("dead"))","maxReceiveCount":1}"#
      let url = rehearsal.queue("jobs", ["RedrivePolicy": .string(policy)])
      #expect(
        await rehearsal.map("jobs", to: "f") != nil)
      #expect(rehearsal.send(url, all: ["good", "raise"]).status == 200)
      #expect(await eventually { rehearsal.counts(dead) == ["2", "0"] })
      #expect(rehearsal.counts(url) == ["0", "0"])
      #expect(rehearsal.sum("Errors", [("FunctionName", "f")]) == 1)
    }
  }

  @Test("messages that no filter lets through are gone, and never seen by the function")
  func filters() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.handler)))
      let url = rehearsal.queue("jobs")
      let filter: JSON = ["Filters": [["Pattern": #"{"body":{"kind":["paid"]}}"#]]]
      #expect(
        await rehearsal.map("jobs", to: "f", JSONObject([("FilterCriteria", filter), ("BatchSize", 1)]))
          != nil)
      for body in [#"{"kind":"paid"}"#, #"{"kind":"open"}"#, "text"] { _ = rehearsal.send(url, body) }
      #expect(await eventually { rehearsal.counts(url) == ["0", "0"] })
      #expect(rehearsal.sum("Invocations", [("FunctionName", "f")]) == 1)
    }
  }

  @Test("a mapping takes its time to change, is in use meanwhile, and its twin names it")
  func states() async throws {
    try await Rehearsal.run(speed: 5) { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.handler), timeout: 20))
      let url = rehearsal.queue("jobs")
      let body: JSON = [
        "FunctionName": "f", "EventSourceArn": .string(rehearsal.queueARN("jobs")), "Tags": ["lamctl": "a"],
      ]
      let path = "/2015-03-31/event-source-mappings"
      let made = rehearsal.client.send("POST", path, body)
      let uuid = try #require(made.json["UUID"]?.string)
      let busy = rehearsal.client.send("PUT", "\(path)/\(uuid)", ["BatchSize": 2])
      #expect(busy.status == 400 && busy.code == "ResourceInUseException")
      let twin = rehearsal.client.send("POST", path, body)
      #expect(twin.status == 409 && twin.message.contains(uuid))
      #expect(await rehearsal.isState(uuid, "Enabled"))
      let arn = made.json["EventSourceMappingArn"]?.string ?? ""
      #expect(rehearsal.client.send("GET", "/2017-03-31/tags/\(arn)").json["Tags"] == ["lamctl": "a"])
      #expect(
        rehearsal.client.send("PUT", "\(path)/\(uuid)", ["Enabled": false]).json["State"] == "Disabling")
      #expect(await rehearsal.isState(uuid, "Disabled"))
      _ = rehearsal.send(url, "waits")
      #expect(rehearsal.client.send("DELETE", "\(path)/\(uuid)").json["State"] == "Deleting")
      #expect(await eventually { rehearsal.mapping(uuid).status == 404 })
      #expect(rehearsal.counts(url) == ["1", "0"])
    }
  }

  @Test(
    "a queue that is not there, one that is too impatient, and a stream without a place to begin are refused")
  func refused() async throws {
    try await Rehearsal.run { rehearsal in
      #expect(await rehearsal.install("f", code: Package.python(Self.handler), timeout: 60))
      _ = rehearsal.queue("jobs", ["VisibilityTimeout": "30"])
      for (more, words) in [
        (["EventSourceArn": .string(rehearsal.queueARN("none"))], "NonExistentQueue"),
        ([:], "less than Function timeout: 60 seconds"), (["BatchSize": 100], "Maximum batch window"),
        (["FilterCriteria": ["Filters": [["Pattern": "{"]]]], "Invalid filter pattern"),
        (["FunctionResponseTypes": ["Other"]], "enum value set"),
        (["EventSourceArn": "jobs"], "Value 'jobs' at 'eventSourceArn' failed to satisfy constraint"),
        (
          ["EventSourceArn": "arn:aws:kinesis:eu-west-1:000000000000:stream/s"],
          "StartingPosition is required for Kinesis and DynamoDB"
        ),
      ] as [(JSON, String)] {
        let body = JSONObject([
          ("FunctionName", "f"), ("EventSourceArn", .string(rehearsal.queueARN("jobs"))),
        ]).merging(more.object ?? JSONObject())
        let answer = rehearsal.client.send("POST", "/2015-03-31/event-source-mappings", .object(body))
        #expect(answer.status == 400 && answer.message.contains(words), "\(answer.message)")
      }
    }
  }
}
