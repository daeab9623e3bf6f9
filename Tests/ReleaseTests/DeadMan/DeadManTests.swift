import AWSClient
import Core
import TestSupport
import Testing

@testable import Release

@Suite("The dead-man switch")
struct DeadManTests {
  private static let settings = DeadManSettings(
    role: "arn:aws:iam::123456789012:role/switch", after: .minutes(15), partition: "aws")

  /// A world with a switch, in which `code` is wanted instead of what serves.
  private static func world(
    wanting code: String, functions: [String] = ["orders"], steps: String = "10%:5m"
  ) async throws -> World {
    let world = try await World.running(
      Dictionary(uniqueKeysWithValues: functions.map { ($0, Wanted("good1")) }))
    let plan = try StepPlan(parsing: steps)
    world.configure {
      $0.deadMan = settings
      $0.plan = plan
    }
    for name in functions { world.want(name) { $0.code = code } }
    return world
  }

  private static func schedules(_ world: World) -> [Schedule] {
    world.account.state.withLock { Array($0.schedules.values) }
  }

  @Test(
    "where a run has died the traffic goes back by itself, nobody is blamed, and the next deploy goes through",
    arguments: [RolloutState.canary, .bake])
  func fires(state: RolloutState) async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: state))
    // Past the schedule's own update, which follows the alias's.
    _ = await world.deploy(events: [.diesBefore(number + 1)])
    #expect(world.account.record()?.state == state)
    #expect(world.account.isArmed())
    let due = try #require(Self.schedules(world).first.flatMap(SimulatedAccount.time))
    world.clock.advance(by: due - .seconds(1) - world.clock.now())
    #expect(world.account.runSchedules().isEmpty)
    world.clock.advance(by: .seconds(1))
    #expect(world.account.runSchedules() == ["orders"])
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.record()?.state == .rolledBack(.deadMan))
    #expect(world.account.record()?.badVersions == [])

    let next = await world.deploy("ci-2")
    #expect(next.outcome == .promoted)
    #expect(next.error == nil)
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(Self.schedules(world).isEmpty)
  }

  @Test("a living run never lets it fire, moves it with every write of the alias, and removes it at the end")
  func living() async throws {
    let world = try await Self.world(wanting: "good2", steps: "10%:30m,50%:30m")
    var hooks: [Int: @Sendable () async -> Void] = [:]
    for number in 1...200 {
      hooks[number] = {
        #expect(world.account.runSchedules().isEmpty)
      }
    }
    let run = await world.deploy(hooks: hooks)
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    #expect(Self.schedules(world).isEmpty)
    let calls = run.connection.calls
    let writes = calls.indices.filter { calls[$0].hasPrefix("UpdateAlias") }
    #expect(writes.count > 20)
    for index in writes.dropLast() { #expect(calls[index + 1] == "UpdateSchedule") }
    // Before the last write: what has passed must not go back, even if that write fails.
    #expect(calls.suffix(2) == ["DeleteSchedule", "UpdateAlias orders"])
  }

  @Test("once anybody has written the alias since, it does nothing")
  func stale() async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number + 1)])
    world.account.heartbeat()
    world.clock.advance(by: .minutes(60))
    #expect(world.account.runSchedules().isEmpty)
    #expect(world.account.alias()?.weights == ["2": 0.1])
  }

  @Test("a run that dies between alias and schedule leaves a record that the next run goes on from")
  func between() async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number)])
    #expect(world.account.record()?.state == .canary)
    #expect(!world.account.isArmed())
    world.clock.advance(by: .minutes(20))
    #expect(world.account.runSchedules().isEmpty)
    #expect(await world.deploy("ci-2").outcome == .promoted)
    #expect(Self.schedules(world).isEmpty)
  }

  @Test("whoever may not write schedules is told before any traffic has moved")
  func denied() async throws {
    for operation in ["CreateSchedule", "UpdateSchedule"] {
      let world = try await Self.world(wanting: "good2")
      world.account.state.withLock { $0.denied = [operation] }
      let run = await world.deploy()
      #expect(run.errorName == "aws")
      #expect(run.report?.hasMovedTraffic == false)
      #expect(!run.connection.calls.contains { $0.hasPrefix("UpdateAlias") })
      #expect(world.account.alias()?.weights == [:])
    }
  }

  @Test("where it cannot be moved forward later, that is told once and the release goes on")
  func broken() async throws {
    let world = try await Self.world(wanting: "good2", steps: "10%:10m")
    let number = try #require(await world.firstCall(in: .canary))
    let run = await world.deploy(hooks: [
      number: { world.account.state.withLock { $0.denied = ["UpdateSchedule"] } }
    ])
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    let told = run.events.filter { event in
      guard case .note("orders", let text) = event else { return false }
      return text.hasPrefix("the dead-man switch could not be moved forward, so that")
    }
    #expect(told.count == 1)
  }

  @Test("a hold, a rollback, an abort and a verdict remove it")
  func removed() async throws {
    let held = try await Self.world(wanting: "good2")
    #expect(await held.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    #expect(Self.schedules(held).isEmpty)
    #expect(await held.takeOver(.promote).outcome == .promoted)
    #expect(Self.schedules(held).isEmpty)

    let convicted = try await Self.world(wanting: "bad2", functions: ["a", "b"])
    let run = await convicted.deploy()
    #expect(run.outcome == .rolledBack)
    #expect(Self.schedules(convicted).isEmpty)
    // Nothing keeps traffic that goes back waiting.
    let calls = run.connection.calls
    let last = try #require(calls.lastIndex { $0.hasPrefix("UpdateAlias") })
    #expect(try #require(calls.firstIndex(of: "DeleteSchedule")) > last)

    for isAbort in [true, false] {
      let world = try await Self.world(wanting: "good2")
      let number = try #require(await world.firstCall(in: .canary))
      _ = await world.deploy(events: [.diesBefore(number + 1)])
      #expect(Self.schedules(world).count == 1)
      let back = isAbort ? await world.abort() : await world.rollBack()
      #expect(back.outcome == .rolledBack)
      #expect(Self.schedules(world).isEmpty)
    }
  }

  @Test("a tick that finds nothing due moves it forward without a write of the alias")
  func ticks() async throws {
    let world = try await Self.world(wanting: "good2", steps: "10%:60m")
    #expect(await world.deploy(configure: { $0.detaches = true }).outcome == .detached)
    #expect(world.account.isArmed())
    for _ in 1...4 {
      world.clock.advance(by: .minutes(10))
      #expect(world.account.runSchedules().isEmpty)
      let run = await world.takeOver(.tick, "cron")
      #expect(run.outcome == .detached)
      #expect(run.connection.writes == ["UpdateSchedule"])
    }
    world.clock.advance(by: .minutes(16))
    #expect(world.account.runSchedules() == ["orders"])
    #expect(world.account.alias()?.functionVersion == "1")
    // Whoever comes too late is told.
    let late = await world.takeOver(.tick, "cron")
    #expect(late.outcome == .unchanged)
    #expect(
      late.events.contains { event in
        if case .note("orders", let text) = event {
          text.contains("dead-man switch of release")
        } else {
          false
        }
      })
  }

  @Test("a run whose traffic the switch has taken back is told so, and touches nothing more")
  func overtaken() async throws {
    let world = try await Self.world(wanting: "good2", steps: "10%:10m")
    let number = try #require(await world.firstCall(in: .canary))
    let run = await world.deploy(hooks: [
      number + 2: {
        // Asleep for longer than the switch waits.
        world.clock.advance(by: .minutes(20))
        #expect(world.account.runSchedules() == ["orders"])
      }
    ])
    #expect(run.errorName == "touched")
    #expect("\(run.error.map { "\($0)" } ?? "")".contains("the dead-man switch of release"))
    #expect(world.account.record()?.state == .rolledBack(.deadMan))
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test("where all traffic moves at once and nothing is watched there is no schedule")
  func immediate() async throws {
    let world = try await Self.world(wanting: "good2")
    let run = await world.deploy(configure: {
      $0.plan = .allAtOnce
      $0.bake = .zero
    })
    #expect(run.outcome == .promoted)
    #expect(!run.connection.calls.contains { $0.hasSuffix("Schedule") })
  }

  @Test(
    "a release that has passed never goes back in part, whatever write of its end fails", arguments: [0.0, 5])
  func passed(bake: Double) async throws {
    let names = ["a", "b", "c"]
    let probe = try await Self.world(wanting: "good2", functions: names)
    probe.configure { $0.bake = .minutes(bake) }
    let calls = await probe.copy().deploy().connection.calls
    let promotion = try #require(calls.lastIndex { $0 == "UpdateAlias a" }) - (bake > 0 ? 3 : 4)
    for number in (promotion + 1)...calls.count where calls[number - 1].hasPrefix("UpdateAlias") {
      for event in [Connection.Event.fails(number), .diesBefore(number)] {
        let world = probe.copy()
        _ = await world.deploy(events: [event])
        world.clock.advance(by: .minutes(60))
        world.account.runSchedules()
        let serving = Set(names.map { world.account.alias($0)?.functionVersion })
        let isForward = names.contains { world.account.record($0)?.state.isUnderWay == true }
        // All on one version, or on the way to the new one for whoever comes next.
        #expect(
          serving.count == 1 || (isForward && bake == 0), "\(event) of \(calls[number - 1]): \(serving)")
        #expect(await world.deploy("ci-2").error == nil)
        #expect(Set(names.map { world.account.alias($0)?.functionVersion }).count == 1, "\(event)")
      }
    }
  }

  @Test("EventBridge that is at work on a schedule already is asked again")
  func conflicts() async throws {
    let world = try await Self.world(wanting: "good2")
    world.account.state.withLock { $0.scheduleConflicts = 2 }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    #expect(
      !run.events.contains { event in
        if case .note(_, let text) = event { text.contains("dead-man") } else { false }
      })
    #expect(Self.schedules(world).isEmpty)
  }

  @Test("the switch of a dead run's canary stays armed until a new release has its first weight")
  func inherited() async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number + 1)])
    world.clock.advance(by: .minutes(6))
    world.want { $0.code = "good3" }
    let seen = Lock<[Bool]>([])
    var hooks: [Int: @Sendable () async -> Void] = [:]
    for call in 1...14 { hooks[call] = { seen.withLock { $0.append(world.account.isArmed()) } } }
    let run = await world.deploy("ci-2", hooks: hooks)
    #expect(run.outcome == .promoted)
    let first = try #require(run.connection.calls.firstIndex { $0.hasPrefix("UpdateAlias") })
    #expect(seen.withLock { $0.prefix(first + 1) }.allSatisfy { $0 })
  }

  @Test("a release that ends before its first weight ends the canary that it was to take the place of")
  func superseding() async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number + 1)])
    #expect(world.account.alias()?.weights == ["2": 0.1])
    world.clock.advance(by: .minutes(6))
    world.want { $0.code = "good3" }
    let calls = await world.copy().deploy("ci-2").connection.calls
    let weight = try #require(calls.firstIndex { $0.hasPrefix("UpdateAlias") }) + 1
    for event in [Connection.Event.cancels(weight), .cancels(weight - 1), .fails(weight), .fails(weight - 1)]
    {
      let world = world.copy()
      let run = await world.deploy("ci-2", events: [event])
      #expect(world.account.alias()?.weights == [:], "\(event)")
      #expect(world.account.alias()?.functionVersion == "1", "\(event)")
      #expect(run.report?.functions.first?.serving == ["1": 1], "\(event)")
      #expect(Self.schedules(world).isEmpty, "\(event)")
    }
  }

  @Test("a release that ends before its first weight leaves no schedule behind")
  func withdrawn() async throws {
    let world = try await Self.world(wanting: "good2", functions: ["a", "b"])
    let calls = await world.copy().deploy().connection.calls
    let first = try #require(calls.firstIndex { $0.hasPrefix("UpdateAlias") }) + 1
    let run = await world.deploy(events: [.fails(first)])
    #expect(run.error != nil)
    #expect(world.account.alias("a")?.weights == [:])
    #expect(Self.schedules(world).isEmpty)
  }

  @Test("names are those that EventBridge takes, and two functions never share one")
  func names() {
    let long = String(repeating: "a", count: 64)
    let functions = [
      "orders", "or.ders", "shop_orders-1", long, String(long.dropLast()) + "b",
      "arn:aws:lambda:eu-west-1:123456789012:function:orders",
    ]
    let names = functions.flatMap { function in
      ["prod", "staging", String(repeating: "x", count: 100)].map {
        DeadManSchedule.name(of: function, alias: $0)
      }
    }
    for name in names {
      #expect((1...64).contains(name.count))
      #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    }
    #expect(Set(names).count == names.count)
  }

  @Test("the schedule is one UpdateAlias back, with the alias's revision")
  func target() async throws {
    let world = try await Self.world(wanting: "good2")
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number + 1)])
    let schedule = try #require(Self.schedules(world).first)
    #expect(schedule.targetARN == "arn:aws:scheduler:::aws-sdk:lambda:updateAlias")
    #expect(schedule.roleARN == Self.settings.role)
    #expect(schedule.deletesItself)
    let input = try JSON(parsing: schedule.input)
    #expect(input["FunctionName"] == "orders")
    #expect(input["Name"] == "prod")
    #expect(input["FunctionVersion"] == "1")
    #expect(input["RoutingConfig"] == ["AdditionalVersionWeights": .object(JSONObject())])
    #expect(input["RevisionId"]?.string == world.account.alias()?.revisionID)
    #expect(input["Description"]?.string?.hasPrefix("lamctl/1 ") == true)
  }
}
