import AWSClient
import Core
import TestSupport
import Testing
import Triggers

@testable import Release

@Suite("Triggers of a release")
struct TriggerStageTests {
  static let wish = EdgeWish(
    project: "shop",
    triggers: [
      Trigger(
        name: "iot", kind: .grant,
        settings: JSONObject([("Principal", "iot.amazonaws.com"), ("SourceArn", "arn:rule")]))
    ], eventInvoke: nil)

  private static func world() async throws -> World {
    let world = try await World.running()
    world.want { $0.edges = wish }
    return world
  }

  /// A deploy with what it does about triggers.
  private static func deploy(
    _ world: World, owner: String = "ci-1", _ prepare: (GrantedEdges) -> Void = { _ in }
  ) async throws -> (report: ReleaseReport, connection: Connection, edges: GrantedEdges.State) {
    let connection = Connection(world.account)
    let edges = GrantedEdges(connection) { world.account.record().map { $0.state.word } ?? "-" }
    prepare(edges)
    let plan = try await world.plan(connection) { _ in }
    var report = try #require(await world.deploy(plan, owner, over: connection).report)
    let stage = TriggerStage(
      services: world.services(connection) { _ in }, edges: edges.services(world),
      settings: TriggerSettings(), alias: "prod", owner: owner)
    await stage.carryOut(plan, into: &report)
    return (report, connection, edges.state.withLock { $0 })
  }

  @Test("triggers alone take the lease, are written in the state triggers, and give it back")
  func alone() async throws {
    let world = try await Self.world()
    let run = try await Self.deploy(world)
    #expect(run.report.outcome == .updated && run.report.error == nil)
    #expect(run.edges.calls == ["GetPolicy", "AddPermission", "TagResource"])
    #expect(run.edges.seen == ["triggers"])
    #expect(world.account.record()?.state == .idle)
    #expect(run.connection.writes.filter { $0.hasPrefix("UpdateAlias") }.count == 2)
  }

  @Test("an unchanged deploy makes no call for its triggers")
  func unchanged() async throws {
    let world = try await Self.world()
    _ = try await Self.deploy(world)
    let run = try await Self.deploy(world)
    #expect(run.report.outcome == .unchanged)
    #expect(run.edges.calls.isEmpty && run.connection.calls.isEmpty)
  }

  @Test("an edge that fails is told, gives the lease back and leaves no tag, and the next deploy mends it")
  func failure() async throws {
    let world = try await Self.world()
    let run = try await Self.deploy(world) { $0.state.withLock { $0.fails = true } }
    #expect(run.report.error == .edge(EdgeError.absent, isBefore: false))
    #expect(!run.edges.calls.contains("TagResource"))
    #expect(world.account.record()?.state == .idle)
    let next = try await Self.deploy(world)
    #expect(next.report.outcome == .updated && next.report.error == nil)
  }

  @Test("a lease is given back although the alias's revision has moved, unless somebody else has it")
  func revision() async throws {
    for isTaken in [false, true] {
      let world = try await Self.world()
      let connection = Connection(world.account)
      connection.begin {}
      let name = FunctionName(function: "orders", functionName: "orders")
      let lease = try await TriggerLease.take(
        name, alias: "prod", services: world.services(connection) { _ in }, owner: "ci-1",
        release: try #require(ReleaseID(parsing: "20260101T000000Z-0000000")))
      var record = try #require(world.account.record())
      if isTaken { record.release = try #require(ReleaseID(parsing: "20260102T000000Z-0000000")) }
      world.account.edit(description: record.encoded().text)
      try await lease.giveBack()
      #expect(world.account.record()?.state == (isTaken ? .triggers : .idle))
    }
  }

  @Test(
    "of functions that are released apart those are bound whose release has ended well, and the others are named"
  )
  func apart() async throws {
    let world = try await Self.world()
    let connection = Connection(world.account)
    let edges = GrantedEdges(connection) { "-" }
    let plan = try await world.plan(connection) { _ in }
    let stage = TriggerStage(
      services: world.services(connection) { _ in }, edges: edges.services(world),
      settings: TriggerSettings(), alias: "prod", owner: "ci-1")
    for outcome in [Outcome.rolledBack, .promoted] {
      var report = try #require(await world.deploy(plan, "ci-1", over: connection).report)
      report.outcome = .rolledBack
      report.error = .edge(EdgeError.absent, isBefore: false)
      report.functions[0].outcome = outcome
      let error = report.error
      await stage.carryOut(plan, isApart: true, into: &report)
      #expect(report.error == error)
      let written = edges.state.withLock { $0.calls.contains("AddPermission") }
      #expect(written == (outcome == .promoted))
      #expect(
        report.warnings.contains { $0.hasPrefix("orders: its triggers are left") } == (outcome == .rolledBack)
      )
      edges.state.withLock { $0 = GrantedEdges.State() }
    }
  }

  @Test(
    "beside a release that is held what was promoted is bound, and where something is left to write it is told"
  )
  func held() async throws {
    let world = try await Self.world()
    let connection = Connection(world.account)
    let edges = GrantedEdges(connection) { "-" }
    let stage = TriggerStage(
      services: world.services(connection) { _ in }, edges: edges.services(world),
      settings: TriggerSettings(), alias: "prod", owner: "ci-1")
    for (outcome, isTold) in [(Outcome.held, true), (.promoted, false), (.held, false)] {
      let plan = try await world.plan(connection) { _ in }
      var report = try #require(await world.deploy(plan, "ci-1", over: connection).report)
      report.outcome = .held
      report.functions[0].outcome = outcome
      await stage.carryOut(plan, into: &report)
      #expect(edges.state.withLock { $0.calls.contains("AddPermission") } == (outcome == .promoted))
      let told = "orders: its triggers are left as they are until what is held has been promoted"
      #expect(report.warnings.contains(told) == isTold)
      edges.state.withLock { $0.calls = [] }
    }
  }

  @Test(
    "while another run writes the edges of an alias nothing of them is touched, and its lease ends some day")
  func lease() async throws {
    let world = try await Self.world()
    let connection = Connection(world.account)
    connection.begin {}
    let name = FunctionName(function: "orders", functionName: "orders")
    _ = try await TriggerLease.take(
      name, alias: "prod", services: world.services(connection) { _ in }, owner: "other",
      release: try #require(ReleaseID(parsing: "20260101T000000Z-0000000")))
    let run = try await Self.deploy(world)
    guard case .owned(function: "orders", _, _)? = run.report.error else {
      Issue.record("\(String(describing: run.report.error))")
      return
    }
    #expect(!run.edges.calls.contains("AddPermission"))
    world.clock.advance(by: .minutes(11))
    let next = try await Self.deploy(world)
    #expect(next.report.outcome == .updated && next.report.error == nil)
    #expect(world.account.record()?.state == .idle)
  }

  @Test(
    "beside a rollout that nobody drives no lease is taken, and it is said how that is ended",
    arguments: [true, false])
  func standing(isHeld: Bool) async throws {
    let world = try await Self.world()
    let connection = Connection(world.account)
    connection.begin {}
    var record = try #require(world.account.record())
    record.state = isHeld ? .hold(.pause) : .canary
    record.canary = "7"
    record.leaseEnd = world.clock.now() + .minutes(isHeld ? 5 : -5)
    world.account.edit(description: record.encoded().text)
    let error = await #expect(throws: ReleaseError.self) {
      _ = try await TriggerLease.take(
        FunctionName(function: "orders", functionName: "orders"), alias: "prod",
        services: world.services(connection) { _ in }, owner: "ci-1",
        release: try #require(ReleaseID(parsing: "20260101T000000Z-0000000")))
    }
    let state = isHeld ? "is held" : "is under way, and nobody drives it any more"
    #expect(
      error?.description
        == "orders: a rollout of version 7 \(state) at the alias prod; nothing was touched")
    let commands = isHeld ? "lamctl promote or lamctl abort" : "lamctl resume"
    #expect(error?.fix == "end it first, with \(commands)")
  }

  @Test("an older lamctl takes a record in the state triggers for a later version's, and a new one reads it")
  func record() {
    var record = RolloutRecord(
      release: ReleaseID(time: Timestamp(seconds: 1_900_000_000), commit: nil, random: [1, 2, 3, 4]),
      state: .triggers)
    record.stable = "7"
    let text = record.encoded().text
    #expect(RolloutRecord.decode(text).record?.state == .triggers)
    #expect(!record.state.isUnderWay && record.routing == .all("7"))
  }
}

extension EdgeError {
  /// The error of a call that ``GrantedEdges`` does not know.
  fileprivate static var absent: EdgeError {
    EdgeError(
      EdgeScope(project: "", function: "orders", functionName: "", functionARN: "", alias: ""), "iot",
      GrantedEdges.absent.description, cause: GrantedEdges.absent)
  }
}
