import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Alarms that the user lists")
struct AlarmTests {
  /// A world with the alarm `shop-5xx`, in ALARM from `start` minutes after now for `length` minutes.
  private func world(from start: Double, length: Double = 600) async throws -> World {
    let world = try await World.running()
    let begin = world.clock.now() + .minutes(start)
    world.account.state.withLock { $0.alarms["shop-5xx"] = begin..<(begin + .minutes(length)) }
    world.configure { $0.alarms = ["shop-5xx"] }
    world.want { $0.code = "good2" }
    return world
  }

  @Test("one that was OK at the start and goes off takes a good canary back")
  func veto() async throws {
    let world = try await world(from: 2)
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.record()?.state == .rolledBack(.alarm))
    #expect(run.report?.functions.first?.verdict?.sentence.contains("shop-5xx") == true)
  }

  @Test("one that is in ALARM before the first weight has no say, and that is told")
  func wasNotOK() async throws {
    let world = try await world(from: -5)
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(
      run.events.contains {
        if case .note(nil, let text) = $0 { text.contains("shop-5xx") } else { false }
      })
  }

  @Test("one that does not exist is an error before any traffic")
  func unknown() async throws {
    let world = try await world(from: 2)
    world.configure { $0.alarms = ["shop-5xx", "shop-6xx"] }
    let run = await world.deploy()
    #expect(run.errorName == "unknownAlarms")
    #expect(run.error?.description.contains("shop-6xx") == true)
    #expect(!run.connection.writes.contains("UpdateAlias orders"))
  }

  @Test("one that disappears during a rollout holds it")
  func disappears() async throws {
    let world = try await world(from: 600)
    let calls = await world.probe().connection.calls
    let poll = try #require(calls.lastIndex(of: "DescribeAlarms")) + 1
    let account = world.account
    let run = await world.deploy(hooks: [poll: { account.state.withLock { $0.alarms = [:] } }])
    #expect(run.outcome != .promoted)
  }

  @Test("a run that goes on with another's canary counts what went off since its first weight")
  func resumed() async throws {
    let world = try await world(from: 1)
    let look = try #require(await world.probe().connection.firstLook) + 1
    _ = await world.deploy("dead", events: [.diesBefore(look)])
    world.clock.advance(by: .minutes(10))
    #expect(await world.deploy("ci-2").outcome == .rolledBack)
  }

  @Test("each poll takes one call for all functions")
  func calls() async throws {
    let world = try await World.running(["orders": Wanted("good1"), "stock": Wanted("good1")])
    let now = world.clock.now()
    world.account.state.withLock { $0.alarms["shop-5xx"] = now..<now }
    world.configure { $0.alarms = ["shop-5xx"] }
    for name in ["orders", "stock"] { world.want(name) { $0.code = "good2" } }
    let calls = await world.deploy().connection.calls
    // Without the ones that ask how much traffic there is, and from when on an invocation is slow.
    let polls = calls.count { $0 == "GetMetricData" } - 2
    #expect(polls > 5)
    #expect(calls.count { $0 == "DescribeAlarms" } == polls + 2)
  }
}
