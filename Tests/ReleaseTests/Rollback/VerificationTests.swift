import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("After a rollback the alias is read back")
struct VerificationTests {
  private func notes(_ run: RunResult) -> [String] {
    run.events.compactMap { event in
      guard case .note(_, let text) = event else { return nil }
      return text
    }
  }

  private func promoted(_ code: String = "good2") async throws -> World {
    let world = try await World.running()
    world.want { $0.code = code }
    #expect(await world.deploy().outcome == .promoted)
    return world
  }

  @Test("by command: also where AWS shows the old state for some seconds", arguments: [0, 3])
  func command(lag: Int) async throws {
    let world = try await promoted()
    world.account.change { $0.lag = lag }
    let run = await world.rollBack()
    #expect(run.error == nil)
    #expect(run.report?.functions.first?.isVerified == true)
    #expect(notes(run).contains("verified: version 1 serves everything"))
    #expect(run.connection.calls.filter { $0 == "GetAlias orders" }.count == 2 + lag)
  }

  @Test(
    "an alias that AWS goes on showing as it was is not verified, and nothing is wrong: the answer of the write counts"
  )
  func stale() async throws {
    let world = try await promoted()
    world.account.change { $0.lag = 99 }
    let run = await world.rollBack()
    #expect(run.error == nil)
    #expect(run.outcome == .rolledBack)
    #expect(run.report?.functions.first?.isVerified == false)
    #expect(notes(run).contains { $0.contains("still shows the alias as it was") }, "\(notes(run))")
  }

  @Test("an alias that says something else than it was set to is an error that says what serves")
  func mismatch() async throws {
    let world = try await promoted()
    let write = try #require(
      await world.copy().rollBack().connection.calls.firstIndex(of: "UpdateAlias orders"))
    let run = await world.rollBack(hooks: [write + 2: { world.account.edit(version: "2") }])
    #expect(run.errorName == "notTakenBack")
    #expect(run.error?.description.contains("it reads version 2") == true)
    #expect(run.report?.functions.first?.isVerified == false)
  }

  @Test("weights that Lambda sets while it moves provisioned concurrency are no error")
  func provisioned() async throws {
    let world = try await promoted()
    world.account.change {
      $0.provisioned["prod"] = ProvisionedConcurrency(
        requested: 5, available: 0, allocated: 0, status: "IN_PROGRESS")
    }
    let write = try #require(
      await world.copy().rollBack().connection.calls.firstIndex(of: "UpdateAlias orders"))
    let run = await world.rollBack(hooks: [write + 2: { world.account.edit(weights: ["2": 0.6]) }])
    #expect(run.error == nil)
    #expect(run.report?.functions.first?.isVerified == false)
    #expect(
      notes(run).contains { $0.contains("moving the alias's provisioned concurrency") }, "\(notes(run))")
  }

  @Test("weights of which nobody can tell whether they are Lambda's own are not verified, and no alarm")
  func unreadable() async throws {
    let world = try await promoted()
    let write = try #require(
      await world.copy().rollBack().connection.calls.firstIndex(of: "UpdateAlias orders"))
    let edit: @Sendable () async -> Void = { world.account.edit(weights: ["2": 0.6]) }
    let probe = world.copy()
    let calls = await probe.rollBack(hooks: [write + 2: { probe.account.edit(weights: ["2": 0.6]) }])
      .connection.calls
    let look = try #require(calls.firstIndex { $0.hasPrefix("GetProvisionedConcurrencyConfig") })
    let run = await world.rollBack(events: [.fails(look + 1)], hooks: [write + 2: edit])
    #expect(run.error == nil)
    #expect(run.report?.functions.first?.isVerified == false)
    #expect(notes(run).contains { $0.contains("not verified: the alias reads") }, "\(notes(run))")
  }

  @Test("by the judge: the report says that it was verified, or that it was not", arguments: [1, 99])
  func automatic(lag: Int) async throws {
    let world = try await World.running()
    world.account.change { $0.lag = lag }
    world.want { $0.code = "bad2" }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    #expect(run.report?.functions.first?.isVerified == (lag == 1))
    #expect(run.error == nil)
  }

  @Test(
    "after a signal there is one look and no wait; what it does not show is no error", arguments: [0, 99])
  func signal(lag: Int) async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let look = try #require(await world.probe().connection.firstLook)
    world.account.change { $0.lag = lag }
    let before = Lock<Timestamp?>(nil)
    let run = await world.deploy(
      events: [.cancels(look + 1)],
      hooks: [look + 1: { before.withLock { $0 = world.clock.now() } }])
    #expect(run.error == nil)
    #expect(world.account.alias()?.weights == [:])
    #expect(run.report?.functions.first?.isVerified == (lag == 0))
    #expect(run.connection.calls.suffix(2) == ["UpdateAlias orders", "GetAlias orders"])
    #expect(world.clock.now() == before.withLock { $0 })
  }

  @Test("a target that sleeps is woken before the traffic moves")
  func asleep() async throws {
    let world = try await promoted()
    world.account.change { $0.asleep = ["1"] }
    let run = await world.rollBack()
    #expect(run.outcome == .rolledBack)
    let calls = run.connection.calls
    let wake = try #require(calls.firstIndex(of: "Invoke orders"))
    #expect(wake < (calls.firstIndex(of: "UpdateAlias orders") ?? 0))
  }

  @Test("a target that failed is refused, and nothing is written")
  func failed() async throws {
    let world = try await promoted()
    world.account.change { $0.failed = ["1"] }
    let run = await world.rollBack()
    #expect(run.errorName == "noTarget")
    #expect(run.connection.writes.isEmpty)
  }
}

@Suite("A rollback that no record guides")
struct UnrecordedRollbackTests {
  /// Three versions that have served, and an alias without a record.
  private func world() async throws -> World {
    let world = try await World.running()
    for code in ["good2", "good3"] {
      world.want { $0.code = code }
      #expect(await world.deploy().outcome == .promoted)
    }
    world.account.edit(description: "ours")
    return world
  }

  @Test("names the newest older version with traffic, and does nothing unless that is confirmed")
  func unconfirmed() async throws {
    let world = try await world()
    let run = await world.rollBack()
    #expect(run.errorName == "noTarget")
    #expect(run.error?.description.contains("version 2 is the newest before it with traffic") == true)
    #expect(run.error?.fix?.contains("--yes") == true)
    #expect(run.connection.writes.isEmpty)
    #expect(run.connection.calls.filter { $0 == "GetMetricData" }.count == 1)
  }

  @Test("goes there when it is confirmed, and keeps the user's text")
  func confirmed() async throws {
    let world = try await world()
    let run = await world.rollBack(confirms: true)
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.record()?.bad == "3")
    #expect(world.account.alias()?.description.hasSuffix("; ours") == true)
  }

  @Test("passes over versions that never had traffic, and has nowhere to go without one")
  func neverServed() async throws {
    let world = try await World.running()
    world.account.change { function in
      function.latest["CodeSha256"] = "good2"
      _ = function.publish(description: "by hand", at: world.clock.now())
      function.latest["CodeSha256"] = "good3"
      _ = function.publish(description: "by hand", at: world.clock.now())
    }
    world.account.edit(version: "3", description: "")
    let run = await world.rollBack(confirms: true)
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    world.account.edit(description: "")
    #expect(await world.rollBack(confirms: true).errorName == "noTarget")
  }
}
