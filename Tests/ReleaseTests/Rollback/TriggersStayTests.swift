import Core
import TestSupport
import Testing
import Triggers

@testable import Release

@Suite("Triggers stay where a rollback takes code back")
struct TriggersStayTests {
  private func warnings(afterTagOf release: String) async throws -> [String] {
    let world = try await World.running()
    world.want { $0.code = "good2" }
    #expect(await world.deploy().outcome == .promoted)
    let tag = TriggerTag(digest: String(repeating: "a", count: 32), kinds: [.sns], release: release)
    world.account.change { $0.tags[TriggerTag.key(alias: "prod")] = tag.text }
    return await world.rollBack().report?.warnings ?? []
  }

  @Test("a release after that of the version that serves again is named, with what to do")
  func later() async throws {
    let warnings = try await warnings(afterTagOf: "20990101T000000Z-abcdef0")
    #expect(
      warnings.contains {
        $0.contains(
          "release 20990101T000000Z-abcdef0 changed triggers after v1; deploy the older commit to change them back"
        )
      }, "\(warnings)")
  }

  @Test("what that version's own release or an earlier one has set is right for it, and nothing is said")
  func earlier() async throws {
    let warnings = try await warnings(afterTagOf: "19990101T000000Z-abcdef0")
    #expect(!warnings.contains { $0.contains("changed triggers") }, "\(warnings)")
  }
}
