import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Rollouts that many short runs carry on")
struct TickTests {
  private static let names = ["a", "b"]

  private func detached(_ steps: String, code: String = "good2", bake: Double = 5) async throws -> World {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    let plan = try StepPlan(parsing: steps)
    world.configure {
      $0.plan = plan
      $0.bake = .minutes(bake)
    }
    for name in Self.names { world.want(name) { $0.code = code } }
    let run = await world.deploy(configure: { $0.detaches = true })
    #expect(run.outcome == .detached)
    #expect(run.error == nil)
    return world
  }

  /// Ticks every minute until nothing is under way; each must write each alias at most once.
  private func tick(_ world: World, limit: Int = 60) async -> [Outcome?] {
    var outcomes: [Outcome?] = []
    for _ in 1...limit {
      world.clock.advance(by: .minutes(1))
      let run = await world.takeOver(.tick, "cron")
      outcomes.append(run.outcome)
      #expect(run.error == nil)
      let writes = run.connection.writes
      #expect(Set(writes).count == writes.count, "\(writes)")
      // The limit for slow invocations and the evidence; after a rollback, what the version cost.
      let looks = run.connection.calls.filter { $0 == "GetMetricData" }.count
      #expect(looks <= (run.outcome == .rolledBack ? 3 : 2))
      for name in Self.names { #expect(world.account.record(name)?.leaseEnd == nil) }
      if run.outcome != .detached { break }
    }
    return outcomes
  }

  private func shares(of name: String, in world: World) -> [Double] {
    world.account.state.withLock { $0.functions[name]?.routes ?? [] }.dropFirst().map { $0.share(of: "2") }
  }

  @Test("a deploy that detaches has set its first weight and holds no lease")
  func detaches() async throws {
    let world = try await detached("10%:5m,50%:5m")
    for name in Self.names {
      #expect(world.account.record(name)?.state == .canary)
      #expect(world.account.record(name)?.leaseEnd == nil)
      #expect(world.account.alias(name)?.weights == ["2": 0.1])
    }
  }

  @Test("ticks add up to the whole rollout", arguments: [5.0, 0.0])
  func wholeWay(bake: Double) async throws {
    let world = try await detached("10%:5m,50%:5m", bake: bake)
    let before = world.clock.now()
    #expect(await tick(world).last == .promoted)
    for name in Self.names {
      #expect(shares(of: name, in: world) == [0.1, 0.5, 1])
      #expect(world.account.record(name)?.state == .idle)
    }
    #expect(world.clock.now() - before >= .minutes(10 + bake))
    #expect(world.clock.now() - before <= .minutes(16 + bake))
    let idle = await world.takeOver(.tick)
    #expect(idle.outcome == .unchanged)
    #expect(idle.connection.writes.isEmpty)
  }

  @Test("an all-at-once release that detaches is ticked through its bake")
  func blueGreen() async throws {
    let world = try await detached("100%")
    #expect(world.account.record("b")?.state == .bake)
    #expect(await tick(world).last == .promoted)
  }

  @Test("a tick takes a bad release back, in a step and in the bake", arguments: ["bad2", "late2"])
  func bad(code: String) async throws {
    let world = try await detached("10%:5m", code: code)
    #expect(await tick(world).last == .rolledBack)
    for name in Self.names {
      #expect(world.account.alias(name)?.functionVersion == "1")
      #expect(world.account.alias(name)?.weights == [:])
    }
  }

  @Test("a pause holds; ticks then leave it, until the canary turns bad")
  func pause() async throws {
    let world = try await detached("10%:5m,pause")
    #expect(await tick(world).last == .held)
    let before = world.account.alias("a")
    #expect(await world.takeOver(.tick).outcome == .held)
    #expect(world.account.alias("a") == before)
    world.account.state.withLock { state in
      for name in Self.names { state.functions[name]?.versions[1].members["CodeSha256"] = "bad2" }
    }
    #expect(await world.takeOver(.tick).outcome == .rolledBack)
  }

  @Test("without metrics ticks wait as long as a run would, and then ask for a person")
  func outage() async throws {
    let world = try await detached("10%:5m")
    world.account.breakMetrics(for: .minutes(600))
    let outcomes = await tick(world)
    #expect(outcomes.last == .held)
    #expect(outcomes.count >= 14)
    #expect(outcomes.count <= 17)
    #expect(world.account.record("a")?.state == .hold(.noMetrics))
  }

  @Test("a tick beside a living run does nothing")
  func living() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy("dead", events: [.diesBefore(look)])
    let run = await world.takeOver(.tick)
    #expect(run.outcome == .unchanged)
    #expect(run.report?.functions.map(\.driver) == ["dead"])
    #expect(run.error == nil)
    #expect(run.connection.writes.isEmpty)
    #expect(!run.connection.calls.contains("GetMetricData"))
  }

  @Test("a tick that is stopped or fails leaves the rollout to the next, and takes nothing back")
  func stopped() async throws {
    let probe = try await detached("10%:5m")
    probe.clock.advance(by: .minutes(6))
    let calls = await probe.copy().takeOver(.tick).connection.calls
    for number in 1...calls.count {
      for event in [
        Connection.Event.cancels(number), .fails(number), .diesBefore(number), .diesAfter(number),
        .losesAnswer(number),
      ] {
        let world = probe.copy()
        _ = await world.takeOver(.tick, events: [event])
        for name in Self.names {
          #expect(world.account.record(name)?.state.isUnderWay == true, "\(event) \(calls[number - 1])")
        }
        #expect(await tick(world).last == .promoted, "\(event) \(calls[number - 1])")
      }
    }
  }

  @Test("of two ticks at once one does the work")
  func together() async throws {
    let world = try await detached("10%:5m")
    world.clock.advance(by: .minutes(6))
    async let one = world.takeOver(.tick, "cron-1")
    async let two = world.takeOver(.tick, "cron-2")
    let names = Set([await one.errorName, await two.errorName].compactMap { $0 })
    #expect(names.isSubset(of: ["takenOver"]))
    #expect(await tick(world).last == .promoted)
    #expect(shares(of: "a", in: world) == [0.1, 1])
  }
}
