import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("After a rollback")
struct QuarantineTests {
  /// A world that has taken `bad2` back.
  private func afterRollback(_ change: (inout Wanted) -> Void = { $0.code = "bad2" }) async throws -> World {
    let world = try await World.running()
    world.want { change(&$0) }
    #expect(await world.deploy().outcome == .rolledBack)
    world.clock.advance(by: .minutes(30))
    return world
  }

  @Test("the same package is refused and nothing is written")
  func refused() async throws {
    let world = try await afterRollback()
    let run = await world.deploy()
    #expect(run.errorName == "quarantined")
    #expect(run.connection.writes.isEmpty)
  }

  @Test("the same package from other inputs is refused too")
  func sameFromOtherInputs() async throws {
    let world = try await afterRollback()
    world.want { $0.source = "with another comment" }
    #expect(await world.deploy().errorName == "quarantined")
  }

  @Test("the same bad settings are refused")
  func badSettings() async throws {
    let world = try await afterRollback { $0.settings["Environment"] = ["Variables": ["MODE": "bad"]] }
    let run = await world.deploy()
    #expect(run.errorName == "quarantined")
    #expect(run.connection.writes.isEmpty)
  }

  @Test("a deploy of code alone is refused as well")
  func codeOnly() async throws {
    let world = try await afterRollback()
    world.want {
      $0.settings["Timeout"] = 9
      $0.ownsConfiguration = false
    }
    #expect(await world.deploy().errorName == "quarantined")
  }

  @Test("it stays refused after a fix was released, because the mark outlives it")
  func refusedAfterFix() async throws {
    let world = try await afterRollback()
    world.want { $0.code = "good3" }
    #expect(await world.deploy().outcome == .promoted)
    world.clock.advance(by: .minutes(180))
    world.want { $0.code = "bad2" }
    #expect(await world.deploy().errorName == "quarantined")
    #expect(world.account.alias()?.functionVersion == "3")
  }

  @Test("with --retry it is tried again")
  func retried() async throws {
    let world = try await afterRollback()
    let run = await world.deploy(configure: { $0.retriesRolledBack = true })
    #expect(run.outcome == .rolledBack)
    #expect(world.account.record()?.bad == "2")
  }

  @Test("a version that --retry has promoted is not bad any more")
  func cleared() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(await world.rollBack().outcome == .rolledBack)
    #expect(world.account.record()?.bad == "2")
    #expect(await world.deploy(configure: { $0.retriesRolledBack = true }).outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.record()?.bad == nil)
  }

  @Test("the next change of settings does not publish the bad code that is left in $LATEST")
  func settingsAfterBadCode() async throws {
    let world = try await afterRollback()
    world.want {
      $0.code = "good1"
      $0.settings["Timeout"] = 9
    }
    #expect(await world.deploy().outcome == .promoted)
    let version = world.account.alias()?.functionVersion
    #expect(world.account.code(version) == "good1")
    #expect(world.account.members(version)?["Timeout"] == 9)
  }

  @Test("the next change of code does not publish the bad settings that are left in $LATEST")
  func codeAfterBadSettings() async throws {
    let world = try await afterRollback {
      $0.settings["Environment"] = ["Variables": ["MODE": "bad"]]
      $0.settings["Timeout"] = 9
    }
    world.want {
      $0.settings = JSONObject([("Timeout", 3)])
      $0.code = "good3"
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    let version = world.account.alias()?.functionVersion
    #expect(world.account.code(version) == "good3")
    #expect(world.account.members(version)?["Environment"] == nil)
    #expect(world.account.members(version)?["Timeout"] == 3)
  }

  @Test("nor does the next change of settings")
  func settingsAfterBadSettings() async throws {
    let world = try await afterRollback { $0.settings["Environment"] = ["Variables": ["MODE": "bad"]] }
    world.want { $0.settings = JSONObject([("Timeout", 7)]) }
    #expect(await world.deploy().outcome == .promoted)
    let version = world.account.alias()?.functionVersion
    #expect(world.account.members(version)?["Environment"] == nil)
    #expect(world.account.members(version)?["Timeout"] == 7)
  }

  @Test("settings of $LATEST that nobody took back and the manifest does not name stay")
  func settingsOfOthers() async throws {
    let world = try await World.running()
    world.account.state.withLock { $0.functions["orders"]?.latest["MemorySize"] = 512 }
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.members("2")?["MemorySize"] == 512)
  }

  @Test("a mark survives a rollback whose first attempt fails", arguments: [true, false])
  func markSurvives(isLost: Bool) async throws {
    let probe = try await World.running()
    probe.want { $0.code = "bad2" }
    let calls = await probe.deploy().connection.calls
    let last = try #require(calls.lastIndex(of: "UpdateAlias orders")) + 1
    let world = try await World.running()
    world.want { $0.code = "bad2" }
    _ = await world.deploy(events: [isLost ? .losesAnswer(last) : .fails(last)])
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.record()?.bad == "2")
    #expect(await world.deploy().errorName == "quarantined")
  }
}
