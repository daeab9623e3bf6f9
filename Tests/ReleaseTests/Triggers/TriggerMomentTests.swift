import AWSClient
import Core
import TestSupport
import Testing
import Triggers

@testable import Release

@Suite("When triggers are bound")
struct TriggerMomentTests {
  private static let commit = "3f2a1c90aa00bb11cc22dd33ee44ff5566778899"

  /// A function that serves, and that is to be released anew, with a trigger.
  private static func world(code: String) async throws -> World {
    let world = try await World.running()
    world.want { wanted in
      wanted.edges = TriggerStageTests.wish
      wanted.code = code
    }
    return world
  }

  private struct Run {
    let report: ReleaseReport
    let edges: GrantedEdges.State
  }

  private static func stage(_ world: World, _ connection: Connection, _ edges: GrantedEdges) -> TriggerStage {
    TriggerStage(
      services: world.services(connection) { _ in }, edges: edges.services(world),
      settings: TriggerSettings(), alias: "prod", owner: "ci-1")
  }

  private static func edges(_ world: World, _ connection: Connection) -> GrantedEdges {
    GrantedEdges(connection) { world.account.record().map { $0.state.word } ?? "-" }
  }

  /// A deploy that binds triggers at the promotion.
  private static func deploy(_ world: World, fails: Bool = false) async throws -> Run {
    let connection = Connection(world.account)
    let edges = edges(world, connection)
    edges.state.withLock { $0.fails = fails }
    let stage = stage(world, connection, edges)
    let plan = try await world.plan(connection) { _ in }
    let early = Lock<[EdgeResult]>([])
    let work = BakeWork { release, functions in
      let results = await stage.carryOut(plan, promoted: functions, by: release)
      early.withLock { $0 += results }
    }
    var report = try #require(
      await world.deploy(plan, "ci-1", over: connection, besideBake: work).report)
    edges.state.withLock { $0.fails = false }
    await stage.carryOut(plan, early: early.withLock { $0 }, into: &report)
    return Run(report: report, edges: edges.state.withLock { $0 })
  }

  @Test(
    "at the promotion they are written while the release bakes, under its lease, and not again at its end")
  func promotion() async throws {
    let world = try await Self.world(code: "good2")
    let run = try await Self.deploy(world)
    #expect(run.report.outcome == .promoted && run.report.error == nil)
    #expect(run.edges.calls == ["GetPolicy", "AddPermission", "TagResource"])
    #expect(run.edges.seen == ["bake"])
    #expect(run.report.functions.first?.edges?.isComplete == true)
  }

  @Test("one that cannot be written at the promotion is written at the end")
  func again() async throws {
    let world = try await Self.world(code: "good2")
    let run = try await Self.deploy(world, fails: true)
    #expect(run.report.outcome == .promoted && run.report.error == nil)
    #expect(run.edges.seen == ["bake", "triggers"])
  }

  @Test("a release that is taken back in its bake leaves them as they were bound, and says so")
  func takenBack() async throws {
    let world = try await Self.world(code: "late2")
    let run = try await Self.deploy(world)
    #expect(run.report.outcome == .rolledBack)
    #expect(run.edges.seen == ["bake"])
    #expect(
      run.report.warnings.contains(
        "orders: its triggers were bound at the promotion and stay so; deploy the older commit to change them back"
      ))
  }

  @Test("what was begun at the promotion of a release that is taken back, and failed, is told")
  func takenBackInPart() async throws {
    let world = try await Self.world(code: "late2")
    let run = try await Self.deploy(world, fails: true)
    #expect(run.report.outcome == .rolledBack && run.edges.seen == ["bake"])
    #expect(run.report.warnings.contains { $0.hasPrefix("orders: its triggers were bound in part") })
    #expect(run.report.functions.first?.edges?.isComplete == false)
  }

  @Test(
    "a release that serves, and whose triggers could not be bound by whoever ended it, has failed in part")
  func refused() async throws {
    let world = try await Self.world(code: "good2")
    let connection = Connection(world.account)
    let plan = try await world.plan(connection) { _ in }
    let promoted = await world.deploy(plan, "ci-1", over: connection, commit: Self.commit).report
    var report = try #require(promoted)
    // As of a run that has only watched the end of the bake.
    report.hasMovedTraffic = false
    let name = FunctionName(function: "orders", functionName: "orders")
    _ = try await TriggerLease.take(
      name, alias: "prod", services: world.services(connection) { _ in }, owner: "other",
      release: try #require(ReleaseID(parsing: "20260101T000000Z-0000000")))
    let wish = TriggerWish(name: name, edges: try #require(TriggerStageTests.wish))
    await Self.stage(world, connection, Self.edges(world, connection)).carryOut(
      [wish], by: RunIdentity(owner: "ci-2", commit: Self.commit, isDirty: false), into: &report)
    guard case .edge(let error, isBefore: false)? = report.error else {
      Issue.record("\(String(describing: report.error))")
      return
    }
    #expect(error.function == "orders" && error.reason.contains("its triggers are not bound"))
  }

  @Test(
    "whoever ends a release that another began binds its triggers, in a checkout of its commit alone",
    arguments: [true, false])
  func resumed(isSame: Bool) async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let connection = Connection(world.account)
    let plan = try await world.plan(connection) { _ in }
    let promoted = await world.deploy(plan, "ci-1", over: connection, commit: Self.commit).report
    var report = try #require(promoted)
    #expect(report.outcome == .promoted)
    let edges = Self.edges(world, connection)
    let wish = try #require(TriggerStageTests.wish)
    let identity = RunIdentity(
      owner: "ci-2", commit: isSame ? Self.commit : "0000000000000000", isDirty: false)
    await Self.stage(world, connection, edges).carryOut(
      [TriggerWish(name: FunctionName(function: "orders", functionName: "orders"), edges: wish)],
      by: identity, into: &report)
    #expect(report.error == nil)
    #expect(edges.state.withLock { $0.seen } == (isSame ? ["triggers"] : []))
    #expect(report.warnings.contains { $0.contains("its triggers are left as they are") } == !isSame)
    #expect(world.account.record()?.state == .idle)
  }
}
