import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Aliases that persons set")
struct TemporaryAliasTests {
  private static let orders = FunctionName(function: "orders", functionName: "orders")

  private static func aliases(_ world: World, _ owner: String = "ann") -> (TemporaryAliases, Connection) {
    let connection = Connection(world.account)
    connection.begin {}
    return (
      TemporaryAliases(services: world.services(connection), main: "prod", owner: owner, parallel: 1),
      connection
    )
  }

  private static func alias(_ world: World, _ name: String = "debug") -> AliasConfiguration? {
    world.account.state.withLock { $0.functions["orders"]?.aliases[name] }
  }

  @Test("one names a version until a time, and says whose it is")
  func set() async throws {
    let world = try await World.running()
    let (aliases, _) = Self.aliases(world, "ann b")
    let results = try await aliases.set("debug", of: [Self.orders], to: .version("1"), for: .minutes(120))
    #expect(results.map(\.outcome) == [.set])
    let until = Int((world.clock.now() + .minutes(120)).seconds.rounded(.down))
    #expect(Self.alias(world)?.functionVersion == "1")
    #expect(Self.alias(world)?.description == "lamctl/1 alias u=\(until) o=ann-b")
    let listed = try await aliases.list([Self.orders])
    #expect(listed.compactMap(\.alias).map(\.owner) == ["ann-b"])
    // Set again by the same person it has a new time.
    world.clock.advance(by: .minutes(10))
    _ = try await aliases.set("debug", of: [Self.orders], to: .version("1"), for: .minutes(120))
    #expect(Self.alias(world)?.description.contains("\(until + 600)") == true)
    #expect(await aliases.delete("debug", of: [Self.orders]).map(\.outcome) == [.deleted])
    #expect(Self.alias(world) == nil)
    #expect(await aliases.delete("debug", of: [Self.orders]).map(\.outcome) == [.absent])
  }

  @Test("what was made for the version on trial names it, and there must be one")
  func canary() async throws {
    let world = try await World.running()
    let (aliases, connection) = Self.aliases(world)
    await #expect(throws: ReleaseError.self) {
      try await aliases.set("debug", of: [Self.orders], to: .canary, for: .minutes(5))
    }
    #expect(connection.writes.isEmpty)
    world.want { $0.code = "good2" }
    _ = await world.deploy(configure: { $0.detaches = true })
    _ = try await aliases.set("debug", of: [Self.orders], to: .canary, for: .minutes(5))
    #expect(Self.alias(world)?.functionVersion == "2")
  }

  @Test(
    "an alias of an environment, a companion, a stranger's and another person's are left alone",
    arguments: [
      "", "of the web shop", "lamctl/1 alias m=prod w=canary", "lamctl/2 x",
      "lamctl/1 alias u=99999999999 o=bob",
    ])
  func foreign(description: String) async throws {
    let world = try await World.running()
    world.account.change { function in
      function.aliases["debug"] = AliasConfiguration(
        name: "debug", aliasARN: "", functionVersion: "1", weights: [:], description: description,
        revisionID: "theirs")
    }
    let (aliases, connection) = Self.aliases(world)
    await #expect(throws: ReleaseError.self) {
      try await aliases.set("debug", of: [Self.orders], to: .version("1"), for: .minutes(5))
    }
    await #expect(throws: ReleaseError.self) {
      try await aliases.set("prod", of: [Self.orders], to: .version("1"), for: .minutes(5))
    }
    #expect(await aliases.delete("prod", of: [Self.orders]).map(\.outcome) == [.failed])
    #expect(connection.writes.isEmpty)
    let isPersons = description.hasSuffix("bob")
    #expect(
      await aliases.delete("debug", of: [Self.orders]).map(\.outcome) == [isPersons ? .deleted : .failed])
  }

  @Test("a lost answer at any call leaves just what was asked for", arguments: 1...4)
  func lost(call: Int) async throws {
    let world = try await World.running()
    let connection = Connection(world.account, events: [.losesAnswer(call)])
    connection.begin {}
    let aliases = TemporaryAliases(
      services: world.services(connection), main: "prod", owner: "ann", parallel: 1)
    // A read whose answer is lost is an error, after which nothing is written.
    let results = try? await aliases.set("debug", of: [Self.orders], to: .version("1"), for: .minutes(5))
    #expect((Self.alias(world) != nil) == (results?.first?.outcome == .set))
  }

  @Test("prune deletes those whose time is over, and then what they kept")
  func prune() async throws {
    let world = try await World.running(for: .minutes(25 * 60))
    let (aliases, _) = Self.aliases(world)
    _ = try await aliases.set("debug", of: [Self.orders], to: .version("1"), for: .minutes(60))
    for number in 2...4 {
      world.want { $0.code = "good\(number)" }
      #expect(await world.deploy().outcome == .promoted)
      world.clock.advance(by: .minutes(25 * 60))
    }
    _ = try await aliases.set("other", of: [Self.orders], to: .version("2"), for: .minutes(60))
    let dry = try await world.prune(keep: 1, dryRun: true)
    #expect(dry.connection.writes.isEmpty)
    #expect(dry.results.flatMap(\.deletedAliases).map(\.alias) == ["debug"])
    let (results, connection) = try await world.prune(keep: 1)
    #expect(connection.writes == ["DeleteAlias orders:debug", "DeleteFunction orders:1"])
    #expect(results.flatMap(\.deletedAliases).map(\.alias) == ["debug"])
    #expect(Self.alias(world, "other")?.functionVersion == "2")
  }
}
