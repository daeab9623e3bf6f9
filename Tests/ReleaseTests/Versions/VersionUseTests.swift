import AWSClient
import Core
import TestSupport
import Testing

@testable import Release

@Suite("What refers to a version")
struct VersionUseTests {
  @Test("a version that somebody has taken all its traffic from by hand is on trial no more")
  func moved() async throws {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy(configure: { $0.stopsBeforePromotion = true }).outcome == .held)
    func uses(of version: String) throws -> [VersionUse] {
      let (versions, aliases) = world.account.state.withLock { state in
        let function = state.functions["orders"]
        return (function?.versions ?? [], function.map { Array($0.aliases.values) } ?? [])
      }
      let history = VersionHistory(
        FunctionName(function: "orders", functionName: "orders"),
        versions: versions.indices.compactMap { index in
          world.account.state.withLock {
            $0.functions["orders"]?.configuration("\(index + 1)", at: world.clock.now())
          }
        }, aliases: aliases)
      return try #require(history.versions.first { $0.version == version }).uses
    }
    #expect(try uses(of: "2").contains(.recorded(alias: "prod", as: .canary)))
    world.account.edit(weights: [:])
    #expect(try uses(of: "2") == [.recorded(alias: "prod", as: .takenBack)])
  }
}
