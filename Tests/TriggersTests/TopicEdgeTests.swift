import AWSClient
import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("Subscriptions of topics")
struct TopicEdgeTests {
  private static func trigger(_ settings: [(String, JSON)] = []) -> Trigger {
    Trigger(name: "t", kind: .sns, settings: JSONObject([("TopicArn", .string(World.topic))] + settings))
  }

  private static let nested: JSON = ["order": ["state": ["new"]]]
  private static let flat: JSON = ["state": ["new"]]

  @Test(
    "a subscription that the topic's owner has not confirmed fails the run and every next one, until it is confirmed"
  )
  func pending() async throws {
    let world = World()
    world.change { $0.guardedTopics = [World.topic] }
    for _ in 0..<2 {
      let result = try await EdgeModelTests.deploy(world, [Self.trigger()])
      #expect(result.errors.map(\.reason).allSatisfy { $0.contains("waits for the topic's owner") })
      #expect(result.errors.count == 1)
      #expect(world.contents.tags == [:])
    }
    #expect(world.contents.subscriptions.count == 1)
    world.change { contents in
      for arn in contents.attributes.keys { contents.attributes[arn]?["PendingConfirmation"] = "false" }
    }
    #expect(try await EdgeModelTests.deploy(world, [Self.trigger()]).errors == [])
    #expect(world.contents.tags.count == 1)
  }

  @Test("a subscription that was never confirmed is nothing to take away")
  func pendingGoes() async throws {
    let world = World()
    world.change { $0.guardedTopics = [World.topic] }
    _ = try await EdgeModelTests.deploy(world, [Self.trigger()])
    #expect(try await EdgeModelTests.deploy(world, []).errors == [])
    #expect(world.contents.statements == [:])
  }

  @Test("an adoption whose subscription is not confirmed leaves the bare function's, and goes on once it is")
  func pendingMove() async throws {
    let world = World.hanging()
    world.change { $0.guardedTopics = [World.topic] }
    let journals = MemoryJournals(world)
    let failures = try await world.adopt(journals)
    #expect(failures["orders"]?.reason.contains("waits for the topic's owner") == true)
    #expect(world.contents.subscriptions.contains { $0["Endpoint"]?.string == World.bare })
    world.change { contents in
      for arn in contents.attributes.keys { contents.attributes[arn]?["PendingConfirmation"] = nil }
    }
    #expect(try await world.adopt(journals) == [:])
    #expect(world.contents.subscriptions.map { $0["Endpoint"]?.string } == [World.scope.aliasARN])
  }

  @Test(
    "a filter changes with what it looks at, either way, and no message is lost meanwhile",
    arguments: [
      ([("FilterPolicy", nested), ("FilterPolicyScope", "MessageBody")], [("FilterPolicy", flat)]),
      ([("FilterPolicy", nested), ("FilterPolicyScope", "MessageBody")], []),
      ([("FilterPolicy", flat)], [("FilterPolicy", nested), ("FilterPolicyScope", "MessageBody")]),
      ([], [("FilterPolicy", nested), ("FilterPolicyScope", "MessageBody")]),
      ([("FilterPolicy", flat)], [("FilterPolicy", flat), ("FilterPolicyScope", "MessageBody")]),
      ([("FilterPolicyScope", "MessageBody")], [("FilterPolicy", flat)]),
    ] as [([(String, JSON)], [(String, JSON)])])
  func scope(_ first: [(String, JSON)], _ second: [(String, JSON)]) async throws {
    var index = 0
    while true {
      let world = World()
      for settings in [first, second] {
        if settings.elementsEqual(second, by: { $0 == $1 }) { world.restart(mishaps: [index: .death]) }
        _ = try? await EdgeModelTests.deploy(world, [Self.trigger(settings)])
      }
      let wasReached = world.calls.count > index
      world.restart()
      #expect(try await EdgeModelTests.deploy(world, [Self.trigger(second)]).errors == [], "call \(index)")
      let attributes = world.contents.attributes.values.first ?? [:]
      let wanted = Dictionary(second.map { ($0.0, $0.1.string ?? $0.1.text()) }) { $1 }
      let stated = TopicEdgeKind.settable(attributes).filter { $0.value != "MessageAttributes" }
      #expect(
        stated.mapValues { try? JSON(parsing: $0) } == wanted.mapValues { try? JSON(parsing: $0) },
        "call \(index)")
      guard wasReached else { break }
      index += 1
    }
    #expect(index > 2)
  }
}
