import AWSClient
import Core
import TestSupport
import Testing

@testable import Release

@Suite("What is done beside a bake")
struct BakeWorkTests {
  private static func deploy(_ world: World, _ code: String, _ work: BakeWork) async throws -> ReleaseReport {
    let connection = Connection(world.account)
    world.want { $0.code = code }
    let plan = try await world.plan(connection) { _ in }
    return try #require(await world.deploy(plan, "ci-1", over: connection, besideBake: work).report)
  }

  @Test("a release that passes is taken down as passed when it has ended, and not before")
  func waited() async throws {
    let world = try await World.running()
    let seen = Lock("")
    let work = BakeWork { _, functions in
      // The clock of this world jumps: without a wait the run would be over by now.
      for _ in 0..<20_000 { await Task.yield() }
      seen.withLock { $0 = "\(functions) \(world.account.record()?.state.word ?? "-")" }
    }
    let report = try await Self.deploy(world, "good2", work)
    #expect(report.outcome == .promoted)
    #expect(seen.withLock { $0 } == #"["orders"] bake"#)
    #expect(world.account.record()?.state == .idle)
  }

  @Test("a release that goes back cuts it short before its traffic moves")
  func cutShort() async throws {
    let world = try await World.running()
    let seen = Lock("")
    let work = BakeWork { _, _ in
      await withTaskCancellationHandler {
        try? await Task.sleep(for: .seconds(600))
      } onCancel: {
        seen.withLock { $0 = world.account.record()?.state.word ?? "-" }
      }
    }
    let report = try await Self.deploy(world, "late2", work)
    #expect(report.outcome == .rolledBack)
    #expect(seen.withLock { $0 } == "bake")
  }

  @Test("what is begun twice is done one after the other")
  func turns() async throws {
    let under = Lock((now: 0, most: 0))
    let work = BakeWork { _, _ in
      under.withLock { under in
        under.now += 1
        under.most = max(under.most, under.now)
      }
      for _ in 0..<100 { await Task.yield() }
      under.withLock { $0.now -= 1 }
    }
    let release = ReleaseID(time: Timestamp(seconds: 1_900_000_000), commit: nil, random: [1, 2, 3, 4])
    let tasks = (0..<8).map { work.begin(release, ["f\($0)"]) }
    for task in tasks { await task.value }
    #expect(under.withLock { $0.most } == 1)
  }
}
