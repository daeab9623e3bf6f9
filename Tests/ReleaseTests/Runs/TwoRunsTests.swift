import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Two runs at one alias")
struct TwoRunsTests {
  /// A world whose last run died while its canary had a weight.
  private func withDeadCanary(_ functions: [String] = ["orders"], code: String = "good2") async throws
    -> World
  {
    let world = try await World.running(
      Dictionary(uniqueKeysWithValues: functions.map { ($0, Wanted("good1")) }))
    for name in functions { world.want(name) { $0.code = code } }
    let first = try #require(await world.probe().connection.firstLook)
    _ = await world.deploy("dead", events: [.diesBefore(first + 1)])
    for name in functions { try #require(world.account.alias(name)?.weights == ["2": 0.1]) }
    return world
  }

  @Test("a lease that runs out is taken over, and the canary goes on to its promotion")
  func takeover() async throws {
    let world = try await withDeadCanary()
    let before = world.clock.now()
    let run = await world.deploy("ci-2")
    #expect(run.outcome == .promoted)
    #expect(world.account.record()?.state == .idle)
    #expect(world.clock.now() - before >= .minutes(5))
    #expect(!run.connection.writes.contains("PublishVersion orders"))
    #expect(run.events.contains { if case .leaseWatched = $0 { true } else { false } })
  }

  @Test("a lease that is renewed means that its owner lives: the other run ends and touches nothing")
  func renewed() async throws {
    let world = try await withDeadCanary()
    let account = world.account
    let run = await world.deploy("ci-2", onAliasRead: { if $0 == 4 { account.heartbeat() } })
    #expect(run.errorName == "owned")
    #expect(run.connection.writes.isEmpty)
    #expect(world.account.alias()?.weights == ["2": 0.1])
  }

  @Test("with --take-over the lease is not waited for")
  func seized() async throws {
    let world = try await withDeadCanary()
    let run = await world.deploy("ci-2", configure: { $0.takesOver = true })
    #expect(run.outcome == .promoted)
    #expect(!run.events.contains { if case .leaseWatched = $0 { true } else { false } })
  }

  @Test("a bad canary that a dead run left is taken back by the next")
  func badResumed() async throws {
    let world = try await withDeadCanary(code: "bad2")
    let run = await world.deploy("ci-2")
    #expect(run.outcome == .rolledBack)
    #expect(world.account.record()?.bad == "2")
  }

  @Test("a change that was taken back in the repository ends the canary", arguments: [true, false])
  func takenBack(isSettings: Bool) async throws {
    let world = try await World.running()
    world.want { wanted in
      if isSettings {
        wanted.settings["TracingConfig"] = ["Mode": "Active"]
      } else {
        wanted.code = "good2"
      }
    }
    let first = try #require(await world.probe().connection.firstLook)
    _ = await world.deploy("dead", events: [.diesBefore(first + 1)])
    world.want { $0 = Wanted("good1") }
    let run = await world.deploy("ci-2")
    #expect(run.error == nil)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.record()?.bad == nil)
  }

  @Test("a change to other inputs that build the stable package ends the canary too")
  func takenBackByContent() async throws {
    let world = try await withDeadCanary()
    world.want {
      $0.code = "good1"
      $0.source = "only a comment differs"
    }
    let run = await world.deploy("ci-2")
    #expect(run.error == nil)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.record()?.state.isUnderWay == false)
  }

  @Test("a newer change takes the place of a dead canary")
  func superseded() async throws {
    let world = try await withDeadCanary(code: "bad2")
    world.want { $0.code = "good3" }
    #expect(await world.deploy("ci-2").outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "3")
    #expect(world.account.record()?.previous == "1")
  }

  @Test(
    "a run that was paused and finds another's record touches nothing, whatever their names",
    arguments: ["ci-1", "ci-2"])
  func paused(other: String) async throws {
    let probe = try await World.running()
    probe.want { $0.code = "good2" }
    let calls = await probe.deploy().connection.calls
    let writes = calls.indices.filter { calls[$0] == "UpdateAlias orders" }
    for index in writes {
      let world = try await World.running()
      world.want { $0.code = "good2" }
      let outcome = Lock<AliasConfiguration?>(nil)
      let run = await world.deploy(
        "ci-1",
        hooks: [
          index + 1: {
            world.clock.advance(by: .minutes(6))
            let before = world.account.alias()
            // The other run is killed in its turn, so that its record is still there to be overwritten.
            _ = await world.deploy(other, events: [.diesBefore(9)])
            let after = world.account.alias()
            if before != after { outcome.withLock { $0 = after } }
          }
        ])
      let other = try #require(outcome.withLock { $0 }, "the other run wrote nothing")
      let now = try #require(world.account.alias())
      // Two runs of one name write the same last word; for all else the paused one must have been refused.
      if now.revisionID != other.revisionID { #expect(world.account.record()?.state == .idle) }
      #expect(now.functionVersion == other.functionVersion, "paused before call \(index + 1)")
      #expect(now.weights == other.weights, "paused before call \(index + 1)")
      #expect(now.description == other.description, "paused before call \(index + 1)")
      if now.revisionID == other.revisionID, world.account.record()?.state != .idle {
        #expect(["owned", "takenOver"].contains(run.errorName ?? "none"))
      }
    }
  }

  @Test("of two runs that start together exactly one wins; the other writes no alias", arguments: 1...7)
  func together(pause: Int) async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let inner = Lock<RunResult?>(nil)
    let outer = await world.deploy(
      "ci-1",
      hooks: [
        pause: {
          let run = await world.deploy("ci-2")
          inner.withLock { $0 = run }
        }
      ])
    let other = try #require(inner.withLock { $0 })
    let winners = [outer, other].filter { $0.outcome == .promoted }
    #expect(winners.count == 1)
    for loser in [outer, other] where loser.outcome != .promoted {
      #expect(
        ["owned", "changedMeanwhile", "overtaken"].contains(loser.errorName ?? "none"),
        "\(loser.error.map { "\($0)" } ?? ""): \(loser.connection.calls)")
      #expect(loser.connection.writes.filter { $0.hasPrefix("UpdateAlias") }.count <= 1)
    }
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.record()?.state == .idle)
  }

  @Test(
    "a version never holds the code of one run with the settings of another, however far reads lag",
    arguments: [0, 0.2, 2, 10])
  func mixture(lag: Double) async throws {
    let start = try await World.running()
    start.account.lagBehind(.seconds(lag))
    start.want { $0.code = "good2" }
    let calls = await start.probe().connection.calls
    let last = try #require(calls.firstIndex(of: "PublishVersion orders")) + 2
    for pause in 1...last {
      for death in 2...7 {
        let world = start.copy()
        let run = await world.deploy(
          "ci-1",
          hooks: [
            pause: {
              world.want { $0 = Wanted("good1") }
              world.want { $0.settings["Timeout"] = 30 }
              // It gets as far as its settings, or its version.
              _ = await world.deploy("ci-2", events: [.diesBefore(death)])
              world.clock.advance(by: .seconds(5))
            }
          ])
        for number in 0..<world.account.versionCount() {
          let version = "\(number + 1)"
          let isMixed =
            world.account.code(version) == "good2" && world.account.members(version)?["Timeout"] == 30
          #expect(!isMixed, "paused before call \(pause), death \(death): \(String(describing: run.outcome))")
        }
      }
    }
  }
}
