import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Rollouts that a person ends")
struct AbortTests {
  @Test("abort takes a release back in every state, and its code is refused from then on")
  func everyState() async throws {
    let probe = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { probe.want(name) { $0.code = "good2" } }
    // The leader alone stands for the decision, the other for the bake.
    for (state, name) in [(RolloutState.canary, "a"), (.commit, "a"), (.bake, "b")] {
      let number = try #require(await probe.firstCall(in: state, of: name))
      let world = probe.copy()
      _ = await world.deploy("dead", events: [.diesBefore(number)])
      try await expectAborted(world)
    }
    let held = probe.copy()
    #expect(await held.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    try await expectAborted(held)
  }

  private func expectAborted(_ world: World) async throws {
    let exposed = ["a", "b"].filter { world.account.record($0)?.state.isUnderWay == true }
    try #require(!exposed.isEmpty)
    let run = await world.abort()
    #expect(run.error == nil)
    #expect(run.outcome == .rolledBack)
    for name in ["a", "b"] {
      #expect(world.account.alias(name)?.functionVersion == "1")
      #expect(world.account.alias(name)?.weights == [:])
    }
    for name in exposed {
      #expect(world.account.record(name)?.state == .rolledBack(.person))
      #expect(world.account.record(name)?.bad == "2")
    }
    #expect(await world.deploy("ci-2").errorName == "quarantined")
    // A second one finds nothing to end.
    let again = await world.abort()
    #expect(again.outcome == .unchanged)
    #expect(again.connection.writes.isEmpty)
  }

  @Test("abort with nothing under way leaves what serves alone")
  func nothing() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    let run = await world.abort()
    #expect(run.outcome == .unchanged)
    #expect(run.connection.writes.isEmpty)
    #expect(world.account.alias()?.functionVersion == "2")
  }

  @Test("abort fences a living run off: it ends and touches nothing more")
  func fenced() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.firstCall(in: .canary))
    let run = await world.deploy(hooks: [look: { _ = await world.abort() }])
    #expect(run.errorName == "touched")
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.record()?.state == .rolledBack(.person))
    // It tells what has become of its release.
    #expect(run.error?.description.contains("was taken back by hand, by person") == true)
    #expect(run.outcome == .rolledBack)
    #expect(run.report?.functions.map(\.outcome) == [.rolledBack])
    #expect(run.report?.functions.map(\.serving) == [["1": 1]])
  }

  @Test("a run that a person takes one alias from takes the others back, and tells what serves at each")
  func lostOne() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { world.want(name) { $0.code = "good2" } }
    let look = try #require(await world.firstCall(in: .canary, of: "b"))
    let run = await world.deploy(hooks: [look + 2: { world.account.edit("a", version: "2", weights: [:]) }])
    #expect(run.errorName == "touched")
    #expect(run.outcome == .rolledBack)
    #expect(run.report?.functions.map(\.serving) == [["2": 1], ["1": 1]])
    #expect(run.report?.hasMovedTraffic == true)
  }

  @Test("other releases under way are left alone where they are not selected")
  func otherRelease() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    #expect(await world.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    let before = world.account.alias("b")
    #expect(await world.abort(selected: ["a"]).outcome == .rolledBack)
    #expect(world.account.alias("b") == before)
  }
}
