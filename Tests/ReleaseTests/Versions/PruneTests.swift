import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Old versions")
struct PruneTests {
  /// A function with `count` versions, the last of which serves, each published a day and an hour after the one before.
  private static func world(versions count: Int) async throws -> World {
    let world = try await World.running(for: .minutes(25 * 60))
    for number in stride(from: 2, through: count, by: 1) {
      world.want { $0.code = "good\(number)" }
      try #require(await world.deploy().outcome == .promoted)
      world.clock.advance(by: .minutes(25 * 60))
    }
    return world
  }

  private static func deleted(_ results: [PruneResult]) -> [String] {
    results.flatMap { $0.deleted.map(\.version) }
  }

  private static func reasons(_ results: [PruneResult]) -> [String: PrunePlan.Reason] {
    Dictionary(results.flatMap { $0.kept.map { ($0.version.version, $0.reason) } }) { first, _ in first }
  }

  @Test("the newest stay, and of the others those that alias, record or traffic refer to")
  func keeps() async throws {
    let world = try await Self.world(versions: 6)
    let (results, connection) = try await world.prune(keep: 1)
    #expect(Self.deleted(results) == ["1", "2", "3", "4"])
    #expect(Self.reasons(results) == ["5": .record("prod"), "6": .newest])
    #expect(connection.writes == (1...4).map { "DeleteFunction orders:\($0)" })
    #expect(world.account.alias()?.functionVersion == "6")
    // What is left is all that there is; a second run finds nothing.
    let again = try await world.prune(keep: 1)
    #expect(Self.deleted(again.results).isEmpty)
    #expect(again.connection.writes.isEmpty)
  }

  @Test("a dry run finds the same and deletes nothing")
  func dryRun() async throws {
    let world = try await Self.world(versions: 4)
    let (results, connection) = try await world.prune(keep: 2, dryRun: true)
    #expect(Self.deleted(results) == ["1", "2"])
    #expect(connection.writes.isEmpty)
  }

  @Test("versions of a rollout under way, of another alias, and bad ones stay, however old")
  func used() async throws {
    let world = try await Self.world(versions: 3)
    world.want { $0.code = "bad4" }
    #expect(await world.deploy().outcome == .rolledBack)
    world.want { $0.code = "good5" }
    #expect(await world.deploy().outcome == .promoted)
    world.account.change { function in
      function.aliases["staging"] = AliasConfiguration(
        name: "staging", aliasARN: "", functionVersion: "1", weights: ["2": 0.5], description: "",
        revisionID: "x")
    }
    world.clock.advance(by: .minutes(60 * 60))
    let (results, _) = try await world.prune(keep: 1)
    #expect(Self.deleted(results).isEmpty)
    #expect(
      Self.reasons(results) == [
        "1": .alias("staging"), "2": .alias("staging"), "3": .record("prod"), "4": .bad("prod"), "5": .newest,
      ])
  }

  @Test("what was published or had traffic in the last 24 hours stays")
  func recent() async throws {
    let world = try await Self.world(versions: 4)
    world.account.state.withLock { $0.called = ["orders:2": 1] }
    let (results, _) = try await world.prune(keep: 1)
    #expect(Self.deleted(results) == ["1"])
    #expect(Self.reasons(results)["2"] == .traffic)

    // Called by its number, for the last time a month ago.
    let monthly = try await Self.world(versions: 4)
    let called = monthly.clock.now()
    monthly.account.state.withLock { $0.calledAt = ["orders:1": called] }
    monthly.clock.advance(by: .minutes(31 * 24 * 60))
    #expect(Self.reasons(try await monthly.prune(keep: 1, dryRun: true).results)["1"] == .traffic)
    monthly.clock.advance(by: .minutes(32 * 24 * 60))
    #expect(Self.deleted(try await monthly.prune(keep: 1, dryRun: true).results).contains("1"))
    // In its first day it was tested.
    let tested = try await Self.world(versions: 4)
    tested.account.state.withLock {
      $0.calledAt = ["orders:1": called - .minutes(4 * 25 * 60)]
    }
    #expect(Self.deleted(try await tested.prune(keep: 1, dryRun: true).results) == ["1", "2"])

    let young = try await World.running()
    for code in ["good2", "good3", "good4"] {
      young.want { $0.code = code }
      #expect(await young.deploy().outcome == .promoted)
    }
    let (kept, _) = try await young.prune(keep: 1)
    #expect(Self.deleted(kept).isEmpty)
    #expect(Self.reasons(kept)["1"] == .young)
  }

  @Test("where CloudWatch does not answer, or a record cannot be read, nothing is deleted")
  func unknown() async throws {
    let world = try await Self.world(versions: 4)
    world.account.breakMetrics(for: .minutes(10))
    let (results, connection) = try await world.prune(keep: 1)
    #expect(Self.deleted(results).isEmpty)
    #expect(Self.reasons(results)["1"] == .unknownTraffic)
    #expect(connection.writes.isEmpty)

    let other = try await Self.world(versions: 4)
    other.account.edit(description: "lamctl/2 whatever")
    #expect(Self.reasons(try await other.prune(keep: 1).results)["1"] == .unreadable("prod"))
  }

  @Test("a version that an alias takes up meanwhile stays, and the others go")
  func takenUp() async throws {
    let world = try await Self.world(versions: 4)
    let before = try await world.prune(keep: 1, dryRun: true)
    #expect(Self.deleted(before.results) == ["1", "2"])
    // Between the reading and the deletion.
    let calls = before.connection.calls.count
    let connection = Connection(
      world.account,
      hooks: [
        calls + 1: {
          world.account.change { function in
            function.aliases["late"] = AliasConfiguration(
              name: "late", aliasARN: "", functionVersion: "1", weights: [:], description: "", revisionID: "x"
            )
          }
        }
      ])
    connection.begin {}
    let results = try await Pruner(services: world.services(connection), keep: 1, parallel: 1)
      .prune(world.subjects([]).map(\.name))
    #expect(Self.deleted(results) == ["2"])
    #expect(Self.reasons(results)["1"] == .alias("late"))
    #expect(results.flatMap(\.failures).isEmpty)
  }

  @Test("a release deletes what is old only where lamctl.json says how many stay, and never fails for it")
  func afterRelease() async throws {
    let world = try await Self.world(versions: 4)
    world.want { $0.code = "good5" }
    let plain = await world.copy().deploy()
    #expect(
      !plain.connection.calls.contains { $0.hasPrefix("DeleteFunction") || $0.hasPrefix("ListAliases") })

    let tidy = world.copy()
    tidy.configure { $0.keepVersions = 2 }
    let run = await tidy.deploy()
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    #expect(
      run.connection.calls.filter { $0.hasPrefix("DeleteFunction") } == [
        "DeleteFunction orders:1", "DeleteFunction orders:2", "DeleteFunction orders:3",
      ])
    #expect(tidy.account.alias()?.functionVersion == "5")

    let denied = world.copy()
    denied.configure { $0.keepVersions = 2 }
    denied.account.state.withLock { $0.denied = ["DeleteFunction"] }
    let forbidden = await denied.deploy()
    #expect(forbidden.outcome == .promoted)
    #expect(forbidden.error == nil)
    #expect(forbidden.connection.calls.count { $0.hasPrefix("DeleteFunction") } == 1)
  }

  @Test("the history names commit, release and what uses each version, the oldest first")
  func history() async throws {
    let world = try await World.running()
    world.want { $0.code = "bad2" }
    #expect(await world.deploy(commit: "3f2a1c9aaaa").outcome == .rolledBack)
    let connection = Connection(world.account)
    connection.begin {}
    let history = try #require(
      try await VersionReader(services: world.services(connection), parallel: 1)
        .read(world.subjects([]).map(\.name)).first)
    #expect(history.versions.map(\.version) == ["1", "2"])
    #expect(
      history.versions[0].uses == [.serves(alias: "prod", share: 1), .recorded(alias: "prod", as: .stable)])
    #expect(history.versions[1].uses == [.bad(alias: "prod")])
    #expect(history.versions[1].provenance?.commit == "3f2a1c9aaaa")
    #expect(connection.writes.isEmpty)

    // What lost its traffic for another's fault is not on trial any more.
    let other = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    other.want("a") { $0.code = "good2" }
    other.want("b") { $0.code = "bad2" }
    #expect(await other.deploy().outcome == .rolledBack)
    let histories = try await VersionReader(services: other.services(Connection(other.account)), parallel: 1)
      .read(other.subjects([]).map(\.name))
    #expect(
      histories.map(\.versions[1].uses) == [
        [.recorded(alias: "prod", as: .takenBack)], [.bad(alias: "prod")],
      ])
  }
}
