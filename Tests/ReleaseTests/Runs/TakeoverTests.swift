import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Rollouts that are gone on with from their records")
struct TakeoverTests {
  /// A world whose rollout of two functions stands in the pause of `steps`.
  private func paused(_ steps: String = "10%:5m,pause,50%:5m", code: String = "good2") async throws -> World {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    let plan = try StepPlan(parsing: steps)
    world.configure { $0.plan = plan }
    for name in ["a", "b"] { world.want(name) { $0.code = code } }
    #expect(await world.deploy().outcome == .held)
    for name in ["a", "b"] { try #require(world.account.alias(name)?.weights == ["2": 0.1]) }
    return world
  }

  private func shares(of name: String, in world: World) -> [Double] {
    world.account.state.withLock { $0.functions[name]?.routes ?? [] }.dropFirst().map { $0.share(of: "2") }
  }

  @Test("promote goes over the pause to the next step, and on to the end")
  func promotePause() async throws {
    let world = try await paused()
    let run = await world.takeOver(.promote)
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    for name in ["a", "b"] {
      #expect(shares(of: name, in: world) == [0.1, 0.5, 1])
      #expect(world.account.record(name)?.state == .idle)
      #expect(world.account.record(name)?.previous == "1")
    }
    #expect(!run.connection.writes.contains { $0.hasPrefix("PublishVersion") })
  }

  @Test("two pauses ask twice")
  func twoPauses() async throws {
    let world = try await paused("10%:5m,pause,50%:5m,pause")
    #expect(await world.takeOver(.promote).outcome == .held)
    #expect(world.account.alias("a")?.weights == ["2": 0.5])
    #expect(await world.takeOver(.promote).outcome == .promoted)
    #expect(shares(of: "a", in: world) == [0.1, 0.5, 1])
  }

  @Test("promote ends a rollout that --no-promote has held")
  func promoteNoPromote() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    #expect(await world.takeOver(.promote).outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "2")
  }

  @Test("promote goes on where the metrics were missing, because a person says so")
  func promoteAfterOutage() async throws {
    let world = try await World.running()
    world.account.breakMetrics(for: .minutes(20))
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .held)
    #expect(await world.takeOver(.promote).outcome == .promoted)
  }

  @Test("promote takes a canary back that turns out to be bad, and gives it no more traffic first")
  func promoteBad() async throws {
    let world = try await World.running()
    world.account.breakMetrics(for: .minutes(20))
    world.want { $0.code = "bad2" }
    #expect(await world.deploy().outcome == .held)
    world.clock.advance(by: .minutes(20))
    #expect(await world.takeOver(.promote).outcome == .rolledBack)
    #expect(shares(of: "orders", in: world) == [0.1, 0])
    #expect(world.account.record()?.bad == "2")
  }

  @Test("a bake after the promotion is watched like that of a deploy")
  func badInBake() async throws {
    let world = try await paused("10%:5m,pause", code: "late2")
    #expect(await world.takeOver(.promote).outcome == .rolledBack)
    for name in ["a", "b"] { #expect(world.account.alias(name)?.functionVersion == "1") }
  }

  @Test("promote with nothing to promote says so and writes nothing")
  func promoteNothing() async throws {
    let world = try await World.running()
    let run = await world.takeOver(.promote)
    #expect(run.errorName == "nothingHeld")
    #expect(run.outcome == .failed)
    #expect(run.connection.writes.isEmpty)
  }

  @Test("promote does not touch a canary that a run drives")
  func promoteLiving() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy("dead", events: [.diesBefore(look)])
    let run = await world.takeOver(.promote)
    #expect(run.errorName == "notHeld")
    #expect(run.connection.writes.isEmpty)
  }

  @Test("with other steps than the deploy's nothing is touched", arguments: RolloutResumer.Mode.all)
  func otherSteps(mode: RolloutResumer.Mode) async throws {
    let world = try await paused()
    let before = world.account.alias("a")
    let plan = try StepPlan(parsing: "10%:5m")
    let run = await world.takeOver(mode, configure: { $0.plan = plan })
    #expect(run.errorName == "otherSteps")
    #expect(world.account.alias("a") == before)
  }

  @Test("a part of a release is not gone on with", arguments: RolloutResumer.Mode.all)
  func split(mode: RolloutResumer.Mode) async throws {
    let world = try await paused()
    let run = await world.takeOver(mode, selected: ["a"])
    #expect(run.errorName == "splitsRelease")
    #expect(run.connection.writes.isEmpty)
    #expect(await world.abort(selected: ["a"]).errorName == "splitsRelease")
  }

  @Test("resume and tick leave a pause to a person", arguments: [RolloutResumer.Mode.resume, .tick])
  func pauseStays(mode: RolloutResumer.Mode) async throws {
    for steps in ["10%:5m,pause,50%:5m", "10%:5m,pause"] {
      let world = try await paused(steps)
      #expect(await world.takeOver(mode).outcome == .held)
      #expect(world.account.record("a")?.state == .hold(.pause))
      #expect(shares(of: "a", in: world) == [0.1])
    }
  }

  @Test("a pause stays one where the run that resumed it dies before it has looked")
  func pauseOutlivesResume() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    let calls = await world.copy().takeOver(.resume).connection.calls
    for number in 1...calls.count {
      let world = world.copy()
      _ = await world.takeOver(.resume, events: [.diesBefore(number)])
      world.clock.advance(by: .minutes(6))
      #expect(await world.takeOver(.resume).outcome == .held, "died before \(calls[number - 1])")
      #expect(world.account.record()?.state == .hold(.pause))
    }
  }

  @Test(
    "a release that has passed for one function passes for all, whatever comes to the run that ends it",
    arguments: [0.0, 5])
  func passed(bake: Double) async throws {
    let names = ["a", "b", "c"]
    let start = try await World.running(Dictionary(uniqueKeysWithValues: names.map { ($0, Wanted("good1")) }))
    start.configure { $0.bake = .minutes(bake) }
    for name in names { start.want(name) { $0.code = "good2" } }
    let calls = await start.probe().connection.calls
    let last = calls.indices.filter { calls[$0].hasPrefix("UpdateAlias") }.suffix(bake > 0 ? 2 : 3)
    for number in last.map({ $0 + 1 }) {
      let left = start.copy()
      _ = await left.deploy("dead", events: [.diesBefore(number)])
      guard
        names.contains(where: {
          left.account.record($0)?.state == .idle && left.account.alias($0)?.functionVersion == "2"
        })
          || (bake == 0 && left.account.record("a")?.state == .commit)
      else { continue }
      left.clock.advance(by: .minutes(6))
      for mode in [RolloutResumer.Mode.resume, .tick] {
        for call in 1...6 {
          for event in [Connection.Event.cancels(call), .fails(call), .losesAnswer(call), .diesBefore(call)] {
            let world = left.copy()
            _ = await world.takeOver(mode, events: [event])
            let place = "dead before \(number), \(mode), \(event)"
            #expect(
              !names.contains {
                if case .rolledBack = world.account.record($0)?.state { true } else { false }
              }, "\(place)")
            world.clock.advance(by: .minutes(6))
            _ = await world.takeOver(mode)
            for name in names { #expect(world.account.alias(name)?.functionVersion == "2", "\(place)") }
          }
        }
      }
    }
  }

  @Test("resume ends what a run left that died at any call", arguments: [1, 2])
  func killed(functions: Int) async throws {
    let names = ["a", "b"].prefix(functions)
    let functions = Dictionary(uniqueKeysWithValues: names.map { ($0, Wanted("good1")) })
    let probe = try await World.running(functions)
    for name in names { probe.want(name) { $0.code = "good2" } }
    let calls = await probe.probe().connection.calls
    for number in 1...calls.count {
      for event in [Connection.Event.diesBefore(number), .diesAfter(number)] {
        let world = try await World.running(functions)
        for name in names { world.want(name) { $0.code = "good2" } }
        _ = await world.deploy("dead", events: [event])
        let states = names.map { world.account.record($0)?.state.isUnderWay == true }
        let run = await world.takeOver(.resume)
        let place = "\(event) \(calls[number - 1])"
        let records = names.map { world.account.record($0) }
        #expect(records.allSatisfy { $0?.state.isUnderWay == false }, "\(place)")
        let versions = Set(names.map { world.account.alias($0)?.functionVersion })
        #expect(versions.count == 1, "\(place)")
        for name in names { #expect(world.account.alias(name)?.weights == [:], "\(place)") }
        #expect(records.allSatisfy { $0?.bad == nil }, "\(place)")
        if run.errorName == "incomplete" {
          #expect(states == [true, false], "\(place)")
          #expect(versions == ["1"])
        } else {
          #expect(run.error == nil, "\(place)")
          #expect(run.outcome == (states.contains(true) ? .promoted : .unchanged), "\(place)")
          if states.contains(true) { #expect(versions == ["2"], "\(place)") }
        }
        // Whatever it came to, a deploy gets through.
        #expect(await world.deploy("ci-3").error == nil, "\(place)")
        #expect(world.account.alias("a")?.functionVersion == "2", "\(place)")
      }
    }
  }

  @Test("resume ends a rollback that was left half done, whoever began it")
  func halfRolledBack() async throws {
    let probe = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { probe.want(name) { $0.code = "bad2" } }
    let calls = await probe.probe().connection.calls
    let count = try #require(calls.lastIndex { $0.hasPrefix("UpdateAlias") }) + 1
    for mode in [RolloutResumer.Mode.resume, .tick] {
      let world = probe.copy()
      _ = await world.deploy("dead", events: [.diesBefore(count)])
      try #require(
        world.account.record("b")?.state.isUnderWay == true
          || world.account.record("a")?.state.isUnderWay == true)
      world.clock.advance(by: .minutes(6))
      #expect(await world.takeOver(mode).outcome == .rolledBack)
      for name in ["a", "b"] {
        #expect(world.account.alias(name)?.functionVersion == "1")
        #expect(world.account.alias(name)?.weights == [:])
      }
    }
  }

  @Test("resume waits for the lease, and leaves a living run alone")
  func living() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy("dead", events: [.diesBefore(look)])
    let account = world.account
    let refused = await world.takeOver(.resume, onAliasRead: { if $0 == 4 { account.heartbeat() } })
    #expect(refused.errorName == "owned")
    #expect(refused.connection.writes.isEmpty)
    let before = world.clock.now()
    let run = await world.takeOver(.resume, configure: { $0.takesOver = true })
    #expect(run.outcome == .promoted)
    #expect(!run.events.contains { if case .leaseWatched = $0 { true } else { false } })
    #expect(world.clock.now() - before < .minutes(15))
  }
}

extension RolloutResumer.Mode {
  static let all: [RolloutResumer.Mode] = [.promote, .resume, .tick]
}
