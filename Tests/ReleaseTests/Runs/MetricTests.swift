import AWSClient
import Core
import Release
import TestSupport
import Testing

@Suite("Slow invocations, and counts of the user's own")
struct MetricTests {
  private static let metric = CountMetric(
    namespace: "Shop", name: "Http5xx", versionDimension: "version",
    dimensions: ["FunctionName": "{functionName}"])

  @Test("a slow canary is held, or goes back where that is configured", arguments: FindingAction.allCases)
  func slow(action: FindingAction) async throws {
    let world = try await World.running()
    world.configure { $0.judge.onLatency = action }
    world.want { $0.code = "slow2" }
    let run = await world.deploy()
    #expect(run.outcome == (action == .hold ? .held : .rolledBack))
    #expect(run.report?.functions.first?.verdict?.rule == 6)
    if action == .rollback { #expect(world.account.record()?.state == .rolledBack(.latency)) }
  }

  @Test("a version that replaces a slow one is not held against it")
  func faster() async throws {
    let world = try await World.running(["orders": Wanted("slow1")])
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
  }

  @Test("errors that the function catches and counts take it back")
  func caught() async throws {
    let world = try await World.running()
    world.want { $0.code = "caught2" }
    let copy = world.copy()
    #expect(await copy.deploy().outcome == .promoted)
    world.configure { $0.metrics = [Self.metric] }
    let run = await world.deploy()
    #expect(run.outcome == .rolledBack)
    #expect(run.report?.functions.first?.verdict?.sentence.contains("Http5xx") == true)
  }

  @Test("a count that both versions share takes nobody back, in the bake neither")
  func shared() async throws {
    let world = try await World.running(["orders": Wanted("caught1")])
    world.configure { $0.metrics = [Self.metric] }
    world.want { $0.code = "caught2" }
    #expect(await world.deploy().outcome == .promoted)
  }

  @Test("a poll asks for ten series of a function and two of each metric, in one call of CloudWatch's client")
  func queries() async throws {
    let names = (1...60).map { "f\($0)" }
    let world = try await World.running(
      Dictionary(uniqueKeysWithValues: names.map { ($0, Wanted("good1")) }))
    world.configure { $0.metrics = [Self.metric] }
    for name in names { world.want(name) { $0.code = "good2" } }
    let run = await world.deploy()
    #expect(run.outcome == .promoted)
    #expect(run.connection.queryCounts.max() == 720)
    // One for the limits, p50, p90 and p99, at the start, and one for the traffic of the hour before: all of it, the
    // alias's, the bare name's, and the most at once.
    #expect(run.connection.queryCounts.filter { $0 == 180 }.count == 1)
    #expect(run.connection.queryCounts.filter { $0 == 240 }.count == 1)
    #expect(run.connection.queryCounts.allSatisfy { [180, 240, 720].contains($0) })
  }
}
