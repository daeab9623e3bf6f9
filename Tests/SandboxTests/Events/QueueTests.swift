import Core
import Sandbox
import TestSupport
import Testing

/// Shorthands for queues and rules.
extension Rehearsal {
  func sqs(_ operation: String, _ body: JSON) -> SandboxClient.Answer {
    client.call("AmazonSQS.\(operation)", body, service: "sqs")
  }

  func events(_ operation: String, _ body: JSON) -> SandboxClient.Answer {
    client.call("AWSEvents.\(operation)", body, service: "events")
  }

  func queueARN(_ name: String) -> String { "arn:aws:sqs:us-east-1:000000000000:\(name)" }

  /// Makes a queue and gives its URL.
  func queue(_ name: String, _ attributes: JSON = [:]) -> String {
    sqs("CreateQueue", ["QueueName": .string(name), "Attributes": attributes]).json["QueueUrl"]?.string ?? ""
  }

  func send(_ url: String, _ body: String) -> SandboxClient.Answer {
    sqs("SendMessage", ["QueueUrl": .string(url), "MessageBody": .string(body)])
  }

  /// Sends messages as one step.
  func send(_ url: String, all bodies: [String]) -> SandboxClient.Answer {
    let entries = bodies.enumerated().map { index, body -> JSON in
      ["Id": .string(String(index)), "MessageBody": .string(body)]
    }
    return sqs("SendMessageBatch", ["QueueUrl": .string(url), "Entries": .array(entries)])
  }

  func receive(_ url: String, _ more: JSONObject = JSONObject()) -> [JSON] {
    let body = JSONObject([("QueueUrl", .string(url)), ("MaxNumberOfMessages", 10)]).merging(more)
    return sqs("ReceiveMessage", .object(body)).json["Messages"]?.array ?? []
  }

  /// How many messages of a queue can be received, and how many somebody has.
  func counts(_ url: String) -> [String?] {
    let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    let answer = sqs(
      "GetQueueAttributes", ["QueueUrl": .string(url), "AttributeNames": .array(names.map(JSON.string))])
    return names.map { answer.json["Attributes"]?[$0]?.string }
  }

  /// Maps a queue to a function and waits until it is read.
  func map(_ queue: String, to function: String, _ more: JSONObject = JSONObject()) async -> String? {
    let body = JSONObject([
      ("FunctionName", .string(function)), ("EventSourceArn", .string(queueARN(queue))),
    ]).merging(more)
    let made = client.send("POST", "/2015-03-31/event-source-mappings", .object(body))
    guard made.status == 202, made.json["State"] == "Creating", let uuid = made.json["UUID"]?.string else {
      return nil
    }
    return await isState(uuid, "Enabled") ? uuid : nil
  }

  func mapping(_ uuid: String) -> SandboxClient.Answer {
    client.send("GET", "/2015-03-31/event-source-mappings/\(uuid)")
  }

  func isState(_ uuid: String, _ state: String) async -> Bool {
    await eventually { self.mapping(uuid).json["State"]?.string == state }
  }
}

@Suite("Queues")
struct QueueTests {
  @Test("a message is hidden from others while somebody has it, comes back, and goes when it is deleted")
  func visibility() async throws {
    try await Rehearsal.run(speed: 1) { rehearsal in
      let url = rehearsal.queue("jobs")
      let sent = rehearsal.send(url, "hello")
      #expect(sent.json["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592")
      let first = try #require(rehearsal.receive(url, JSONObject([("AttributeNames", ["All"])])).first)
      #expect(first["Body"] == "hello" && first["MessageId"] == sent.json["MessageId"])
      #expect(first["Attributes"]?["ApproximateReceiveCount"] == "1")
      #expect(rehearsal.receive(url).isEmpty)
      #expect(rehearsal.counts(url) == ["0", "1"])
      let held = rehearsal.sqs(
        "ChangeMessageVisibility",
        [
          "QueueUrl": .string(url), "ReceiptHandle": first["ReceiptHandle"] ?? .null,
          "VisibilityTimeout": 0,
        ])
      #expect(held.status == 200)
      let second = rehearsal.receive(url, JSONObject([("AttributeNames", ["All"])])).first
      #expect(second?["Attributes"]?["ApproximateReceiveCount"] == "2")
      let handle = second?["ReceiptHandle"] ?? .null
      #expect(
        rehearsal.sqs("DeleteMessage", ["QueueUrl": .string(url), "ReceiptHandle": handle]).status == 200)
      #expect(rehearsal.counts(url) == ["0", "0"])
    }
  }

  @Test("a message that is received too often goes to the dead letter queue, with its id")
  func redrive() async throws {
    try await Rehearsal.run { rehearsal in
      let dead = rehearsal.queue("dead")
      let policy = #"{"deadLetterTargetArn":"\#(rehearsal.queueARN("dead"))","maxReceiveCount":"2"}"#
      let url = rehearsal.queue("jobs", ["VisibilityTimeout": "0", "RedrivePolicy": .string(policy)])
      let id = rehearsal.send(url, "bad").json["MessageId"]
      #expect(rehearsal.receive(url).count == 1)
      #expect(rehearsal.receive(url).count == 1)
      #expect(rehearsal.receive(url).isEmpty)
      #expect(rehearsal.receive(dead).map { $0["MessageId"] } == [id])
    }
  }

  @Test("delays, long polls and batches are those of SQS, and mistakes are told apart")
  func requests() async throws {
    try await Rehearsal.run { rehearsal in
      let url = rehearsal.queue("jobs")
      let entries: JSON = [
        ["Id": "a", "MessageBody": "1", "DelaySeconds": 900], ["Id": "b", "MessageBody": ""],
        ["Id": "c", "MessageBody": "3"],
      ]
      let sent = rehearsal.sqs("SendMessageBatch", ["QueueUrl": .string(url), "Entries": entries]).json
      #expect(sent["Successful"]?.array?.map { $0["Id"] } == ["a", "c"])
      #expect(sent["Failed"]?.array?.map { $0["Id"] } == ["b"])
      #expect(rehearsal.receive(url).map { $0["Body"] } == ["3"])
      #expect(
        await eventually {
          rehearsal.receive(url, JSONObject([("WaitTimeSeconds", 20)])).contains { $0["Body"] == "1" }
        })
      #expect(
        rehearsal.sqs("SendMessage", ["QueueUrl": "http://x/0/none", "MessageBody": "a"]).code
          == "QueueDoesNotExist")
      #expect(rehearsal.queue("jobs", ["VisibilityTimeout": "31"]) == "")
      #expect(rehearsal.sqs("CreateQueue", ["QueueName": "a.fifo"]).code == "UnsupportedOperation")
      #expect(
        rehearsal.sqs("CreateQueue", ["QueueName": "b", "Attributes": ["DelaySeconds": "901"]]).code
          == "InvalidAttributeValue")
    }
  }

  @Test("queues and their messages are there when a sandbox starts again")
  func persistence() async throws {
    let folder = try TemporaryFolder()
    let first = try Rehearsal(folder: folder)
    let url = first.queue("jobs", ["DelaySeconds": "0"])
    _ = first.send(url, "kept")
    await first.server.stop()
    let second = try Rehearsal(folder: folder)
    #expect(second.receive(second.queue("jobs")).map { $0["Body"] } == ["kept"])
    await second.server.stop()
  }
}
