import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Rollbacks on request")
struct RollbackRunTests {
  @Test("27 good, 28 bad and taken back, 29 a fix: from 29 it goes to 27, and a second time it does nothing")
  func skipsTheBadOne() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(await world.rollBack().outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    world.want { $0.code = "good3" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.alias()?.functionVersion == "3")
    #expect(await world.rollBack().outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    let again = await world.rollBack()
    #expect(again.outcome == .unchanged)
    #expect(again.connection.writes.isEmpty)
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test("clearing weights that somebody has set leaves the record, and with it the way back, as it was")
  func clearing() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    let description = world.account.alias()?.description
    world.account.edit(weights: ["1": 0.3])
    let run = await world.rollBack(to: "2")
    #expect(run.outcome == .rolledBack)
    #expect(run.report?.functions.map(\.isVerified) == [true])
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.alias()?.description == description)
    #expect(await world.rollBack().outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
  }

  @Test(
    "while another run drives it, the traffic goes back and that run touches nothing more",
    arguments: [RolloutState.canary, .bake])
  func underWay(state: RolloutState) async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let number = try #require(await world.firstCall(in: state))
    let run = await world.deploy(hooks: [
      number: {
        let rollback = await world.rollBack()
        #expect(rollback.outcome == .rolledBack)
        #expect(rollback.error == nil)
      }
    ])
    #expect(run.errorName == "touched")
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.alias()?.weights == [:])
    #expect(world.account.record()?.state == .rolledBack(.person))
    #expect(world.account.record()?.bad == "2")
    #expect(world.account.record()?.owner?.description == "person")
  }

  @Test("a person's rollback at the very end of a release wins, and the run says so")
  func atTheEnd() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { world.want(name) { $0.code = "good2" } }
    let calls = await world.probe().connection.calls
    // Before the first of the two writes that say that it is through.
    let last = try #require(calls.dropLast().lastIndex { $0.hasPrefix("UpdateAlias") }) + 1
    let run = await world.deploy(hooks: [last: { _ = await world.rollBack() }])
    #expect(run.errorName == "touched")
    #expect(run.outcome == .rolledBack)
    for name in ["a", "b"] {
      #expect(world.account.alias(name)?.functionVersion == "1")
      #expect(world.account.record(name)?.badVersions == ["2"])
    }
  }

  @Test("a rollback that a heartbeat overtakes is written all the same")
  func overtaken() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number)])
    let run = await world.rollBack(hooks: [3: { world.account.heartbeat() }])
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.weights == [:])
  }

  @Test("a rollback that a new release overtakes leaves it alone: it may be the fix")
  func overtakenByRelease() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    world.want { $0.code = "good3" }
    let number = try #require(await world.firstCall(in: .canary))
    let run = await world.rollBack(hooks: [3: { _ = await world.deploy(events: [.diesBefore(number)]) }])
    #expect(run.connection.calls[2] == "UpdateAlias orders")
    #expect(run.errorName == "owned")
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.alias()?.weights == ["3": 0.1])
    #expect(world.account.record()?.badVersions == [])
  }

  @Test("a rollback of a canary that is promoted meanwhile goes to the version before it")
  func overtakenByPromotion() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number)])
    world.clock.advance(by: .minutes(6))
    let run = await world.rollBack(hooks: [3: { _ = await world.takeOver(.resume) }])
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.record()?.badVersions == ["2"])
  }

  @Test("a version before the stable one is gone to because of the canary, which is the one that is blamed")
  func furtherBack() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    world.want { $0.code = "good3" }
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number)])
    let run = await world.rollBack(to: "1")
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.record()?.badVersions == ["3"])
  }

  @Test("what was taken back for another's fault is named when there is nothing more to do")
  func alreadyBack() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    world.want("b") { $0.code = "bad2" }
    #expect(await world.deploy().outcome == .rolledBack)
    let run = await world.rollBack()
    #expect(run.outcome == .unchanged)
    for name in ["a", "b"] {
      #expect(run.events.contains(.note(name, "version 2 was taken back already; version 1 serves")))
    }
    let named = await world.rollBack(to: "1")
    #expect(named.events.contains(.note("a", "version 1 serves already")))
  }

  @Test("a rollback that another rollback overtakes does nothing more")
  func overtakenByRollback() async throws {
    let world = try await World.running()
    for code in ["good2", "good3"] {
      world.want { $0.code = code }
      #expect(await world.deploy().outcome == .promoted)
    }
    let run = await world.rollBack(hooks: [3: { _ = await world.rollBack() }])
    #expect(run.error == nil)
    #expect(world.account.alias()?.functionVersion == "2")
    #expect(world.account.record()?.badVersions == ["3"])
  }

  @Test("a lost answer of a rollback is no failure")
  func lostAnswer() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    let run = await world.rollBack(events: [.losesAnswer(3)])
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.record()?.bad == "2")
    #expect(run.error != nil || run.outcome == .rolledBack)
  }

  @Test("a named version is gone to, and the one left behind is marked")
  func named() async throws {
    let world = try await World.running()
    for code in ["good2", "good3"] {
      world.want { $0.code = code }
      #expect(await world.deploy().outcome == .promoted)
    }
    #expect(await world.rollBack(to: "1").outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "1")
    #expect(world.account.record()?.bad == "3")
  }

  @Test("a function that does not have the version that is named is told of, and the others go")
  func missingVersion() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for code in ["good2", "good3"] {
      world.want("a") { $0.code = code }
      #expect(await world.deploy().outcome == .promoted)
    }
    let run = await world.rollBack(to: "2")
    #expect(run.errorName == "noTarget")
    #expect(run.error?.description == "b: nothing to roll back to: it has no version 2")
    #expect(run.report?.functions.map(\.outcome) == [.rolledBack, .failed])
    #expect(world.account.alias("a")?.functionVersion == "2")
  }

  @Test("of the versions of one commit the newest that is not bad is gone to")
  func commit() async throws {
    let world = try await World.running()
    for code in ["good2", "good3", "good4"] {
      world.want { $0.code = code }
      #expect(await world.deploy(commit: "8d68feeaaaaa").outcome == .promoted)
    }
    #expect(await world.rollBack().outcome == .rolledBack)
    #expect(await world.rollBack().outcome == .unchanged)
    world.want { $0.code = "good5" }
    #expect(await world.deploy(commit: "1111111aaaaa").outcome == .promoted)
    let run = await world.rollBack(to: .commit("8d68fee"))
    #expect(run.outcome == .rolledBack)
    #expect(world.account.alias()?.functionVersion == "3")
  }

  @Test("a version that does not exist is no target, and nothing is written")
  func noSuchVersion() async throws {
    let world = try await World.running()
    let run = await world.rollBack(to: "77")
    #expect(run.errorName == "noTarget")
    #expect(run.connection.writes.isEmpty)
  }

  @Test("a record of a later lamctl is not overwritten")
  func newer() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    world.account.edit(description: "lamctl/2 whatever")
    let run = await world.rollBack(to: "1")
    #expect(run.errorName == "unreadableRecord")
    #expect(run.connection.writes.isEmpty)
  }
}
