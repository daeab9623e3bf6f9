import Core
import Release
import TestSupport
import Testing

@testable import AWSClient

@Suite("What others have changed in $LATEST") struct DriftTests {
  /// A world whose function has a memory size that no manifest states.
  private func running() async throws -> World {
    let world = try await World.running()
    world.account.change { function in
      function.latest["MemorySize"] = 128
      function.versions[0].members["MemorySize"] = 128
    }
    return world
  }

  /// Changes `$LATEST` as a person in the console does.
  private func edit(_ world: World, _ change: (inout JSONObject) -> Void) throws {
    world.clock.advance(by: .minutes(1))
    _ = try world.account.update("orders", "UpdateFunctionConfiguration", revisionID: nil, change)
    world.clock.advance(by: .minutes(1))
  }

  private func plan(_ world: World) async throws -> FunctionPlan {
    let plan = try await world.plan(Connection(world.account)) { _ in }
    return try #require(plan.functions.first)
  }

  @Test("settings that nobody states go into the next version, by name in plan, report and verdict")
  func told() async throws {
    let world = try await running()
    try edit(world) { latest in
      latest["MemorySize"] = 512
      latest["Environment"] = ["Variables": ["HOTFIX": "a secret"]]
    }
    let words = "also changed by others since v1: memorySize 128 to 512, variable HOTFIX"
    let still = try await plan(world)
    #expect(still.change == .none)
    #expect(still.reasons(.tell) == [words])

    world.want { $0.code = "good2" }
    let run = await world.deploy()
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    let report = try #require(run.report?.functions.first)
    #expect(report.reasons.contains(words))
    #expect(report.verdict?.sentence.hasSuffix("; " + words) == true, "\(String(describing: report.verdict))")
    #expect(world.account.members("2")?["MemorySize"] == 512)
    #expect(try await plan(world).foreign == nil)
  }

  @Test("a setting that the manifest states is set back, and that is said")
  func stated() async throws {
    let world = try await running()
    try edit(world) { $0["Timeout"] = 99 }
    #expect(try await plan(world).foreign?.overridden == ["timeout 3 to 99"])
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.members("2")?["Timeout"] == 3)
  }

  @Test("--refuse-drift ends before anything is written")
  func refused() async throws {
    let world = try await running()
    try edit(world) { $0["MemorySize"] = 512 }
    world.want { $0.code = "good2" }
    let run = await world.deploy(configure: { $0.drift = .refuse })
    #expect(run.errorName == "foreignChanges")
    #expect(run.connection.writes.isEmpty)
    #expect(await world.deploy(configure: { $0.drift = .tell }).outcome == .promoted)
  }

  @Test("where nothing is to be released, drift is told and refused by no policy")
  func quiet() async throws {
    let world = try await running()
    try edit(world) { $0["MemorySize"] = 512 }
    #expect(await world.deploy(configure: { $0.drift = .refuse }).outcome == .unchanged)
  }

  @Test("--restore-drift starts from the settings of the version that serves")
  func restored() async throws {
    let world = try await running()
    try edit(world) { $0["MemorySize"] = 512 }
    world.want { $0.code = "good2" }
    let run = await world.deploy(configure: { $0.drift = .restore })
    #expect(run.outcome == .promoted, "\(String(describing: run.error))")
    #expect(world.account.members("2")?["MemorySize"] == 128)
    #expect(
      run.report?.functions.first?.reasons.contains { $0.contains("put back: memorySize 128 to 512") } == true
    )
  }

  @Test("foreign code is named and replaced")
  func code() async throws {
    let world = try await running()
    try edit(world) { $0["CodeSha256"] = "theirs" }
    let words =
      "$LATEST holds code that no release made since v1 (perhaps of a run that died before it published), and that goes"
    #expect(try await plan(world).reasons(.tell) == [words])
    world.want { $0.settings = JSONObject([("Timeout", 5)]) }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.code("2") == "good1")
  }

  @Test("a new revision alone, a version that was taken back, and one of another alias are no drift")
  func none() async throws {
    let world = try await running()
    world.account.change { $0.revision += 3 }
    #expect(try await plan(world).reasons(.tell) == [])

    world.want { $0.settings = JSONObject([("Timeout", 3), ("MemorySize", 1024)]) }
    world.want { $0.code = "bad utterly" }
    #expect(await world.deploy().outcome == .rolledBack)
    world.want { $0.settings = JSONObject([("Timeout", 3)]) }
    world.want { $0.code = "good1" }
    #expect(try await plan(world).foreign == nil)
    world.want { $0.code = "good3" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.members("3")?["MemorySize"] == 128)
  }

  @Test(
    "what others change after another environment's release is theirs, and what that release brought is not")
  func besideAnotherEnvironment() async throws {
    let world = try await running()
    // Another environment of ours releases a version with settings of its own.
    world.account.change { function in
      let now = world.clock.now()
      function.latest["MemorySize"] = 1024
      function.latest["CodeSha256"] = "staging"
      let line =
        "lamctl/1 s=\(String(repeating: "a", count: 32)) p=\(String(repeating: "b", count: 32)) "
        + "c=\(String(repeating: "c", count: 32)) r=20261121T054900Z-3f2a1c9 by=ci"
      _ = function.publish(description: line, at: now)
    }
    #expect(try await plan(world).foreign == nil)
    try edit(world) { $0["KMSKeyArn"] = "key" }
    #expect(try await plan(world).foreign?.settings == ["kmsKeyArn nothing to key"])
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    #expect(world.account.members("3")?["MemorySize"] == 128)
    #expect(world.account.members("3")?["KMSKeyArn"] == "key")
  }
}
