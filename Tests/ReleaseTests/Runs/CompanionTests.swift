import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Companions of an environment's alias")
struct CompanionTests {
  /// A world with a function that serves version 1, and companions wanted.
  private static func world(bake: TimeSpan = .minutes(5)) async throws -> World {
    let world = try World()
    world.configure { settings in
      settings.companions = CompanionAliases(canary: "green", stable: "blue")
      settings.bake = bake
    }
    _ = await world.deploy("setup")
    world.clock.advance(by: .minutes(180))
    return world
  }

  /// The code behind green and blue.
  private static func codes(_ world: World) -> [String?] {
    let aliases = world.account.state.withLock { $0.functions["orders"]?.aliases ?? [:] }
    return ["green", "blue"].map { world.account.code(aliases[$0]?.functionVersion ?? "none") }
  }

  @Test("a first deploy makes them before the alias of the environment")
  func first() async throws {
    let world = try World()
    world.configure { $0.companions = CompanionAliases(canary: "green", stable: "blue") }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(Self.codes(world) == ["good1", "good1"])
    #expect(run.connection.writes.suffix(3) == Array(repeating: "CreateAlias orders", count: 3))
    let made = world.account.state.withLock { $0.functions["orders"]?.aliases["green"]?.description }
    #expect(made == "lamctl/1 alias m=prod w=canary")
  }

  @Test(
    "green goes ahead of the first weight, and blue follows after the bake",
    arguments: [TimeSpan.minutes(5), .zero], ["10%:5m", "100%"])
  func good(bake: TimeSpan, steps: String) async throws {
    let world = try await Self.world(bake: bake)
    world.want { $0.code = "good2" }
    let plan = try StepPlan(parsing: steps)
    world.configure { $0.plan = plan }
    let seen = Lock<[String]>([])
    var hooks: [Int: @Sendable () async -> Void] = [:]
    for call in 1...200 {
      hooks[call] = {
        guard let alias = world.account.alias(), let state = world.account.record()?.state.word else {
          return
        }
        let isNew = alias.functionVersion == "2" || !alias.weights.isEmpty
        let codes = Self.codes(world).map { $0 ?? "none" }.joined(separator: "/")
        let words = "\(isNew ? "traffic" : "none") \(state) \(codes)"
        seen.withLock { if $0.last != words { $0.append(words) } }
      }
    }
    let run = await world.deploy(hooks: hooks)
    #expect(run.outcome == .promoted && run.error == nil)
    #expect(Self.codes(world) == ["good2", "good2"])
    let states = seen.withLock { $0 }
    #expect(states.filter { $0.hasPrefix("traffic") }.allSatisfy { $0.contains("good2/") }, "\(states)")
    // While the record tells of a way back, blue is there.
    #expect(!states.contains { $0.contains("canary") && $0.hasSuffix("/good2") }, "\(states)")
    #expect(run.connection.writes.filter { $0 == "UpdateAlias orders" }.count <= 12)
  }

  @Test("both name the old version after a rollback, also one by hand")
  func bad() async throws {
    let world = try await Self.world()
    world.want { $0.code = "bad-utterly2" }
    #expect(await world.deploy().outcome == .rolledBack)
    #expect(Self.codes(world) == ["good1", "good1"])
    world.want { $0.code = "good3" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(Self.codes(world) == ["good3", "good3"])
    #expect(await world.rollBack().outcome == .rolledBack)
    #expect(Self.codes(world) == ["good1", "good1"])
  }

  @Test("an alias of the name that is not lamctl's is found before anything is uploaded")
  func foreign() async throws {
    let world = try await Self.world()
    world.want { $0.code = "good2" }
    world.account.change { function in
      let alias = function.aliases["blue"]
      function.aliases["blue"] = alias.map {
        AliasConfiguration(
          name: $0.name, aliasARN: "", functionVersion: "1", weights: [:], description: "of the web shop",
          revisionID: "theirs")
      }
    }
    let run = await world.deploy()
    #expect(run.errorName == "foreignAlias")
    #expect(run.connection.writes.isEmpty)
    #expect(world.account.state.withLock { $0.functions["orders"]?.aliases["blue"]?.revisionID } == "theirs")
  }

  @Test("an unchanged deploy makes no call for them")
  func unchanged() async throws {
    let world = try await Self.world()
    let run = await world.deploy()
    #expect(run.outcome == .unchanged)
    #expect(run.connection.calls.isEmpty)
  }

  @Test(
    "whatever call dies or loses its answer, the next run leaves them as the record says",
    arguments: ["good2", "bad-utterly2"], [TimeSpan.minutes(5), .zero])
  func disturbed(code: String, bake: TimeSpan) async throws {
    let start = try await Self.world(bake: bake)
    start.want { $0.code = code }
    let calls = await start.probe().connection.calls
    #expect(calls.count > 10)
    for (index, call) in calls.enumerated() where ModelStep.changes(call) {
      for event in [Connection.Event.diesBefore(index + 1), .diesAfter(index + 1), .losesAnswer(index + 1)] {
        let world = start.copy()
        _ = await world.deploy("first", events: [event])
        world.clock.advance(by: .minutes(6))
        _ = try await world.deploy("second", waiting: nil)
        Self.check(world, "\(code), \(event) at \(call)")
      }
    }
  }

  @Test("two pipelines at once leave them to the one that has the traffic")
  func two() async throws {
    let start = try await Self.world()
    start.want { $0.code = "good2" }
    let calls = await start.probe().connection.calls
    for (index, call) in calls.enumerated() where ModelStep.changes(call) {
      let world = start.copy()
      _ = await world.deploy(
        "first",
        hooks: [
          index + 1: {
            world.want { $0.code = "good3" }
            _ = try? await world.deploy("other", waiting: nil)
          }
        ])
      world.clock.advance(by: .minutes(6))
      _ = try await world.deploy("second", waiting: nil)
      Self.check(world, "other before \(call)")
    }
  }

  /// Whether what the companions name goes with the record.
  private static func check(_ world: World, _ words: Comment) {
    guard let record = world.account.record(), let stable = record.stable else {
      Issue.record(words)
      return
    }
    #expect(!record.state.isUnderWay, words)
    let code = world.account.code(stable)
    #expect(Self.codes(world) == [code, code], words)
  }

  @Test("their versions stay when old ones are deleted")
  func prune() async throws {
    let world = try await Self.world()
    for number in 2...4 {
      world.want { $0.code = "good\(number)" }
      #expect(await world.deploy().outcome == .promoted)
      world.clock.advance(by: .minutes(25 * 60))
    }
    // As a run leaves it that has died right before it came to them.
    world.account.change { function in
      function.aliases["blue"] = function.aliases["blue"].map {
        AliasConfiguration(
          name: $0.name, aliasARN: "", functionVersion: "1", weights: [:], description: $0.description,
          revisionID: "old")
      }
    }
    let (results, _) = try await world.prune(keep: 1)
    #expect(results.flatMap(\.deleted).map(\.version) == ["2"])
  }
}
