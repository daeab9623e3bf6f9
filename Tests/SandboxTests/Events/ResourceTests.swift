import Core
import Sandbox
import TestSupport
import Testing

@Suite("What a sandbox has from its start")
struct ResourceTests {
  private static let resources = SandboxResources(
    queues: [
      .init(name: "jobs", visibilityTimeout: 60, deadLetterQueue: "dead", maxReceiveCount: 3),
      .init(name: "dead"),
    ],
    topics: ["news"], buses: ["shop"],
    rules: [.init(name: "paid", bus: "shop", eventPattern: #"{"detail-type":["Paid"]}"#, queue: "jobs")])

  private static func ask(_ rehearsal: Rehearsal, _ operation: String, _ input: JSON) -> JSON {
    rehearsal.client.call("AmazonSQS.\(operation)", input, service: "sqs").json
  }

  private static func attributes(_ rehearsal: Rehearsal, _ queue: String) throws -> JSON? {
    let url = try #require(ask(rehearsal, "GetQueueUrl", ["QueueName": .string(queue)])["QueueUrl"])
    return ask(rehearsal, "GetQueueAttributes", ["QueueUrl": url, "AttributeNames": ["All"]])["Attributes"]
  }

  @Test("queues, topics, buses and rules are there, and an event comes into the queue of its rule")
  func furnished() async throws {
    try await Rehearsal.run(resources: Self.resources) { rehearsal in
      let jobs = try Self.attributes(rehearsal, "jobs")
      #expect(jobs?["VisibilityTimeout"] == "60")
      let policy = try JSON(parsing: jobs?["RedrivePolicy"]?.string ?? "")
      #expect(policy["deadLetterTargetArn"] == "arn:aws:sqs:us-east-1:000000000000:dead")
      #expect(policy["maxReceiveCount"] == 3)
      let entry: JSON = ["EventBusName": "shop", "Source": "a", "DetailType": "Paid", "Detail": "{}"]
      #expect(rehearsal.events("PutEvents", ["Entries": [entry]]).json["FailedEntryCount"] == 0)
      let isThere = await eventually {
        (try? Self.attributes(rehearsal, "jobs"))??["ApproximateNumberOfMessages"] == "1"
      }
      #expect(isThere)
    }
  }

  @Test("what is there already stays as it is at the next start")
  func again() async throws {
    let first = try Rehearsal(resources: Self.resources)
    let url = try #require(Self.ask(first, "GetQueueUrl", ["QueueName": "jobs"])["QueueUrl"])
    let other: JSON = ["QueueUrl": url, "Attributes": ["VisibilityTimeout": "90"]]
    _ = Self.ask(first, "SetQueueAttributes", other)
    await first.server.stop()
    let second = try Rehearsal(folder: first.folder, resources: Self.resources)
    #expect(try Self.attributes(second, "jobs")?["VisibilityTimeout"] == "90")
    await second.server.stop()
  }

  @Test("what cannot be made is named, and nothing serves")
  func refused() throws {
    let error = #expect(throws: SandboxError.self) {
      _ = try Rehearsal(resources: SandboxResources(queues: [.init(name: "no name")]))
    }
    #expect(error?.description.contains("alphanumeric") == true)
  }
}
