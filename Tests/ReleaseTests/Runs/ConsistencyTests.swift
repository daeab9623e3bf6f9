import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Where AWS still shows an alias as it was a moment ago")
struct ConsistencyTests {
  private static func world(wanting code: String) async throws -> World {
    let world = try await World.running()
    world.account.change { $0.staleness = .seconds(2) }
    world.want { $0.code = code }
    return world
  }

  @Test(
    "a run whose answer was lost knows its own write and goes on",
    arguments: [RolloutState.canary, .bake])
  func lostAnswer(state: RolloutState) async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: state)) - 1
    let run = await world.deploy(events: [.losesAnswer(number)])
    #expect(run.connection.calls[number - 1] == "UpdateAlias orders")
    #expect(run.error == nil)
    #expect(run.outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.record()?.state == .idle)
  }

  @Test(
    "a rollback right after a step of a living run goes through, and that run finds out",
    arguments: [0, 1, 3])
  func rollback(calls later: Int) async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: .canary))
    let run = await world.deploy(hooks: [
      number + later: {
        let rollback = await world.rollBack()
        #expect(rollback.outcome == .rolledBack)
        #expect(rollback.error == nil)
      }
    ])
    #expect(run.errorName == "touched")
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.record()?.state == .rolledBack(.person))
  }

  @Test("whoever is fenced off is told by whom, not by what was there before")
  func owner() async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: .canary))
    let run = await world.deploy(
      "ci-1",
      hooks: [
        number + 3: {
          world.clock.advance(by: .minutes(6))
          _ = await world.takeOver(.tick, "ci-2")
          world.account.heartbeat()
        }
      ])
    #expect(run.errorName == "takenOver")
  }
}
