import Core
import TestSupport
import Testing

@testable import Triggers

@Suite("Queues beside the time that an invocation may take")
struct QueueTests {
  private static let queue = "arn:aws:sqs:eu-west-1:123456789012:jobs"
  private static let trigger = Trigger(
    name: "jobs", kind: .eventSource, settings: JSONObject([("EventSourceArn", .string(queue))]))

  private static func survey(
    _ world: World, longest: Double, isRaised: Bool = false
  ) async throws -> EdgeSurvey {
    try await EdgeSurveyor(world.services, parallel: 1).survey([
      EdgeSubject(
        scope: World.scope, triggers: [trigger], eventInvoke: nil, recorded: nil,
        timeout: InvocationTimeout(longest: .seconds(longest), isRaised: isRaised))
    ])[0]
  }

  private static func world(isBound: Bool) async throws -> World {
    let world = World()
    world.change { $0.visibilityTimeouts[queue] = .seconds(30) }
    if isBound { try await EdgeModelTests.deploy(world, [trigger]) }
    return world
  }

  @Test(
    "a queue that shows a message again before its invocation must end is not bound, and one that hides it is"
  )
  func added() async throws {
    let world = try await Self.world(isBound: false)
    #expect(try await Self.survey(world, longest: 30).obstacles == [])
    let obstacle = try #require(try await Self.survey(world, longest: 31).obstacles.first)
    #expect(
      obstacle.description
        == "orders, trigger jobs: the queue hides a message for 30s, and an invocation may take 31s: "
        + "messages would be worked on twice")
    #expect(
      obstacle.fix
        == "raise VisibilityTimeout of jobs (AWS advises six times the timeout, 3m6s), or lower the function's timeout"
    )
  }

  @Test(
    "a timeout that is raised over what its queue hides is refused; one that was so is no matter of this release"
  )
  func raised() async throws {
    let world = try await Self.world(isBound: true)
    #expect(try await Self.survey(world, longest: 60, isRaised: true).obstacles.count == 1)
    #expect(try await Self.survey(world, longest: 30, isRaised: true).obstacles == [])
    world.restart()
    #expect(try await Self.survey(world, longest: 60).obstacles == [])
    #expect(!world.calls.contains("GetQueueAttributes"))
  }

  @Test("of a function that is to be made the queues are held against its timeout too")
  func planned() async throws {
    let world = try await Self.world(isBound: false)
    let subject = EdgeSubject(
      scope: World.scope, triggers: [Self.trigger], eventInvoke: nil, recorded: nil,
      timeout: InvocationTimeout(longest: .seconds(31), isRaised: false))
    let survey = try await EdgeSurveyor(world.services, parallel: 1).planned([subject])[0]
    #expect(survey.obstacles.count == 1 && survey.steps.map(\.change) == [.add])
    #expect(world.calls == ["ListEventSourceMappings", "GetQueueAttributes"])
  }

  @Test(
    "of a function that is to be made all is read that may be in the way of its triggers",
    arguments: [false, true])
  func inTheWay(_ isThere: Bool) async throws {
    let world = World.hanging()
    if !isThere {
      world.change { contents in
        contents.routes = []
        contents.buckets["in"] = "<NotificationConfiguration/>"
      }
    }
    let subject = EdgeSubject(
      scope: World.scope,
      triggers: [
        Trigger(
          name: "api", kind: .httpApi, settings: JSONObject([("api", "api1"), ("routes", ["GET /o/{id}"])])),
        Trigger(
          name: "files", kind: .s3,
          settings: JSONObject([("bucket", "in"), ("events", ["s3:ObjectCreated:*"])])),
        Trigger(
          name: "typo", kind: .httpApi, settings: JSONObject([("api", "apo"), ("routes", ["GET /"])])),
      ], eventInvoke: nil, recorded: nil)
    let survey = try await EdgeSurveyor(world.services, parallel: 1).planned([subject])[0]
    #expect(survey.steps.map(\.trigger) == ["api", "files", "typo"])
    #expect(survey.steps.allSatisfy { $0.change == .add })
    #expect(
      survey.obstacles.compactMap(\.trigger).sorted() == (isThere ? ["api", "files", "typo"] : ["typo"]))
    #expect(survey.differs)
    #expect(
      world.calls.allSatisfy { $0.hasPrefix("Get") || $0.hasPrefix("List") || $0.hasPrefix("Describe") })
  }

  @Test("a mapping that is changed beside a queue that hides too short tells it, and is changed")
  func changed() async throws {
    let world = try await Self.world(isBound: true)
    world.change { $0.mappings[0]["BatchSize"] = 3 }
    let survey = try await Self.survey(world, longest: 60)
    #expect(survey.obstacles == [])
    #expect(survey.steps.map(\.change) == [.modify] && survey.steps[0].notes.count == 1)
  }

  @Test(
    "a queue that cannot be read for want of permission, or is another account's, is Lambda's to judge")
  func unread() async throws {
    let world = try await Self.world(isBound: false)
    world.change { $0.hidesQueues = true }
    let survey = try await Self.survey(world, longest: 60)
    #expect(survey.obstacles == [] && survey.steps[0].notes.count == 1)
    let foreign = "arn:aws:sqs:eu-west-1:999999999999:jobs"
    world.change { contents in
      contents.hidesQueues = false
      contents.gone = [foreign]
    }
    let subject = EdgeSubject(
      scope: World.scope,
      triggers: [
        Trigger(
          name: "jobs", kind: .eventSource, settings: JSONObject([("EventSourceArn", .string(foreign))]))
      ], eventInvoke: nil, recorded: nil)
    #expect(try await EdgeSurveyor(world.services, parallel: 1).survey([subject])[0].obstacles == [])
  }
}
