import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("A deploy that waits for another run")
struct WaitTests {
  /// A world with a canary whose owner lives where the test renews its lease.
  private func driven() async throws -> World {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy("ci-1", events: [.diesBefore(look)])
    world.want { $0.code = "good3" }
    return world
  }

  @Test("without a wait it ends at once and has touched nothing")
  func noWait() async throws {
    let world = try await driven()
    let account = world.account
    let run = try await world.deploy("ci-2", waiting: nil) { _ in account.heartbeat() }
    #expect(run.errorName == "owned")
    #expect(run.connection.writes.isEmpty)
  }

  @Test("it waits until the other rollout is over, and then releases beside what that one left")
  func waits() async throws {
    let world = try await driven()
    let account = world.account
    let run = try await world.deploy("ci-2", waiting: .minutes(30)) { number in
      if number < 8 { account.heartbeat() }
      guard number == 8, let record = account.record() else { return }
      account.edit(version: "2", weights: [:], description: record.finished().encoded().text)
    }
    #expect(run.error == nil)
    #expect(run.outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "3")
    #expect(world.account.record()?.previous == "2")
  }

  @Test("the wait has an end, and nothing was touched by then")
  func deadline() async throws {
    let world = try await driven()
    let account = world.account
    let before = world.clock.now()
    let run = try await world.deploy("ci-2", waiting: .minutes(30)) { _ in account.heartbeat() }
    #expect(run.errorName == "owned")
    #expect(run.connection.writes.isEmpty)
    #expect(world.clock.now() - before >= .minutes(30))
    #expect(world.clock.now() - before <= .minutes(36))
  }

  @Test("a rollout that a person ended is over: it is not waited out to be tried again")
  func notAfterTraffic() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.firstCall(in: .canary))
    let run = await world.deploy(hooks: [look: { _ = await world.abort() }])
    #expect(run.errorName == "touched")
    #expect(run.report?.hasMovedTraffic == true)
    #expect(world.account.alias()?.functionVersion == "1")
  }

  /// A world with a living run whose release is just what the repository wants.
  private func drivenToTheSame() async throws -> World {
    let world = try await driven()
    world.want { $0.code = "good2" }
    return world
  }

  @Test(
    "a run that wants the very same ends as the other does",
    arguments: [Outcome.promoted, .rolledBack, .held])
  func attached(outcome: Outcome) async throws {
    let world = try await drivenToTheSame()
    let account = world.account
    let run = try await world.deploy("ci-2", waiting: .minutes(30)) { number in
      if number < 8 { account.heartbeat() }
      guard number == 8, let record = account.record() else { return }
      switch outcome {
      case .promoted: account.edit(version: "2", weights: [:], description: record.finished().encoded().text)
      case .rolledBack:
        account.edit(version: "1", weights: [:], description: record.rolledBack(for: .errors).encoded().text)
      default:
        var held = record
        held.state = .hold(.lowTraffic)
        held.leaseEnd = nil
        account.edit(version: "1", weights: ["2": 0.1], description: held.encoded().text)
      }
    }
    #expect(run.error == nil)
    #expect(run.outcome == outcome)
    #expect(run.report?.functions.first?.toVersion == "2")
    #expect(run.report?.release == world.account.record()?.release)
    #expect(run.connection.writes.isEmpty)
  }

  @Test("where the other run dies meanwhile, its release is taken on")
  func otherDies() async throws {
    let world = try await drivenToTheSame()
    let account = world.account
    let run = try await world.deploy("ci-2", waiting: .minutes(30)) { number in
      if number < 8 { account.heartbeat() }
    }
    #expect(run.outcome == .promoted)
    #expect(run.events.contains { if case .resumed = $0 { true } else { false } })
    #expect(world.account.alias()?.functionVersion == "2")
  }
}
