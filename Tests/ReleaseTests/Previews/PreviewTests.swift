import Core
import Release
import TestSupport
import Testing
import Triggers

@testable import AWSClient

@Suite("Previews of pull requests")
struct PreviewTests {
  /// A world with two functions that serve, and what there is of addresses and schedules.
  private struct Scene {
    let world: World
    let shelf = Lock(EdgeShelf())

    /// One run of `deploy --preview`.
    func preview(
      _ name: String = "pr-1", events: [Connection.Event] = [], role: String? = "arn:role",
      url: JSONObject? = JSONObject([("AuthType", "NONE")]),
      configure: (inout ReleaseSettings) -> Void = { _ in }
    ) async throws -> (report: ReleaseReport, connection: Connection) {
      let connection = Connection(world.account, events: events)
      let base = try await world.plan(connection) { _ in }
      let changed = Set(base.changed.map(\.input.function))
      let standing = try await Planner(
        lambda: connection, environment: "prod", alias: name, parallel: 1, clock: world.clock
      ).plan(world.inputs.filter { changed.contains($0.function) }) { _, _ in [] }
      var settings = world.present
      configure(&settings)
      let previewer = Previewer(
        services: world.services(connection),
        edges: SimulatedEdges(connection, shelf).services(world), settings: settings,
        identity: RunIdentity(owner: "ci-1", commit: nil, isDirty: false),
        wish: PreviewWish(
          name: name, project: "shop", ttl: .minutes(60), role: role, functionURL: url, partition: "aws"))
      let isOpen = Lock(false)
      let run = Task {
        while !isOpen.withLock({ $0 }) { await Task.yield() }
        return await previewer.deploy(base, standing: standing, packages: world)
      }
      connection.begin { run.cancel() }
      isOpen.withLock { $0 = true }
      return (await run.value, connection)
    }

    func previews(
      _ events: [Connection.Event] = [], isScheduled: Bool = true
    ) -> (previews: Previews, connection: Connection) {
      let connection = Connection(world.account, events: events)
      connection.begin {}
      return (
        Previews(
          services: world.services(connection), edges: SimulatedEdges(connection, shelf).services(world),
          main: "prod", project: "shop", partition: "aws", isScheduled: isScheduled, parallel: 1), connection
      )
    }

    func alias(_ function: String = "orders", _ name: String = "pr-1") -> AliasConfiguration? {
      world.account.state.withLock { $0.functions[function]?.aliases[name] }
    }

    /// The schedules' inputs, by time from now in minutes.
    func schedules() throws -> [String: Double] {
      var found: [String: Double] = [:]
      for schedule in shelf.withLock({ $0.schedules.values }) {
        let expression = try #require(schedule["ScheduleExpression"]?.string)
        guard case .at(let time)? = Timetable(expression) else { continue }
        let words =
          "\(schedule["Target"]?["Arn"]?.string ?? "") \(schedule["Target"]?["Input"]?.string ?? "")"
        found[words] = ((time - world.clock.now()).seconds / 60).rounded()
      }
      return found
    }

    func expire() {
      shelf.withLock { $0.run(until: world.clock.now(), in: world.account) }
    }

    func copy() -> Scene {
      let copy = Scene(world: world.copy())
      let state = shelf.withLock { $0 }
      copy.shelf.withLock { $0 = state }
      return copy
    }
  }

  private static let both = ["orders": Wanted("good1"), "refunds": Wanted("good1")]

  private static func scene(_ functions: [String: Wanted] = ["orders": Wanted("good1")]) async throws -> Scene
  {
    Scene(world: try await World.running(functions))
  }

  private static func name(_ function: String = "orders") -> FunctionName {
    FunctionName(function: function, functionName: function)
  }

  @Test("what differs is published, all else shows what the environment serves, and no traffic moves")
  func made() async throws {
    let scene = try await Self.scene(Self.both)
    scene.world.want { $0.code = "good2" }
    let before = ["orders", "refunds"].map { scene.alias($0, "prod") }
    let run = try await scene.preview()
    #expect(run.report.error == nil && run.report.outcome == .published)
    #expect(run.report.functions.map(\.outcome) == [.published, .updated])
    #expect(run.report.functions.map(\.url) == ["https://orders-pr-1/", "https://refunds-pr-1/"])
    #expect(scene.alias()?.functionVersion == "2" && scene.alias("refunds")?.functionVersion == "1")
    #expect(["orders", "refunds"].map { scene.alias($0, "prod") } == before)
    #expect(run.report.preview?.isScheduled == true)
    #expect(!run.connection.writes.contains { $0 == "PublishVersion refunds" })
    let until = Int((scene.world.clock.now() + .minutes(60)).seconds)
    let mark = try #require(scene.alias()?.description)
    #expect(mark.hasPrefix("lamctl/1 alias u=") && mark.hasSuffix(" o=preview:ci-1"))
    #expect(abs((Int(mark.dropFirst("lamctl/1 alias u=".count).prefix { $0 != " " }) ?? 0) - until) < 120)
  }

  @Test("schedules are written before alias and URL, and end both with ten minutes between")
  func order() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    let run = try await scene.preview()
    let writes = run.connection.writes.filter { !$0.hasPrefix("Update") && !$0.hasPrefix("Publish") }
    #expect(
      writes == [
        "CreateScheduleGroup", "CreateSchedule", "CreateSchedule", "CreateAlias orders", "AddPermission",
        "AddPermission", "CreateFunctionUrlConfig",
      ])
    let target = "arn:aws:scheduler:::aws-sdk:lambda:"
    let minutes = try scene.schedules()
    let url = try #require(
      minutes[target + #"deleteFunctionUrlConfig {"FunctionName":"orders","Qualifier":"pr-1"}"#])
    let alias = try #require(minutes[target + #"deleteAlias {"FunctionName":"orders","Name":"pr-1"}"#])
    #expect(alias == url + 10)
    #expect(
      scene.shelf.withLock { $0.schedules.keys.allSatisfy { $0.hasPrefix("lamctl-shop-orders-pr-1-") } })
  }

  @Test("a push without a change publishes nothing and moves the end")
  func again() async throws {
    let scene = try await Self.scene(Self.both)
    scene.world.want { $0.code = "good2" }
    _ = try await scene.preview()
    scene.world.clock.advance(by: .minutes(30))
    let run = try await scene.preview()
    #expect(run.report.outcome == .unchanged && run.report.error == nil)
    #expect(run.report.functions.map(\.toVersion) == ["2", "1"])
    #expect(Set(run.connection.writes) == ["UpdateSchedule", "UpdateAlias orders", "UpdateAlias refunds"])
    #expect(run.connection.writes.count == 6)
    // The end has moved.
    scene.world.clock.advance(by: .minutes(40))
    scene.expire()
    #expect(scene.alias() != nil && scene.shelf.withLock { $0.urls.count } == 2)
    scene.world.clock.advance(by: .minutes(25))
    scene.expire()
    #expect(scene.alias() != nil && scene.shelf.withLock { $0.urls.isEmpty })
    scene.world.clock.advance(by: .minutes(10))
    scene.expire()
    #expect(scene.alias() == nil && scene.shelf.withLock { $0.schedules.isEmpty })
  }

  @Test("what was taken back in the pull request shows what the environment serves again")
  func reverted() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    _ = try await scene.preview()
    scene.world.want { $0.code = "good1" }
    let run = try await scene.preview()
    #expect(run.report.outcome == .updated && scene.alias()?.functionVersion == "1")
    #expect(!run.connection.writes.contains { $0.hasPrefix("PublishVersion") })
  }

  @Test("two previews of one function stand beside each other, and go one by one")
  func two() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    _ = try await scene.preview("pr-1")
    scene.world.want { $0.code = "good3" }
    _ = try await scene.preview("pr-2")
    #expect(scene.alias("orders", "pr-1")?.functionVersion == "2")
    #expect(scene.alias("orders", "pr-2")?.functionVersion == "3")
    #expect(scene.shelf.withLock { ($0.urls.count, $0.schedules.count) } == (2, 4))
    let listed = try await scene.previews().previews.list([Self.name()])
    #expect(listed.map(\.alias.alias?.alias) == ["pr-1", "pr-2"])
    #expect(listed.map(\.url) == ["https://orders-pr-1/", "https://orders-pr-2/"])
    #expect(listed.map(\.alias.alias?.person) == ["ci-1", "ci-1"])
    let gone = await scene.previews().previews.delete("pr-1", of: [Self.name()], dryRun: false)
    #expect(gone.map(\.alias.outcome) == [.deleted])
    #expect(scene.alias("orders", "pr-1") == nil && scene.alias("orders", "pr-2") != nil)
    #expect(scene.shelf.withLock { ($0.urls.count, $0.schedules.count) } == (1, 2))
  }

  @Test("the next deploy of the environment takes nothing of a preview over, and no drift is told")
  func environment() async throws {
    let scene = try await Self.scene()
    scene.world.want {
      $0.code = "good2"
      $0.settings["Timeout"] = 30
      $0.settings["Description"] = "of the pull request"
    }
    #expect(try await scene.preview().report.error == nil)
    scene.world.want {
      $0.code = "good3"
      $0.settings = JSONObject([("Timeout", 3)])
    }
    let connection = Connection(scene.world.account)
    let plan = try await scene.world.plan(connection) { _ in }
    #expect(plan.functions.allSatisfy { $0.foreign == nil })
    let run = await scene.world.deploy(configure: { $0.drift = .refuse })
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    #expect(scene.world.account.members("3")?["Timeout"] == 3)
    #expect(scene.world.account.members("3")?["CodeSha256"] == "good3")
  }

  @Test("callers of the bare name end it before the first write, and --update-latest does not")
  func callers() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    scene.world.account.change {
      $0.policy = [
        "Statement": [
          [
            "Sid": "bucket", "Effect": "Allow", "Action": "lambda:InvokeFunction",
            "Principal": ["Service": "s3.amazonaws.com"],
          ]
        ]
      ]
    }
    let run = try await scene.preview()
    #expect(run.connection.writes.isEmpty && run.report.outcome == .failed)
    #expect(
      "\(run.report.error.map { "\($0)" } ?? "")".contains(
        "would run the preview's code: the statement bucket"))
    let next = try await scene.preview { $0.updatesLatest = true }
    #expect(next.report.error == nil && scene.alias()?.functionVersion == "2")
    // Where nothing is published nobody is in the way.
    scene.world.want { $0.code = "good1" }
    #expect(try await scene.preview("pr-9").report.error == nil)
  }

  @Test("an alias that names $LATEST, whosever it is, would run the preview's code")
  func latest() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    scene.world.account.change {
      $0.aliases["live"] = AliasConfiguration(
        name: "live", aliasARN: "", functionVersion: "$LATEST", weights: [:], description: "",
        revisionID: "r")
    }
    let run = try await scene.preview()
    #expect(run.connection.writes.isEmpty && run.report.outcome == .failed)
    let error = try #require(run.report.error)
    #expect("\(error)".contains("the alias live, which names $LATEST"), "\(error)")
    #expect(error.fix?.contains("let the alias live name a published version") == true)
    #expect(error.fix?.contains("adopt") == false)
    // One that gives it a share is no other.
    scene.world.account.change {
      $0.aliases["live"] = AliasConfiguration(
        name: "live", aliasARN: "", functionVersion: "1", weights: ["$LATEST": 0.1], description: "",
        revisionID: "r")
    }
    #expect(try await scene.preview().connection.writes.isEmpty)
    scene.world.account.change { $0.aliases["live"] = nil }
    #expect(try await scene.preview().report.error == nil)
  }

  @Test("a push that is cancelled leaves nothing in $LATEST that is no version's")
  func cancelled() async throws {
    let start = try await Self.scene()
    start.world.want {
      $0.code = "good2"
      $0.settings["Timeout"] = 30
    }
    let calls = try await start.copy().preview().connection.calls.count
    for number in 1...calls {
      let scene = start.copy()
      let run = try await scene.preview(events: [.cancels(number)])
      #expect(run.report.wasInterrupted, "\(number)")
      scene.world.want {
        $0.code = "good3"
        $0.settings = JSONObject([])
      }
      let plan = try await scene.world.plan(Connection(scene.world.account)) { _ in }
      #expect(plan.functions.allSatisfy { $0.foreign == nil }, "\(number): \(run.connection.calls)")
    }
  }

  @Test("once there is no role, the schedules of earlier pushes go, and who may not do that is told")
  func withoutRole() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    _ = try await scene.preview()
    _ = try await scene.preview("pr-2")
    scene.world.account.state.withLock { $0.denied = ["ListSchedules"] }
    let denied = try await scene.preview(role: nil).report
    #expect(denied.error == nil && denied.warnings.contains { $0.contains("scheduler:ListSchedules") })
    #expect(scene.shelf.withLock { $0.schedules.count } == 4)
    scene.world.account.state.withLock { $0.denied = [] }
    let run = try await scene.preview(role: nil).report
    #expect(run.error == nil && run.warnings.isEmpty)
    #expect(scene.shelf.withLock { $0.schedules.keys.allSatisfy { $0.contains("pr-2") } })
    #expect(scene.shelf.withLock { $0.schedules.count } == 2)
    // A deletion takes them along without a role, and does its work where it may not.
    let cases: [(String, Set<String>)] = [("pr-2", []), ("pr-1", ["DeleteSchedule"])]
    for (name, denied) in cases {
      scene.world.account.state.withLock { $0.denied = denied }
      let gone = await scene.previews(isScheduled: false).previews
        .delete(name, of: [Self.name()], dryRun: false)
      #expect(gone.map(\.alias.outcome) == [.deleted])
      #expect(scene.shelf.withLock { $0.schedules.isEmpty })
    }
  }

  @Test("calls through the alias of a preview that is gone are none of the bare name's")
  func gone() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    scene.world.account.state.withLock { state in
      state.direct["orders"] = 5
      state.called["orders:pr-9"] = 5
    }
    #expect(try await scene.preview().report.error == nil)
    scene.world.want { $0.code = "good3" }
    scene.world.account.state.withLock { $0.direct["orders"] = 6 }
    let run = try await scene.preview()
    #expect(
      "\(run.report.error.map { "\($0)" } ?? "")".contains("60 invocations in the last hour"),
      "\(String(describing: run.report.error))")
    // Where CloudWatch does not list them, nobody knows.
    scene.world.account.state.withLock { state in
      state.direct["orders"] = 5
      state.denied = ["ListMetrics"]
    }
    #expect(try await scene.preview().report.outcome == .failed)
  }

  @Test("an alias of somebody else is left alone, and nothing is written")
  func foreign() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    for description in ["", "lamctl/1 alias u=99999999999 o=ann"] {
      scene.world.account.change {
        $0.aliases["pr-1"] = AliasConfiguration(
          name: "pr-1", aliasARN: "", functionVersion: "1", weights: [:], description: description,
          revisionID: "r")
      }
      let run = try await scene.preview()
      #expect(run.connection.writes.isEmpty && run.report.outcome == .failed)
      let gone = await scene.previews().previews.delete("pr-1", of: [Self.name()], dryRun: false)
      #expect(gone.map(\.alias.outcome) == [.failed] && scene.alias() != nil)
    }
  }

  @Test("a version that fails its smoke test is shown all the same, and the run fails")
  func smoke() async throws {
    let scene = try await Self.scene()
    scene.world.want {
      $0.code = "broken2"
      $0.smokeTests = [SmokeTest(name: "s.json", event: Array("{}".utf8), expectation: nil)]
    }
    for _ in 1...2 {
      let run = try await scene.preview()
      guard case .smokeFailed? = run.report.error else {
        Issue.record("\(String(describing: run.report.error))")
        return
      }
      #expect(run.report.outcome == .failed && scene.alias()?.functionVersion == "2")
    }
  }

  @Test("one of two functions that fails its smoke test is no part of a release, of a preview or not")
  func smokeOfTwo() async throws {
    let scene = try await Self.scene(Self.both)
    scene.world.want { $0.code = "good2" }
    scene.world.want("refunds") {
      $0.code = "broken2"
      $0.smokeTests = [SmokeTest(name: "s.json", event: Array("{}".utf8), expectation: nil)]
    }
    let shown = try await scene.copy().preview().report
    let deployed = try #require(await scene.world.deploy().report)
    for report in [shown, deployed] {
      #expect(report.functions.map(\.outcome) == [.published, .failed])
      #expect(!report.isPartial && report.outcome == .failed)
      guard case .smokeFailed? = report.error else {
        Issue.record("\(String(describing: report.error))")
        return
      }
    }
  }

  @Test(
    "a new function is made for a preview, and goes on from there with the next pushes and the first deploy")
  func new() async throws {
    let scene = try await Self.scene()
    scene.world.want("news") { $0.code = "good1" }
    scene.world.account.state.withLock { $0.traffic["news"] = 0 }
    let run = try await scene.preview()
    #expect(run.report.error == nil && scene.alias("news")?.functionVersion == "1")
    #expect(scene.alias("news", "prod") == nil)
    let again = try await scene.preview()
    #expect(again.report.outcome == .unchanged && again.report.error == nil)
    scene.world.want("news") { $0.code = "good2" }
    let changed = try await scene.preview().report
    #expect(changed.outcome == .published, "\(String(describing: changed.error))")
    let deployed = await scene.world.deploy()
    #expect(deployed.error == nil && scene.alias("news", "prod")?.functionVersion == "2")
  }

  @Test("a function that lives without the environment's alias is not written over")
  func live() async throws {
    let scene = try await Self.scene()
    scene.world.account.change {
      $0.aliases = [:]
      for index in $0.versions.indices { $0.versions[index].members["Description"] = nil }
    }
    let run = try await scene.preview()
    #expect(run.connection.writes.isEmpty)
    #expect("\(run.report.error.map { "\($0)" } ?? "")".contains("it is live without the alias prod"))
  }

  @Test("without a role there are no schedules, and prune takes URL and alias away when the time is over")
  func pruned() async throws {
    let scene = try await Self.scene()
    scene.world.want { $0.code = "good2" }
    let run = try await scene.preview(role: nil)
    #expect(run.report.preview?.isScheduled == false && scene.shelf.withLock { $0.schedules.isEmpty })
    scene.world.clock.advance(by: .minutes(61))
    let connection = Connection(scene.world.account)
    connection.begin {}
    let results = try await Pruner(services: scene.world.services(connection), keep: 10, parallel: 1)
      .prune([Self.name()])
    #expect(results.flatMap(\.deletedAliases).map(\.alias) == ["pr-1"])
    #expect(
      connection.writes == ["DeleteFunctionUrlConfig orders:pr-1", "DeleteAlias orders:pr-1"])
  }

  @Test("nothing is kept ready for a preview, and settings of the function as a whole stay as they are")
  func ownSettings() async throws {
    let scene = try await Self.scene()
    scene.world.want {
      $0.code = "good2"
      $0.settings["ProvisionedConcurrentExecutions"] = 2
      $0.settings["ReservedConcurrentExecutions"] = 5
      $0.settings["Tags"] = ["team": "shop"]
    }
    let run = try await scene.preview()
    #expect(run.report.error == nil && scene.alias()?.functionVersion == "2")
    let function = try #require(scene.world.account.state.withLock { $0.functions["orders"] })
    #expect(function.provisioned.isEmpty && function.reserved == nil && function.tags.isEmpty)
  }

  @Test("an address that is wanted no more goes with the next push")
  func withoutURL() async throws {
    let scene = try await Self.scene()
    _ = try await scene.preview()
    #expect(scene.shelf.withLock { $0.urls.count } == 1)
    let run = try await scene.preview(url: nil)
    #expect(run.report.functions.map(\.url) == [nil])
    #expect(scene.shelf.withLock { $0.urls.isEmpty && $0.statements.values.allSatisfy(\.isEmpty) })
  }

  @Test(
    "a lost answer, or a death, at any call leaves what the schedules end or the next run puts right",
    arguments: [0, 1, 2])
  func mishaps(kind: Int) async throws {
    let start = try await Self.scene()
    start.world.want { $0.code = "good2" }
    let probe = start.copy()
    let calls = try await probe.preview().connection.calls.count
    #expect(calls > 10)
    for number in 1...calls {
      let scene = start.copy()
      let event: Connection.Event =
        kind == 0 ? .losesAnswer(number) : kind == 1 ? .diesBefore(number) : .diesAfter(number)
      _ = try await scene.preview(events: [event])
      // Whatever is public by now, the schedules end it, alone.
      let abandoned = scene.copy()
      abandoned.world.clock.advance(by: .minutes(120))
      abandoned.expire()
      #expect(abandoned.alias() == nil, "\(event)")
      #expect(abandoned.shelf.withLock { $0.urls.isEmpty && $0.schedules.isEmpty }, "\(event)")
      scene.world.clock.advance(by: .minutes(1))
      let next = try await scene.preview()
      #expect(next.report.error == nil, "\(event): \(String(describing: next.report.error))")
      #expect(scene.alias()?.functionVersion == "2", "\(event)")
      #expect(scene.shelf.withLock { $0.urls.count == 1 && $0.schedules.count == 2 }, "\(event)")
      #expect(scene.alias("orders", "prod")?.functionVersion == "1")
    }
  }

  @Test(
    "a death at any call of a deletion leaves what the next one ends, or the schedules do",
    arguments: [0, 1, 2])
  func halfDeleted(kind: Int) async throws {
    let start = try await Self.scene()
    _ = try await start.preview()
    let probe = start.copy()
    let (previews, connection) = probe.previews()
    #expect(await previews.delete("pr-1", of: [Self.name()], dryRun: true).map(\.alias.outcome) == [.deleted])
    #expect(probe.alias() != nil && connection.writes.isEmpty)
    _ = await previews.delete("pr-1", of: [Self.name()], dryRun: false)
    let calls = connection.calls.count
    for number in 1...calls {
      let scene = start.copy()
      let event: Connection.Event =
        kind == 0 ? .losesAnswer(number) : kind == 1 ? .diesBefore(number) : .diesAfter(number)
      _ = await scene.previews([event]).previews.delete("pr-1", of: [Self.name()], dryRun: false)
      let abandoned = scene.copy()
      abandoned.world.clock.advance(by: .minutes(120))
      abandoned.expire()
      #expect(abandoned.alias() == nil && abandoned.shelf.withLock { $0.urls.isEmpty }, "\(event)")
      let outcome = await scene.previews().previews.delete("pr-1", of: [Self.name()], dryRun: false)
      #expect(outcome.allSatisfy { $0.alias.error == nil }, "\(event)")
      #expect(scene.alias() == nil, "\(event)")
      #expect(scene.shelf.withLock { $0.urls.isEmpty && $0.schedules.isEmpty }, "\(event)")
    }
    let again = await start.previews().previews.delete("pr-2", of: [Self.name()], dryRun: false)
    #expect(again.map(\.alias.outcome) == [.absent])
  }
}
