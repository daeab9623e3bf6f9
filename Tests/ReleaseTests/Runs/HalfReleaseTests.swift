import Core
import Release
import TestSupport
import Testing

@Suite("A release of many functions that a dead run left half way, where other code is deployed next")
struct HalfReleaseTests {
  private static let names = ["a", "b"]

  /// Two functions whose release of `code` died when only the first had got to `state`, while other code is wanted.
  private static func left(_ code: String, in state: RolloutState) async throws -> World {
    let world = try await World.running(Dictionary(uniqueKeysWithValues: names.map { ($0, Wanted("good1")) }))
    world.wantEverywhere(code)
    let number = try #require(await world.firstCall(in: state, of: "a"))
    _ = await world.deploy("dead", events: [.diesBefore(number)])
    try #require(world.account.record("a")?.state == state)
    try #require(world.account.record("b")?.state == .canary)
    world.clock.advance(by: .minutes(6))
    world.wantEverywhere("good3")
    return world
  }

  /// The versions that have had everything, in order.
  private static func mains(_ name: String, in world: World) -> [String] {
    let routes = world.account.state.withLock { $0.functions[name]?.routes ?? [] }
    return routes.reduce(into: []) { mains, route in
      if route.weights.isEmpty, mains.last != route.main { mains.append(route.main) }
    }
  }

  @Test("what was promoted for one function is promoted for all first, and its hooks are called")
  func forward() async throws {
    let world = try await Self.left("good2", in: .commit)
    for name in Self.names { world.want(name) { $0.hooks.afterTraffic = ["tell"] } }
    let run = try await world.deploy("ci-2", waiting: nil)
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    for name in Self.names { #expect(Self.mains(name, in: world) == ["1", "2", "3"], "\(name)") }
    let moves = run.connection.hookCalls.map {
      $0.subjects.map { "\($0.fromVersion ?? "") to \($0.toVersion)" }
    }
    #expect(moves == [["1 to 2", "1 to 2"], ["2 to 3", "2 to 3"]])
  }

  @Test("what was taken back from one function is taken back from all first")
  func back() async throws {
    let world = try await Self.left("bad2", in: .rolledBack(.errors))
    let run = try await world.deploy("ci-2", waiting: nil)
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    for name in Self.names { #expect(Self.mains(name, in: world) == ["1", "3"], "\(name)") }
    #expect(
      run.events.contains { event in
        if case .note(nil, let text) = event { text.contains("left half way") } else { false }
      })
  }

  @Test(
    "nothing is begun where that release does not come to its promised end",
    arguments: [Outcome.rolledBack, .held])
  func notThrough(outcome: Outcome) async throws {
    let world = try await Self.left(outcome == .held ? "good2" : "late2", in: .commit)
    if outcome == .held { world.account.breakMetrics(for: .minutes(40)) }
    let run = try await world.deploy("ci-2", waiting: nil)
    #expect(run.outcome == outcome)
    for name in Self.names { #expect(world.account.versionCount(name) == 2) }
  }
}
