import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Programs around the shift of traffic")
struct HookTests {
  @Test("run once for all functions that name them, first without and then with all traffic")
  func order() async throws {
    let world = try await World.running(["orders": Wanted("good1"), "stock": Wanted("good1")])
    for name in ["orders", "stock"] {
      world.want(name) {
        $0.code = "good2"
        $0.hooks = FunctionHooks(beforeTraffic: ["check", "-v"], afterTraffic: ["tell"])
      }
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    let calls = run.connection.hookCalls
    #expect(calls.map(\.moment) == [.beforeTraffic, .afterTraffic])
    #expect(calls.map(\.arguments) == [["check", "-v"], ["tell"]])
    for call in calls {
      #expect(call.variables["LAMCTL_FUNCTIONS"] == "orders stock")
      #expect(call.variables["LAMCTL_FUNCTION_NAMES"] == "orders stock")
      #expect(call.variables["LAMCTL_FROM_VERSIONS"] == "1 1")
      #expect(call.variables["LAMCTL_TO_VERSIONS"] == "2 2")
      #expect(call.variables["LAMCTL_ENVIRONMENT"] == "prod")
      #expect(call.variables["LAMCTL_ALIAS"] == "prod")
      #expect(call.variables["LAMCTL_RELEASE"] == run.report?.release.map { "\($0)" })
      #expect(call.variables["LAMCTL_HOOK"] == call.moment.rawValue)
    }
  }

  @Test("a beforeTraffic hook that fails ends the release before any traffic")
  func beforeFails() async throws {
    let world = try await World.running()
    world.want {
      $0.code = "good2"
      $0.hooks = FunctionHooks(beforeTraffic: ["fail"], afterTraffic: ["tell"])
    }
    let run = await world.deploy()
    #expect(run.errorName == "hookFailed")
    #expect(run.error?.description.contains("exit code 3") == true)
    #expect(!run.connection.writes.contains("UpdateAlias orders"))
    #expect(run.connection.hookCalls.count == 1)
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test("a new function gets no alias before its hook has succeeded")
  func newFunction() async throws {
    var wanted = Wanted("good1")
    wanted.hooks = FunctionHooks(beforeTraffic: ["fail"])
    let world = try World(["orders": wanted])
    #expect(await world.deploy().errorName == "hookFailed")
    #expect(world.account.alias() == nil)
    world.want { $0.hooks = FunctionHooks(beforeTraffic: ["check"], afterTraffic: ["tell"]) }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(run.connection.hookCalls.map(\.moment) == [.beforeTraffic, .afterTraffic])
    #expect(run.connection.hookCalls.first?.variables["LAMCTL_FROM_VERSIONS"] == "-")
  }

  @Test("an afterTraffic hook that fails is reported, and the release stands")
  func afterFails() async throws {
    let world = try await World.running()
    world.want {
      $0.code = "good2"
      $0.hooks = FunctionHooks(afterTraffic: ["fail"])
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    #expect(run.report?.warnings.first?.contains("exit code 3") == true)
    #expect(world.account.alias()?.functionVersion == "2")
  }

  @Test(
    "whoever takes a rollout to its end runs the afterTraffic hook, and only then",
    arguments: [RolloutResumer.Mode.promote, .resume, .tick])
  func takenOver(mode: RolloutResumer.Mode) async throws {
    let world = try await World.running()
    world.want {
      $0.code = "good2"
      $0.hooks = FunctionHooks(beforeTraffic: ["check"], afterTraffic: ["tell"])
    }
    let first = await world.deploy(configure: {
      $0.detaches = mode != .promote
      $0.stopsBeforePromotion = mode == .promote
    })
    #expect(first.connection.hookCalls.map(\.moment) == [.beforeTraffic])
    var moments: [HookCall.Moment] = []
    var outcome: Outcome?
    for _ in 1...40 where outcome != .promoted {
      let run = await world.takeOver(mode)
      outcome = run.outcome
      moments += run.connection.hookCalls.map(\.moment)
      #expect((outcome == .promoted) == !moments.isEmpty)
      world.clock.advance(by: .minutes(1))
    }
    #expect(outcome == .promoted)
    #expect(moments == [.afterTraffic])
  }

  @Test("after a rollback no afterTraffic hook runs")
  func rolledBack() async throws {
    let world = try await World.running()
    world.want {
      $0.code = "bad2"
      $0.hooks = FunctionHooks(beforeTraffic: ["check"], afterTraffic: ["tell"])
    }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    #expect(run.connection.hookCalls.map(\.moment) == [.beforeTraffic])
  }
}
