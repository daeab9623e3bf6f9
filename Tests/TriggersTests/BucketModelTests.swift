import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("A bucket that somebody else writes blindly")
struct BucketModelTests {
  private static let trigger = Trigger(
    name: "t", kind: .s3, settings: JSONObject([("bucket", "in"), ("events", ["s3:ObjectCreated:*"])]))

  private static let queue =
    "<QueueConfiguration>\n  <Id>theirs</Id><Queue>arn:aws:sqs:eu-west-1:1:q</Queue>"
    + "<Event>s3:ObjectRemoved:*</Event><New>&#x41;</New></QueueConfiguration>"

  private static func document(_ elements: String) -> String {
    #"<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\#(elements)</NotificationConfiguration>"#
  }

  @Test("what others have stays byte for byte beside ours, unknown elements too")
  func foreign() async throws {
    let world = World()
    world.change { $0.buckets["in"] = Self.document(Self.queue + "\n<EventBridgeConfiguration/>") }
    #expect(try await EdgeModelTests.deploy(world, [Self.trigger]).errors == [])
    let text = world.contents.buckets["in"] ?? ""
    #expect(text.contains(Self.queue + "<EventBridgeConfiguration/>"))
    #expect(text.contains("<Id>lamctl-shop-orders-prod-t</Id>"))
    try await EdgeModelTests.deploy(world, [])
    #expect(world.contents.buckets["in"] == Self.document(Self.queue + "<EventBridgeConfiguration/>"))
  }

  @Test("wherever in our protocol somebody adds an entry, it is not lost by us, and ours is there in the end")
  func interleavings() async throws {
    let count = try await {
      let world = World()
      try await EdgeModelTests.deploy(world, [Self.trigger])
      return world.calls.count
    }()
    for index in 0..<count {
      let world = World()
      world.state.withLock { run in
        run.before[index] = { contents in
          let text = contents.buckets["in"] ?? Self.document("")
          contents.buckets["in"] = text.replacing(
            "</NotificationConfiguration>", with: Self.queue + "</NotificationConfiguration>")
        }
      }
      let isBetweenReadAndWrite = { (calls: [String]) in
        calls.indices.contains(index) && calls[index].hasPrefix("Put")
      }
      let result = try await EdgeModelTests.deploy(world, [Self.trigger])
      let text = world.contents.buckets["in"] ?? ""
      #expect(result.errors == [] && text.contains("<Id>lamctl-"), "call \(index)")
      // Between the last look and the PUT nobody can see it: S3 has no precondition.
      if !isBetweenReadAndWrite(world.calls) { #expect(text.contains(Self.queue), "call \(index)") }
    }
  }

  @Test("wherever somebody writes an old copy over ours, it is put back, and told")
  func overwritten() async throws {
    let count = try await {
      let world = World()
      try await EdgeModelTests.deploy(world, [Self.trigger])
      return world.calls.count
    }()
    for index in 0..<count {
      let world = World()
      world.state.withLock { $0.before[index] = { $0.buckets["in"] = Self.document(Self.queue) } }
      let result = try await EdgeModelTests.deploy(world, [Self.trigger])
      let text = world.contents.buckets["in"] ?? ""
      // After our last look it is theirs to answer for, and the next deploy finds it.
      let isAfterAll = world.calls.count <= index || world.calls[index] == "TagResource"
      #expect(result.errors == [] && (text.contains("<Id>lamctl-") || isAfterAll), "call \(index)")
      if !text.contains(Self.queue) { #expect(world.calls[index].hasPrefix("Put"), "call \(index)") }
    }
  }

  @Test("an entry of others that takes the same objects is an error with its id, and nothing is written")
  func overlap() async throws {
    let world = World()
    let other =
      "<CloudFunctionConfiguration><Id>x</Id><CloudFunction>arn:f</CloudFunction>"
      + "<Event>s3:ObjectCreated:Put</Event></CloudFunctionConfiguration>"
    world.change { $0.buckets["in"] = Self.document(other) }
    let error = await #expect(throws: EdgeError.self) {
      try await EdgeModelTests.deploy(world, [Self.trigger])
    }
    #expect(error?.description.contains("the entry x of the bucket in, to arn:f") == true)
    #expect(world.contents.buckets["in"] == Self.document(other) && world.contents.statements.isEmpty)
  }

  @Test(
    "what is no document is refused",
    arguments: [
      "", "<a/>", "<NotificationConfiguration>", "<NotificationConfiguration><A></NotificationConfiguration>",
    ])
  func broken(text: String) {
    #expect(throws: NotificationDocument.Fault.self) { try NotificationDocument(parsing: Array(text.utf8)) }
  }
}
