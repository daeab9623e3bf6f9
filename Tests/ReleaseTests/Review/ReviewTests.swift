import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Verdicts that nothing follows from")
struct ReviewTests {
  @Test("of a release that was taken back: the same verdict from the past, with the same counts")
  func badRelease() async throws {
    let world = try await World.running()
    world.want { $0.code = "bad2" }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    world.clock.advance(by: .minutes(30))
    let review = try #require(try await world.review(since: .minutes(60)))
    let live = try #require(run.report?.functions.first?.verdict)
    let verdict = try #require(review.verdict.functions["orders"])
    #expect(verdict.kind == .rollback)
    #expect(verdict.rule == live.rule)
    #expect(review.verdict.culprit == "orders")
    // The past has the minutes too that had not settled when the run decided.
    #expect(verdict.canary.invocations >= live.canary.invocations)
    #expect(review.evidence.functions["orders"]?.canaryVersion == "2")
    #expect(review.evidence.functions["orders"]?.stableVersion == "1")
    #expect(review.evidence.judged().verdict == review.verdict.verdict)
  }

  @Test("of a release that serves: its steps and its bake pass, slow invocations included")
  func goodRelease() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    let review = try #require(try await world.review(since: .minutes(60)))
    #expect(review.verdict.verdict.kind == .pass)
    let evidence = try #require(review.evidence.functions["orders"])
    #expect(evidence.steps.map { ($0.weight * 100).rounded() } == [10])
    #expect(evidence.bake != nil)
    #expect(evidence.steps[0].minutes.allSatisfy { $0.slow.count == 3 })
  }

  @Test("a rollout that was begun with other steps is judged by its record, held or not")
  func otherSteps() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let steps = try StepPlan(parsing: "20%:5m,pause,60%:5m")
    #expect(await world.deploy(configure: { $0.plan = steps }).outcome == .held)
    let (reviews, connection) = try await world.review()
    let evidence = try #require(reviews.first?.evidence.functions["orders"])
    #expect(evidence.steps.map { ($0.weight * 100).rounded() } == [20])
    #expect(reviews.first?.verdict.functions["orders"]?.canary.errors == 0)
    #expect(connection.writes.isEmpty)
  }

  @Test("two versions and a period that a person names, whatever the record says")
  func named() async throws {
    let world = try await World.running()
    for code in ["good2", "good3"] {
      world.want { $0.code = code }
      #expect(await world.deploy().outcome == .promoted)
      world.clock.advance(by: .minutes(20))
    }
    let review = try #require(
      try await world.review(since: .minutes(180), until: .minutes(10), comparing: (stable: "1", canary: "2"))
    )
    #expect(review.evidence.functions["orders"]?.canaryVersion == "2")
    #expect(review.verdict.verdict.kind == .pass)
    let reversed = try await world.review(
      since: .minutes(15), until: .minutes(5), comparing: (stable: "1", canary: "2"))
    #expect(reversed == nil)
  }

  @Test("of several functions the past is judged as a release")
  func together() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    world.want("a") { $0.code = "good2" }
    world.want("b") { $0.code = "bad2" }
    #expect(await world.deploy().outcome == .rolledBack)
    world.clock.advance(by: .minutes(10))
    let review = try #require(try await world.review(since: .minutes(60)))
    #expect(review.verdict.culprit == "b")
    #expect(review.verdict.functions.keys.sorted() == ["a", "b"])
  }

  @Test("only the last release is judged, and not what was released long before it")
  func lastOnly() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] {
      world.want(name) { $0.code = "good2" }
      #expect(await world.deploy().outcome == .promoted)
      world.clock.advance(by: .minutes(30))
    }
    let review = try #require(try await world.review(since: .minutes(240)))
    #expect(review.verdict.functions.keys.sorted() == ["b"])
  }

  @Test("a period as old as CloudWatch's memory is read as far as that goes")
  func oldest() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    world.account.state.withLock { $0.memory = PastReview.memory }
    #expect(try await world.review(since: PastReview.memory) != nil)
  }

  @Test("without metrics there is an error and no verdict")
  func outage() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    world.account.breakMetrics(for: .minutes(10))
    await #expect(throws: ReleaseError.self) { try await world.review(since: .minutes(60)) }
  }

  @Test(
    "of a rollout under way: what its run would say, without a write, and the run goes on undisturbed",
    arguments: [RolloutState.canary, .bake])
  func running(state: RolloutState) async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    let number = try #require(await world.firstCall(in: state))
    let seen = Lock<(kind: Verdict.Kind, release: ReleaseID?, writes: [String])?>(nil)
    // Two looks later, so that there is something to see.
    let run = await world.deploy(hooks: [
      number + 4: {
        guard let (reviews, connection) = try? await world.review(), let review = reviews.first else {
          return
        }
        seen.withLock { $0 = (review.verdict.verdict.kind, review.release, connection.writes) }
      }
    ])
    #expect(run.outcome == .promoted)
    #expect(run.error == nil)
    let found = try #require(seen.withLock { $0 })
    #expect(found.kind == .watching || found.kind == .pass)
    #expect(found.release == run.report?.release)
    #expect(found.writes.isEmpty)
  }

  @Test("of a bad canary that a dead run has left: rollback, and nothing is done about it")
  func left() async throws {
    let world = try await World.running()
    world.want { $0.code = "bad2" }
    let number = try #require(await world.firstCall(in: .canary))
    _ = await world.deploy(events: [.diesBefore(number)])
    world.clock.advance(by: .minutes(5))
    let (reviews, connection) = try await world.review()
    #expect(reviews.map(\.verdict.verdict.kind) == [.rollback])
    #expect(connection.writes.isEmpty)
    #expect(world.account.alias()?.weights == ["2": 0.1])
  }

  @Test("where nothing is under way there is nothing to judge")
  func idle() async throws {
    let world = try await World.running()
    #expect(try await world.review().reviews.isEmpty)
  }

  @Test("a deploy's report has the evidence of its last verdict, from which anybody gets the same verdict")
  func evidence() async throws {
    let world = try await World.running(["a": Wanted("good1"), "b": Wanted("good1")])
    for name in ["a", "b"] { world.want(name) { $0.code = name == "a" ? "good2" : "bad2" } }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    let evidence = try #require(run.report?.evidence)
    let again = try EvidenceFile(parsing: Array(evidence.json.text().utf8), file: "report").judged()
    #expect(again.verdict == run.report?.verdict)
    #expect(again.functions["b"] == run.report?.functions.first { $0.function == "b" }?.verdict)
    #expect(evidence.functions["b"]?.steps.first?.minutes.isEmpty == false)
  }
}
