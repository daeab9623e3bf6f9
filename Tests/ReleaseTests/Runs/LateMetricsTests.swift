import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Metrics that come late, or not at all")
struct LateMetricsTests {
  @Test("code that is bad is not promoted before its errors are in", arguments: [0.5, 1, 2, 3, 10])
  func bad(delay: Double) async throws {
    let world = try await World.running()
    world.account.state.withLock { $0.metricsDelay = .minutes(delay) }
    world.want { $0.code = "bad-utterly2" }
    let run = await world.deploy()
    #expect(run.error == nil)
    #expect([.rolledBack, .held].contains(run.outcome))
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test("code that is good is not blamed for it, and promoted where they are in when they should be")
  func good() async throws {
    for delay in [0.5, 1, 2, 3, 10] {
      let world = try await World.running()
      world.account.state.withLock { $0.metricsDelay = .minutes(delay) }
      world.want { $0.code = "good2" }
      let run = await world.deploy()
      #expect(run.error == nil, "\(delay)")
      #expect(run.outcome != .rolledBack, "\(delay)")
      if delay <= 1 { #expect(run.outcome == .promoted, "\(delay)") }
    }
  }

  @Test(
    "without any counts of one version nothing is promoted, however good the other one looks",
    arguments: [(["Invocations 1", "Errors 1"], "good2"), (["Invocations 2", "Errors 2"], "bad-utterly2")])
  func missing(series: [String], code: String) async throws {
    let world = try await World.running()
    world.configure { $0.judge.onLowTraffic = .hold }
    world.account.state.withLock { $0.missingSeries = Set(series) }
    world.want { $0.code = code }
    let run = await world.deploy()
    #expect(run.error == nil)
    #expect(run.outcome == .held)
    #expect(world.account.alias()?.functionVersion == "1")
  }
}

@Suite("What goes first where requests have to wait")
struct PriorityTests {
  private static func world(_ code: String) async throws -> World {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.wantEverywhere(code)
    return world
  }

  @Test("writes that take traffic back, and no others, after a verdict")
  func verdict() async throws {
    let run = try await Self.world("bad-utterly2").deploy()
    #expect(run.outcome == .rolledBack)
    #expect(run.connection.priorities.suffix(2) == [.rollback, .rollback])
    #expect(run.connection.priorities.dropLast(2).allSatisfy { $0 == .normal })
    let good = try await Self.world("good2").deploy()
    #expect(good.connection.priorities.allSatisfy { $0 == .normal })
  }

  @Test("all of a rollback by command, and those after a signal")
  func person() async throws {
    let world = try await Self.world("good2")
    let calls = await world.probe().connection.calls
    let look = try #require(calls.lastIndex { $0 == "GetMetricData" })
    let interrupted = await world.copy().deploy(events: [.cancels(look + 1)])
    #expect(interrupted.connection.priorities.suffix(2) == [.rollback, .rollback])
    #expect(await world.deploy().outcome == .promoted)
    let back = await world.rollBack()
    #expect(!back.connection.priorities.isEmpty)
    #expect(back.connection.priorities.allSatisfy { $0 == .rollback })
  }
}
