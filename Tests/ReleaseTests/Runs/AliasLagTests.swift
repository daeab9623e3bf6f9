import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Where reads of aliases lag behind writes")
struct AliasLagTests {
  private static let lags = [0.02, 0.2, 2, 5, 10]

  private static func world(lag: Double, code: String) async throws -> World {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { world.account.change(name) { $0.staleness = .seconds(lag) } }
    world.wantEverywhere(code)
    return world
  }

  private static func aliasWrites(_ run: RunResult) -> [Int] {
    let calls = run.connection.calls
    return calls.indices.filter { calls[$0].hasPrefix("UpdateAlias") }.map { $0 + 1 }
  }

  @Test(
    "a release is promoted, also where the answer of a write is lost, and of two in a row", arguments: lags)
  func promoted(lag: Double) async throws {
    let world = try await Self.world(lag: lag, code: "good2")
    let probe = await world.probe()
    #expect(probe.error == nil)
    #expect(probe.outcome == .promoted)
    for write in Self.aliasWrites(probe) {
      for events in [[Connection.Event.losesAnswer(write)], [.losesAnswer(write), .losesAnswer(write + 1)]] {
        let world = world.copy()
        let run = await world.deploy(events: events)
        #expect(run.error == nil, "\(events)")
        #expect(run.outcome == .promoted, "\(events)")
        for name in ["a", "b"] { #expect(world.account.record(name)?.state == .idle, "\(events)") }
      }
    }
  }

  @Test("a bad release goes back, and the run says so and nothing else", arguments: lags)
  func rolledBack(lag: Double) async throws {
    let world = try await Self.world(lag: lag, code: "bad2")
    let run = await world.deploy()
    #expect(run.error == nil)
    #expect(run.outcome == .rolledBack)
    for name in ["a", "b"] { #expect(world.account.alias(name)?.functionVersion == "1") }
  }

  @Test("a rollback by command is no less of one, whichever answer is lost", arguments: lags)
  func byCommand(lag: Double) async throws {
    let world = try await Self.world(lag: lag, code: "good2")
    #expect(await world.deploy().outcome == .promoted)
    world.clock.advance(by: .minutes(1))
    for write in Self.aliasWrites(await world.copy().rollBack()) {
      let world = world.copy()
      let run = await world.rollBack(events: [.losesAnswer(write)])
      #expect(run.error == nil, "call \(write)")
      for name in ["a", "b"] { #expect(world.account.alias(name)?.functionVersion == "1", "call \(write)") }
    }
  }

  @Test("a release that follows another at once is planned anew until both readings agree", arguments: lags)
  func atOnce(lag: Double) async throws {
    let world = try await Self.world(lag: lag, code: "good2")
    world.configure { settings in
      settings.plan = .allAtOnce
      settings.bake = .zero
    }
    #expect(await world.deploy().outcome == .promoted)
    world.wantEverywhere("good3")
    let run = try await world.deploy("ci-2", waiting: nil)
    #expect(run.outcome == .promoted, "\(run.error.map { "\($0)" } ?? ""): \(run.connection.calls)")
    for name in ["a", "b"] {
      #expect(world.account.code(world.account.alias(name)?.functionVersion, of: name) == "good3")
      #expect(world.account.record(name)?.previous == "2")
    }
  }

  @Test("a version that Lambda does not find yet is waited for: it is no deleted alias", arguments: lags)
  func unseenVersion(lag: Double) async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.wantEverywhere("good2")
    let calls = await world.probe().connection.calls
    let canary = try #require(calls.firstIndex { $0.hasPrefix("UpdateAlias") }) + 1
    let run = await world.deploy(hooks: [
      canary: {
        let until = world.clock.now() + .seconds(lag)
        for name in ["a", "b"] { world.account.change(name) { $0.newestUnfoundUntil = until } }
      }
    ])
    #expect(run.error == nil)
    #expect(run.outcome == .promoted)
  }
}
