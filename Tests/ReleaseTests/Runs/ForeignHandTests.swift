import AWSClient
import Core
import Release
import TestSupport
import Testing

/// Releases of several functions, one alias of which somebody takes while a run drives them.
@Suite("Somebody else's hand at one alias of a release")
struct ForeignHandTests {
  private static let names = ["fn0", "fn1", "fn2", "fn3"]

  /// What somebody does to `fn1`.
  enum Hand: String, CaseIterable, Sendable {
    case moved, promoted, reweighted, deleted, rolledBack

    func act(in world: World) async {
      let account = world.account
      switch self {
      case .moved: account.edit("fn1", version: "1", weights: [:])
      case .promoted: account.edit("fn1", version: "2", weights: [:])
      case .reweighted:
        let other = account.alias("fn1")?.functionVersion == "2" ? "1" : "2"
        account.edit("fn1", weights: [other: 0.35])
      case .deleted: account.change("fn1") { $0.aliases["prod"] = nil }
      case .rolledBack: _ = await world.rollBack(selected: ["fn1"])
      }
    }
  }

  private static func world(code: String = "good2") async throws -> World {
    let world = try await World.running(
      Dictionary(uniqueKeysWithValues: names.map { ($0, Wanted("good1")) }))
    world.wantEverywhere(code)
    return world
  }

  /// The calls from the first weight of all functions on to the last look of the bake.
  private static func moments(_ world: World) async throws -> Range<Int> {
    let probe = await world.probe().connection.calls
    let first = try #require(probe.firstIndex(of: "UpdateAlias fn3")) + 2
    let end = try #require(probe.lastIndex { $0 == "GetMetricData" }) + 1
    return first..<end
  }

  @Test(
    "leaves that alias as it is and takes all others back within one look, and the next run of anything gets through",
    arguments: Hand.allCases)
  func everyMoment(hand: Hand) async throws {
    let world = try await Self.world()
    let moments = try await Self.moments(world)
    // A prime stride meets every kind of call.
    for moment in stride(from: moments.lowerBound, to: moments.upperBound, by: 7) {
      try await check(hand, before: moment, in: world.copy())
    }
  }

  private func check(_ hand: Hand, before moment: Int, in world: World) async throws {
    let words = Comment(rawValue: "\(hand) before call \(moment)")
    let left = Lock<(alias: AliasConfiguration?, at: Timestamp)?>(nil)
    let run = await world.deploy(hooks: [
      moment: {
        await hand.act(in: world)
        left.withLock { $0 = (world.account.alias("fn1"), world.clock.now()) }
      }
    ])
    let (seen, time) = try #require(left.withLock { $0 }, words)
    // Where everybody was promoted for good already it is no part of this release any more.
    guard run.outcome != .promoted else { return }
    #expect(world.account.alias("fn1") == seen, words)
    for name in Self.names where name != "fn1" {
      #expect(world.account.alias(name)?.functionVersion == "1", words)
      #expect(world.account.alias(name)?.weights == [:], words)
      #expect(world.account.record(name)?.state.isUnderWay == false, words)
    }
    let back = world.account.state.withLock { $0.functions["fn0"]?.routes.last?.since } ?? time
    #expect(back - time <= .seconds(66), words)
    #expect(run.outcome == .rolledBack, words)
    #expect(run.errorName == "touched", words)
    #expect(run.report?.isPartial == false, words)
    try await checkNextRuns(world, words)
  }

  private func checkNextRuns(_ world: World, _ words: Comment) async throws {
    // Nothing is left to go on with, and nobody stumbles over it.
    let resumed = world.copy()
    #expect(await resumed.takeOver(.resume).error == nil, words)
    let next = world.copy()
    next.wantEverywhere("good3")
    let run = try await next.deploy("ci-2", waiting: nil)
    #expect(run.error == nil, words)
    #expect(run.outcome == .promoted, words)
    for name in Self.names {
      #expect(
        next.account.alias(name).flatMap { next.account.code($0.functionVersion, of: name) } == "good3", words
      )
      #expect(next.account.alias(name)?.weights == [:], words)
    }
  }

  @Test("a Description that somebody edits loses no function: the record is written again, the text kept")
  func edited() async throws {
    let world = try await Self.world()
    let moments = try await Self.moments(world)
    for (index, moment) in stride(from: moments.lowerBound, to: moments.upperBound - 12, by: 23).enumerated()
    {
      let world = world.copy()
      let isAppended = index.isMultiple(of: 2)
      let run = await world.deploy(hooks: [
        moment: {
          let text = world.account.alias("fn1")?.description ?? ""
          world.account.edit("fn1", description: isAppended ? text + " ; call Ann first" : "call Ann first")
        }
      ])
      #expect(run.error == nil, "before call \(moment)")
      #expect(run.outcome == .promoted, "before call \(moment)")
      #expect(world.account.record("fn1")?.state == .idle, "before call \(moment)")
      #expect(world.account.alias("fn1")?.description.hasSuffix("; call Ann first") == true)
    }
  }

  @Test("a version that is put live while the plan is being made is not overwritten")
  func duringPlanning() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] {
      world.account.change(name) { function in
        function.latest["CodeSha256"] = "good-hotfix"
        _ = function.publish(description: "by hand", at: world.clock.now())
        function.latest["CodeSha256"] = "good1"
      }
    }
    world.clock.advance(by: .minutes(1))
    world.wantEverywhere("good2")
    let calls = await world.probe().connection.planning.count
    for moment in 1...calls {
      let world = world.copy()
      let connection = Connection(world.account)
      let planned = try await world.plan(connection) { call in
        if call == moment { world.account.edit("b", version: "2") }
      }
      let run = await world.deploy(planned, "ci-1")
      let serving = world.account.alias("b")?.functionVersion
      let record = world.account.record("b")
      // Either it was seen, and released over with the way back to it, or the run was refused and it serves on.
      if run.outcome == .promoted {
        #expect(record?.previous == "2", "moved before call \(moment)")
      } else {
        #expect(serving == "2", "moved before call \(moment)")
        #expect(run.error != nil, "moved before call \(moment)")
      }
    }
  }

  @Test("a rollback does not overwrite what a person has put there since it looked")
  func beforeRollback() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    _ = await world.deploy()
    world.account.change { function in
      function.latest["CodeSha256"] = "good-hotfix"
      _ = function.publish(description: "by hand", at: world.clock.now())
    }
    let write =
      try #require(
        await world.copy().rollBack().connection.calls.firstIndex(of: "UpdateAlias orders")) + 1
    let moved = world.copy()
    let run = await moved.rollBack(hooks: [write: { moved.account.edit(version: "3") }])
    #expect(run.errorName == "touched")
    #expect(moved.account.alias()?.functionVersion == "3")
    // One that has only edited the text is no rival.
    let edited = world.copy()
    let other = await edited.rollBack(hooks: [write: { edited.account.edit(description: "ours") }])
    #expect(other.error == nil)
    #expect(edited.account.alias()?.functionVersion == "1")
  }

  @Test("all at once, what is said to serve is what serves, and not what was meant")
  func allAtOnce() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    world.configure { settings in
      settings.plan = .allAtOnce
      settings.bake = .zero
    }
    world.account.change { function in
      function.latest["CodeSha256"] = "good-hotfix"
      _ = function.publish(description: "by hand", at: world.clock.now())
    }
    let probe = await world.probe()
    let write =
      try #require(
        probe.connection.calls.firstIndex(of: "UpdateAlias orders"), "\(probe.error.map { "\($0)" } ?? "")")
      + 1
    let run = await world.deploy(hooks: [write: { world.account.edit(version: "2") }])
    #expect(run.errorName == "touched")
    #expect(run.outcome == .failed)
    #expect(run.report?.functions.first?.serving == ["2": 1])
    #expect(world.account.alias()?.functionVersion == "2")
  }

  @Test("rollback of a part of a release that is under way takes all of it back, and says so")
  func narrowed() async throws {
    let world = try await Self.world()
    let look = try #require(await world.firstCall(in: .canary, of: "fn3"))
    _ = await world.deploy("dead", events: [.diesBefore(look)])
    let run = await world.rollBack(selected: ["fn2"])
    #expect(run.error == nil)
    #expect(run.report?.warnings.contains { $0.contains("goes back as a whole") } == true)
    for name in Self.names { #expect(world.account.alias(name)?.weights == [:]) }
  }

  @Test("a rollback of a whole release that dies half way is completed by the next deploy", arguments: 1...4)
  func halfRolledBack(writes: Int) async throws {
    let world = try await Self.world()
    #expect(await world.deploy().outcome == .promoted)
    let calls = await world.copy().rollBack().connection.calls
    let places = calls.indices.filter { calls[$0].hasPrefix("UpdateAlias") }
    _ = await world.rollBack(events: [.diesAfter(places[writes - 1] + 1)])
    world.clock.advance(by: .minutes(6))
    world.wantEverywhere("good3")
    let run = try await world.deploy("ci-2", waiting: nil)
    #expect(run.outcome == .promoted)
    for name in Self.names {
      #expect(world.account.record(name)?.previous == "1", "\(name)")
      #expect(world.account.record(name)?.badVersions == ["2"], "\(name)")
    }
  }

  @Test("what a person narrows to a part of a release that is through stays a part")
  func narrowedAtRest() async throws {
    let world = try await Self.world()
    #expect(await world.deploy().outcome == .promoted)
    #expect(await world.rollBack(selected: ["fn2"]).outcome == .rolledBack)
    world.clock.advance(by: .minutes(6))
    world.want("fn0") { $0.code = "good3" }
    for name in ["fn1", "fn3"] { world.want(name) { $0.code = "good2" } }
    world.want("fn2") { $0.code = "good1" }
    let run = try await world.deploy("ci-2", waiting: nil)
    #expect(run.outcome == .promoted)
    #expect(Self.names.map { world.account.alias($0)?.functionVersion } == ["3", "2", "1", "2"])
  }
}
