import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Rollouts without a verdict, and aliases of others")
struct HoldTests {
  @Test("an outage of the metrics holds the canary; when they are back it goes on")
  func shortOutage() async throws {
    let world = try await World.running()
    world.account.breakMetrics(for: .minutes(6))
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
  }

  @Test("an outage that does not end asks for a person, and a later run goes on")
  func longOutage() async throws {
    let world = try await World.running()
    world.account.breakMetrics(for: .minutes(60))
    world.want { $0.code = "good2" }
    let run = await world.deploy()
    #expect(run.outcome == .held)
    #expect(run.error == nil)
    #expect(world.account.record()?.state == .hold(.noMetrics))
    #expect(world.account.alias()?.weights == ["2": 0.1])
    world.clock.advance(by: .minutes(60))
    #expect(await world.deploy("ci-2").outcome == .promoted)
  }

  @Test("a bad canary is not promoted by an outage")
  func badInOutage() async throws {
    let world = try await World.running()
    world.account.breakMetrics(for: .minutes(60))
    world.want { $0.code = "bad2" }
    #expect(await world.deploy().outcome == .held)
    world.clock.advance(by: .minutes(60))
    #expect(await world.deploy("ci-2").outcome == .rolledBack)
  }

  @Test(
    "too little traffic extends the step, then the policy decides",
    arguments: [
      (LowTrafficPolicy.promoteIfSmoked, true, Outcome.promoted), (.promoteIfSmoked, false, .held),
      (.hold, true, .held), (.rollback, true, .rolledBack),
    ])
  func lowTraffic(policy: LowTrafficPolicy, isSmoked: Bool, outcome: Outcome) async throws {
    let world = try await World.running()
    world.account.setTraffic(5)
    world.configure { $0.judge.onLowTraffic = policy }
    world.want {
      $0.code = "good2"
      $0.smokeTests = isSmoked ? [SmokeTest(name: "ping", event: Array("{}".utf8), expectation: nil)] : []
    }
    let before = world.clock.now()
    let run = await world.deploy()
    #expect(run.outcome == outcome)
    #expect(run.error == nil)
    let spent = world.clock.now() - before
    #expect(spent >= .minutes(15))
    // The step, its last minute until it has settled, the wait, and for some the bake.
    #expect(spent <= .minutes(24))
    #expect(world.account.record()?.bad == nil)
  }

  @Test("with little traffic the step is extended until it has seen enough")
  func extended() async throws {
    let world = try await World.running()
    world.account.setTraffic(50)
    world.want { $0.code = "good2" }
    let before = world.clock.now()
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.clock.now() - before > .minutes(11))
  }

  @Test(
    "a rollout that somebody has had stop in a pause stays held for any deploy, and goes on with their word")
  func noPromote() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    #expect(world.account.record()?.state == .hold(.pause))
    let steps = try StepPlan(parsing: "5%:3m,60%:5m")
    for plan in [world.present.plan, steps] {
      let again = await world.deploy("ci-2", configure: { $0.plan = plan })
      #expect(again.outcome == .held)
      #expect(again.error == nil)
      #expect(again.connection.writes.isEmpty)
      #expect(again.report?.functions.map(\.isHeld) == [true])
    }
    #expect(world.account.alias()?.weights == ["2": 0.1])
    #expect(await world.takeOver(.promote).outcome == .promoted)
  }

  @Test(
    "what is held in a pause does not go along with the release of another function, and does not stop it")
  func pausedBeside() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    #expect(await world.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    world.want("b") { $0.code = "good2" }
    let run = await world.deploy("ci-2")
    #expect(run.outcome == .held)
    #expect(run.report?.isPartial == false)
    #expect(run.report?.functions.map(\.outcome) == [.held, .promoted])
    #expect(world.account.record("a")?.state == .hold(.pause))
    #expect(world.account.alias("a")?.weights == ["2": 0.1])
    #expect(world.account.alias("b")?.functionVersion == "2")
    world.want("b") { $0.code = "bad3" }
    let bad = await world.deploy("ci-3")
    #expect(bad.outcome == .rolledBack)
    #expect(world.account.record("a")?.state == .hold(.pause))
  }

  @Test(
    "weights that somebody has set beside a version that serves alone are told, and nothing of it is as wanted"
  )
  func strayWeights() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    world.account.edit(weights: ["1": 0.3])
    let run = await world.deploy("ci-2")
    #expect(run.outcome == .unchanged)
    #expect(run.connection.writes.isEmpty)
    #expect(run.report?.functions.first?.moved?.to == "version 2, with version 1 at 30 %")
    #expect(run.report?.warnings.contains { $0.contains("lamctl rollback --only orders --to 2") } == true)
  }

  @Test("weights that lamctl did not set are refused")
  func foreignWeights() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    _ = await world.deploy()
    world.account.edit(weights: ["1": 0.5])
    world.want { $0.code = "good3" }
    let run = await world.deploy()
    #expect(run.errorName == "preflight")
    #expect(run.connection.writes.isEmpty)
  }

  @Test(
    "an alias that somebody moved under a dead canary is released over, unless it was moved away from this very code",
    arguments: [("3", ["2": 0.1], false), ("1", ["2": 0.7], false), ("1", ["3": 0.1], true)]
      as [(String, [String: Double], Bool)])
  func moved(version: String, weights: [String: Double], isRefused: Bool) async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.probe().connection.firstLook) + 1
    _ = await world.deploy("dead", events: [.diesBefore(look)])
    world.account.state.withLock { state in
      state.functions["orders"]?.latest["CodeSha256"] = "somebody's"
      _ = state.functions["orders"]?.publish(description: "by hand", at: world.clock.now())
    }
    world.account.edit(version: version, weights: weights)
    world.clock.advance(by: .minutes(10))
    let seen = world.account.alias()
    let run = await world.deploy("ci-2")
    #expect(run.errorName == (isRefused ? "quarantined" : nil))
    guard isRefused else {
      #expect(run.outcome == .promoted)
      #expect(run.report?.warnings.contains { $0.contains("the alias was moved since release") } == true)
      return
    }
    #expect(world.account.alias() == seen)
    #expect(await world.deploy("ci-3", configure: { $0.retriesRolledBack = true }).outcome == .promoted)
  }

  @Test(
    "a record that is damaged, or of a later lamctl, is refused",
    arguments: ["lamctl/1 r=nothing", "lamctl/2 r=later st=warp", "lamctl/1 st=canary x=123456"])
  func unreadable(description: String) async throws {
    let world = try await World.running()
    world.account.edit(description: description)
    world.want { $0.code = "good2" }
    let run = await world.deploy()
    #expect(run.errorName == "unreadableRecord")
    #expect(run.connection.writes.isEmpty)
  }

  @Test("a version that fails its smoke test gets no traffic")
  func smoke() async throws {
    let world = try await World.running()
    world.want {
      $0.code = "broken2"
      $0.smokeTests = [SmokeTest(name: "ping", event: Array("{}".utf8), expectation: nil)]
    }
    let run = await world.deploy()
    #expect(run.errorName == "smokeFailed")
    #expect(!run.connection.writes.contains("UpdateAlias orders"))
  }

  @Test("settings can be mended after an update of them that Lambda could not carry out")
  func afterFailedUpdate() async throws {
    let world = try await World.running()
    world.account.state.withLock { $0.functions["orders"]?.updateFails = true }
    world.want { $0.settings["Timeout"] = 9 }
    #expect(await world.deploy().outcome == .promoted)
  }
}
