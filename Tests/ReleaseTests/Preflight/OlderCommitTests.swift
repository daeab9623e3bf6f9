import Core
import Release
import TestSupport
import Testing

@Suite("An older commit over a newer one")
struct OlderCommitTests {
  private static let commits = ["aaaaaaaaaaa1", "aaaaaaaaaaa2", "aaaaaaaaaaa3"]

  /// Two functions that serve the second commit.
  private func world(known: [String] = commits) async throws -> World {
    let world = try World(["a": Wanted("good1"), "b": Wanted("good1")])
    world.commits.set(known)
    #expect(await world.deploy("setup", commit: Self.commits[1]).outcome == .promoted)
    world.clock.advance(by: .minutes(180))
    for name in ["a", "b"] { world.want(name) { $0.code = "good2" } }
    return world
  }

  @Test("is refused before anything is built or sent, and git is asked once for a commit")
  func refused() async throws {
    let world = try await world()
    let run = await world.deploy(commit: Self.commits[0])
    #expect(run.errorName == "preflight")
    #expect(run.error?.fix?.contains("--allow-older") == true)
    #expect(run.connection.calls.isEmpty)
    #expect(world.commits.questions == 1)
  }

  @Test("is released when that is asked for")
  func allowed() async throws {
    let world = try await world()
    let run = await world.deploy(commit: Self.commits[0], configure: { $0.allowsOlder = true })
    #expect(run.outcome == .promoted)
    #expect(world.commits.questions == 0)
  }

  @Test(
    "is not what the same commit, a later one, or one without git is",
    arguments: [commits[1], commits[2], nil])
  func other(commit: String?) async throws {
    let world = try await world()
    #expect(await world.deploy(commit: commit).outcome == .promoted)
  }

  @Test("the whole id of the commit that serves is that commit")
  func whole() async throws {
    let world = try await world()
    let run = await world.deploy(commit: Self.commits[1] + "0123456789012345678901234567")
    #expect(run.outcome == .promoted)
    #expect(world.commits.questions == 0)
  }

  @Test("is not seen where git does not know what serves")
  func unknown() async throws {
    let world = try await world(known: [Self.commits[0]])
    #expect(await world.deploy(commit: Self.commits[0]).outcome == .promoted)
  }

  @Test("may be one where a shallow clone ends before it says: that is refused with the command that tells")
  func shallow() async throws {
    let world = try await world(known: [Self.commits[0]])
    world.commits.cut()
    let run = await world.deploy(commit: Self.commits[0])
    #expect(run.errorName == "preflight")
    #expect(run.error?.fix?.contains("git fetch --unshallow") == true)
    #expect(run.connection.calls.isEmpty)
    let allowed = await world.deploy(commit: Self.commits[0], configure: { $0.allowsOlder = true })
    #expect(allowed.outcome == .promoted)
  }

  @Test("does not matter where nothing changes")
  func unchanged() async throws {
    let world = try await world()
    for name in ["a", "b"] { world.want(name) { $0.code = "good1" } }
    #expect(await world.deploy(commit: Self.commits[0]).outcome == .unchanged)
    #expect(world.commits.questions == 0)
  }
}
