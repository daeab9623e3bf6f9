import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Invocations that run long")
struct DrainTests {
  /// How long the canary of a function with this timeout is on trial, in a plan of 5 minutes that settle after one.
  private func trial(timeout: Int) async throws -> TimeSpan {
    let world = try await World.running()
    world.want { wanted in
      wanted.code = "good2"
      wanted.settings["Timeout"] = .int(timeout)
    }
    let start = world.clock.now()
    let end = Lock<Timestamp?>(nil)
    let bake = try #require(await world.firstCall(in: .bake))
    let run = await world.deploy(hooks: [bake: { end.withLock { $0 = world.clock.now() } }])
    try #require(run.outcome == .promoted)
    return try #require(end.withLock { $0 }) - start
  }

  @Test("those of the last step are waited for where they may take longer than a minute takes to settle")
  func drained() async throws {
    let short = try await trial(timeout: 60)
    let long = try await trial(timeout: 600)
    #expect(long.seconds - short.seconds >= 8.9 * 60)
    #expect(long.seconds - short.seconds <= 10.5 * 60)
  }

  @Test("a run that goes on from the record waits for them too")
  func resumed() async throws {
    let world = try await World.running()
    world.want { wanted in
      wanted.code = "good2"
      wanted.settings["Timeout"] = 600
    }
    let look = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy("dead", events: [.diesBefore(look)])
    world.clock.advance(by: .minutes(6))
    // The step of 5 minutes is over, and its last invocations may still be running.
    let tick = await world.takeOver(.tick)
    #expect(tick.outcome == .detached)
    #expect(world.account.record()?.state == .canary)
    world.clock.advance(by: .minutes(10))
    _ = await world.takeOver(.tick)
    #expect(world.account.record()?.state == .bake)
  }

  @Test("a canary that another run left is looked at before a plan with other steps takes it on")
  func otherPlan() async throws {
    let world = try await World.running()
    world.want { $0.code = "bad2" }
    world.configure { $0.plan = .allAtOnce }
    let stepped = try StepPlan(parsing: "10%:5m")
    let look = try #require(
      await {
        let copy = world.copy()
        copy.configure { $0.plan = stepped }
        return await copy.firstCall(in: .canary)
      }())
    _ = await world.deploy("dead", events: [.diesBefore(look)], configure: { $0.plan = stepped })
    try #require(world.account.alias()?.weights == ["2": 0.1])
    world.clock.advance(by: .minutes(6))
    let run = await world.deploy("ci-2")
    #expect(run.outcome == .rolledBack)
    let routes = world.account.state.withLock { $0.functions["orders"]?.routes ?? [] }
    #expect(!routes.contains { $0.main == "2" })
  }
}
