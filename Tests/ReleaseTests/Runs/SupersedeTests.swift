import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("A release that takes the place of another")
struct SupersedeTests {
  /// A world in which a living run has canaries of `functions`.
  private func driven(_ functions: [String]) async throws -> World {
    let world = try await World.running(
      Dictionary(uniqueKeysWithValues: functions.map { ($0, Wanted("good1")) }))
    for name in functions { world.want(name) { $0.code = "good2" } }
    let look = try #require(await world.probe().connection.firstLook)
    _ = await world.deploy("ci-1", events: [.diesBefore(look + 1)])
    return world
  }

  private func superseding(
    _ world: World, selected: Set<String> = [], onAliasRead: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> RunResult {
    try await world.deploy(
      "ci-2", waiting: nil, selected: selected, onAliasRead: onAliasRead, configure: { $0.supersedes = true })
  }

  @Test("a living run's canary is ended, and the newer code is released")
  func newer() async throws {
    let world = try await driven(["orders"])
    world.want { $0.code = "good3" }
    let run = try await superseding(world)
    #expect(run.outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "3")
    #expect(world.account.record()?.previous == "1")
    #expect(world.account.record()?.bad == nil)
    #expect(run.events.contains(.rolledBack("orders", from: "2", to: "1")))
  }

  @Test("the other release is ended as a whole, also where only a part of it is wanted otherwise")
  func whole() async throws {
    let world = try await driven(["a", "b"])
    world.want("a") { $0.code = "good3" }
    let run = try await superseding(world)
    #expect(run.outcome == .promoted)
    #expect(world.account.code(try #require(world.account.alias("a")?.functionVersion), of: "a") == "good3")
    #expect(world.account.code(try #require(world.account.alias("b")?.functionVersion), of: "b") == "good2")
  }

  @Test("a release that reaches beyond what is selected is not split, and nothing is touched")
  func selected() async throws {
    let world = try await driven(["a", "b"])
    world.want("a") { $0.code = "good3" }
    let run = try await superseding(world, selected: ["a"])
    #expect(run.errorName == "splitsRelease")
    #expect(run.connection.writes.isEmpty)
    #expect(world.account.alias("b")?.weights == ["2": 0.1])
  }

  @Test("the run that was superseded finds that out with its next write and touches nothing more")
  func fenced() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.firstCall(in: .canary))
    let run = await world.deploy(
      "ci-1",
      hooks: [
        look: {
          world.want { $0.code = "good3" }
          _ = try? await world.deploy("ci-2", waiting: nil, configure: { $0.supersedes = true })
        }
      ])
    #expect(run.errorName == "takenOver")
    #expect(world.account.code(try #require(world.account.alias()?.functionVersion)) == "good3")
    #expect(world.account.record()?.state == .idle)
  }

  @Test("the same release is nobody's to supersede: the other run keeps it")
  func same() async throws {
    let world = try await driven(["orders"])
    let account = world.account
    let run = try await superseding(world) { _ in account.heartbeat() }
    #expect(run.errorName == "owned")
    #expect(run.connection.writes.isEmpty)
  }
}
