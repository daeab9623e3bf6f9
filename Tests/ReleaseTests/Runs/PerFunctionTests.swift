import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Functions that stand alone")
struct PerFunctionTests {
  private func world(_ codes: [String: String]) async throws -> World {
    let world = try await World.running(codes.mapValues { _ in Wanted("good1") })
    world.configure { $0.perFunction = true }
    for (name, code) in codes { world.want(name) { $0.code = code } }
    return world
  }

  @Test("a bad one is taken back and takes no other along")
  func oneBad() async throws {
    let world = try await world(["a": "good2", "b": "bad2", "c": "good2"])
    let run = await world.deploy()
    #expect(run.report?.functions.map(\.outcome) == [.promoted, .rolledBack, .promoted])
    #expect(run.report?.isPartial == true)
    #expect(["a", "b", "c"].map { world.account.alias($0)?.functionVersion } == ["2", "1", "2"])
    #expect(run.report?.functions.map(\.serving) == [["2": 1], ["1": 1], ["2": 1]])
    // One run is one release, whatever becomes of its functions.
    #expect(Set(["a", "b", "c"].map { world.account.record($0)?.release }).count == 1)
  }

  @Test(
    "all good is no partial success, all bad neither",
    arguments: [("good2", Outcome.promoted), ("bad2", .rolledBack)])
  func alike(code: String, outcome: Outcome) async throws {
    let world = try await world(["a": code, "b": code])
    let run = await world.deploy()
    #expect(run.outcome == outcome)
    #expect(run.report?.isPartial == false)
  }

  @Test("one that cannot be built keeps no other from its release, and says why itself")
  func oneUnbuildable() async throws {
    let world = try await world(["a": "good2", "b": "unbuildable2", "c": "good2"])
    let run = await world.deploy()
    #expect(run.report?.functions.map(\.outcome) == [.promoted, .failed, .promoted])
    #expect(run.report?.functions.map { $0.failure?.description } == [nil, "b: a syntax error", nil])
    #expect(run.report?.isPartial == true)
    #expect(world.account.alias("a")?.functionVersion == "2")
    #expect(world.account.alias("b")?.functionVersion == "1")
  }

  @Test("what a dead run has left of them goes on one by one, and by name")
  func resumed() async throws {
    let world = try await world(["a": "good2", "b": "bad2"])
    let look = try #require(await world.probe().connection.firstLook)
    _ = await world.deploy("dead", events: [.diesBefore(look + 1)])
    let begun = ["a", "b"].filter { world.account.record($0)?.state == .canary }
    try #require(!begun.isEmpty)
    world.clock.advance(by: .minutes(6))
    let one = await world.takeOver(.resume, selected: [begun[0]])
    #expect(one.error == nil)
    #expect(one.report?.functions.map(\.function) == [begun[0]])
    _ = await world.deploy("ci-3")
    #expect(world.account.alias("a")?.functionVersion == "2")
    #expect(world.account.alias("b")?.functionVersion == "1")
  }

  @Test("a release of several that another run began stays together")
  func together() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    world.want("b") { $0.code = "bad2" }
    let look = try #require(await world.probe().connection.firstLook)
    _ = await world.deploy("dead", events: [.diesBefore(look + 1)])
    let run = await world.deploy("ci-2", configure: { $0.perFunction = true })
    #expect(run.report?.functions.map(\.outcome) == [.rolledBack, .rolledBack])
    #expect(world.account.alias("a")?.functionVersion == "1")
  }
}
