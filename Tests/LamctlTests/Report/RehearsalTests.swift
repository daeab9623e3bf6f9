import Core
import Testing

@testable import Release
@testable import lamctl

@Suite("A rehearsal is called one")
struct RehearsalTests {
  @Test("in every document, and nowhere else")
  func document() throws {
    let real = World()
    real.context([]).printDocument(["schema": "lamctl.status/1"])
    #expect(try JSON(parsing: real.out.text)["rehearsal"] == nil)
    let world = World()
    let context = world.context([])
    context.isRehearsal.withLock { $0 = true }
    context.printDocument(["schema": "lamctl.status/1"])
    #expect(try JSON(parsing: world.out.text)["rehearsal"] == true)
  }

  @Test("in the summary of a run, and in its annotations")
  func summary() async throws {
    var world = World()
    world.environment = ["GITHUB_ACTIONS": "true"]
    let context = world.context([])
    context.isRehearsal.withLock { $0 = true }
    let facts = await RunFacts(root: "/nonexistent", in: context)
    let report = Reports.report(.rolledBack, [Reports.function("orders", .rolledBack, serving: ["17": 1])])
    let text = RunSummary(
      report: report, facts: facts, exitCode: .rolledBack, sentence: "Rolled back.", findings: [],
      failure: nil
    ).markdown
    #expect(text.hasPrefix("### ❌ lamctl: prod, a rehearsal\n\n**A rehearsal on one machine"))
    context.annotate(.error, "Rolled back.")
    #expect(
      world.err.text
        == "::error title=lamctl rehearsal::Rehearsal on this machine, not AWS: Rolled back.\n")
  }
}
