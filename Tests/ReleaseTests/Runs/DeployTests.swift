import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Whole deploys")
struct DeployTests {
  @Test("a first deploy makes function, version and alias, and compares with nothing")
  func first() async throws {
    let world = try World()
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.record()?.state == .idle)
    #expect(
      run.connection.writes == ["CreateFunction orders", "PublishVersion orders", "CreateAlias orders"])
  }

  @Test("a deploy without a change makes one GetFunction, one list, and no write")
  func unchanged() async throws {
    let world = try await World.running()
    let run = await world.deploy()
    #expect(run.outcome == .unchanged)
    #expect(run.connection.calls.isEmpty)
    #expect(run.connection.planning.count <= 4)
  }

  @Test("changed code goes through canary and bake to promotion, and the old version is the way back")
  func canary() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    let record = try #require(world.account.record())
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.alias()?.weights == [:])
    #expect(record.state == .idle)
    #expect(record.stable == "2")
    #expect(record.previous == "1")
    #expect(run.connection.writes.filter { $0.hasPrefix("UpdateAlias") }.count <= 9)
  }

  @Test("changed settings alone upload no code")
  func settingsOnly() async throws {
    let world = try await World.running()
    world.want { $0.settings["Timeout"] = 9 }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(!run.connection.writes.contains("UpdateFunctionCode orders"))
    #expect(world.account.members("2")?["Timeout"] == 9)
  }

  @Test("an architecture that the old runtime does not have comes after the new runtime")
  func runtimeFirst() async throws {
    let world = try World()
    world.want { $0.settings["Runtime"] = "go1.x" }
    _ = await world.deploy("setup")
    world.clock.advance(by: .minutes(180))
    world.want {
      $0.code = "good2"
      $0.settings["Runtime"] = "provided.al2023"
      $0.settings["Architectures"] = ["arm64"]
    }
    let run = await world.deploy()
    #expect(run.outcome == .promoted, "\(run.error.map { "\($0)" } ?? "")")
    #expect(world.account.members("2")?["Runtime"] == "provided.al2023")
    #expect(world.account.members("2")?["Architectures"] == ["arm64"])
  }

  @Test("settings with calls of their own make no version, and are compared with what AWS has")
  func ownSettings() async throws {
    let world = try await World.running()
    world.want {
      $0.settings["Tags"] = ["team": "blue"]
      $0.settings["ReservedConcurrentExecutions"] = 5
      $0.settings["RecursiveLoop"] = "Allow"
    }
    let run = await world.deploy()
    #expect(run.outcome == .updated)
    #expect(run.report?.functions.first?.outcome == .updated)
    #expect(run.report?.functions.first?.change == Change.none)
    #expect(
      run.connection.writes == [
        "TagResource orders", "PutFunctionConcurrency orders", "PutFunctionRecursionConfig orders",
      ])
    #expect(world.account.versionCount() == 1)
    #expect(await world.deploy().outcome == .unchanged)
    world.want { $0.settings["ReservedConcurrentExecutions"] = .null }
    #expect(await world.deploy().outcome == .updated)
    #expect(await world.deploy().outcome == .unchanged)
  }

  @Test(
    "settings with calls of their own are not written where something of the same release cannot be built")
  func ownSettingsOfUnbuildable() async throws {
    let world = try await World.running(["orders": Wanted("good1"), "users": Wanted("good1")])
    world.want { $0.settings["ReservedConcurrentExecutions"] = 5 }
    world.want("users") { $0.code = "unbuildable2" }
    let run = await world.deploy()
    #expect(run.outcome == .failed)
    #expect(run.connection.writes == [])
    world.want("users") { $0.code = "good2" }
    let next = await world.deploy()
    #expect(next.outcome == .promoted)
    #expect(next.connection.writes.contains("PutFunctionConcurrency orders"))
  }

  @Test("concurrency that is kept ready goes with the version, and from the one that has no traffic any more")
  func provisioned() async throws {
    let world = try World()
    world.want { $0.settings["ProvisionedConcurrentExecutions"] = 2 }
    #expect(await world.deploy("setup").outcome == .promoted)
    world.clock.advance(by: .minutes(180))
    world.want { $0.code = "good2" }
    let run = await world.deploy()
    #expect(run.outcome == .promoted, "\(run.error.map { "\($0)" } ?? "")")
    let kept = world.account.state.withLock { $0.functions["orders"]?.provisioned ?? [:] }
    #expect(kept["2"]?.requested == 2)
    #expect(kept["1"] == nil)
    #expect(await world.deploy().outcome == .unchanged)
  }

  @Test("a function that a failed run has made without an alias is completed by the next")
  func withoutAlias() async throws {
    let world = try World()
    let run = await world.deploy(events: [.diesBefore(3)])
    #expect(run.outcome == .failed)
    #expect(world.account.alias() == nil)
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test("a deploy of code alone leaves the settings of a function that has no alias yet")
  func codeOnlyWithoutAlias() async throws {
    let world = try World()
    _ = await world.deploy(events: [.diesBefore(3)])
    world.want {
      $0.settings["Timeout"] = 99
      $0.ownsConfiguration = false
    }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.members("1")?["Timeout"] == 3)
  }

  @Test("a bad canary is taken back and marked, in its step or in its bake", arguments: ["bad2", "late2"])
  func bad(code: String) async throws {
    let world = try await World.running()
    world.want { $0.code = code }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    #expect(run.error == nil)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.record()?.state == .rolledBack(.errors))
    #expect(world.account.record()?.bad == "2")
  }

  @Test("of a release only the culprit is marked; its peers go back without blame")
  func peers() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1"), "c": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    world.want("b") { $0.code = "bad2" }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    #expect(world.account.record("a")?.state == .rolledBack(.peer))
    #expect(world.account.record("a")?.bad == nil)
    #expect(world.account.record("b")?.bad == "2")
    #expect(world.account.record("c")?.state == .idle)
    world.want("b") { $0.code = "good3" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.code(world.account.alias("a")?.functionVersion, of: "a") == "good2")
  }

  @Test("a release of many functions is promoted as a whole")
  func group() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { world.want(name) { $0.code = "good2" } }
    #expect(await world.deploy().outcome == .promoted)
    for name in ["a", "b"] {
      #expect(world.account.alias(name)?.functionVersion == "2")
      #expect(world.account.record(name)?.state == .idle)
      #expect(world.account.record(name)?.previous == "1")
    }
  }

  @Test(
    "the user's text in the Description survives a promotion and a rollback", arguments: ["good2", "bad2"])
  func userText(code: String) async throws {
    let world = try await World.running()
    world.account.edit(description: "paid by team blue")
    world.want { $0.code = code }
    _ = await world.deploy()
    let alias = try #require(world.account.alias())
    guard case .record(_, let text) = RolloutRecord.decode(alias.description) else {
      Issue.record("no record: \(alias.description)")
      return
    }
    #expect(text == "paid by team blue")
  }
}
