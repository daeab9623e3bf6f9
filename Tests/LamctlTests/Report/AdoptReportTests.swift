import Core
import Release
import Testing
import Triggers

@testable import lamctl

@Suite("What lamctl adopt comes to")
struct AdoptReportTests {
  private static func scope(_ function: String) -> EdgeScope {
    EdgeScope(
      project: "shop", function: function, functionName: "shop-\(function)",
      functionARN: "arn:aws:lambda:eu-west-1:123456789012:function:shop-\(function)", alias: "prod")
  }

  /// A journal with one move of `orders`.
  private static func journal(_ state: MoveJournal.State?) -> MoveJournal {
    let move = Move(
      .rule, in: scope("orders"), place: JSONObject([("rule", "paid")]), before: ["Arn": "a"],
      after: ["Arn": "b"], group: "rule", title: "rule paid")
    var journal = MoveJournal(
      environment: "prod", alias: "prod", account: "123456789012", region: "eu-west-1",
      release: "20261127T091500Z-abcdef0", started: Timestamp(seconds: 1_796_000_000),
      moves: state == nil ? [] : [move])
    if let state { journal.entries[0].state = state }
    return journal
  }

  private static let blocked = MovePlan(scope("basket"), obstacle: "in the way", fix: "move it")

  @Test("what is in the way of all is 1, of a part 14, and what was asked for is 0")
  func codes() {
    var report = AdoptReport(.adopt, isPlan: false, Self.journal(nil))
    #expect(report.exitCode == .done)
    #expect(report.text.contains("Nothing that can be moved hangs on a bare function."))
    report.plans = [Self.blocked]
    #expect(report.exitCode == .failed)
    #expect(report.text.contains("Nothing was moved."))
    report.journal = Self.journal(.done)
    #expect(report.exitCode == .partial)
    report.plans = []
    #expect(report.exitCode == .done)
    #expect(report.text.contains("  moved    rule paid"))
    report.signal = .interrupt
    #expect(report.exitCode == .interrupted)
  }

  @Test("silence is told and is no success, calls elsewhere need a person")
  func proof() throws {
    var report = AdoptReport(.adopt, isPlan: false, Self.journal(.done))
    report.proofs = ["orders": .silent]
    #expect(report.exitCode == .done)
    #expect(report.text.contains("nothing shows yet that the moves work"))
    report.path = ".lamctl/adopt-1.json"
    report.proofs = ["orders": .elsewhere(7)]
    #expect(report.exitCode == .held)
    #expect(
      report.failures.map(\.message) == [
        "orders: 7 invocations since the move, and none of them through the alias prod"
      ])
    let document = report.document("lamctl.adopt/1")
    #expect(document["functions"]?.array?.first?["proof"] == ["kind": "elsewhere", "invocations": 7])
    #expect(document["exitCode"] == 11)
  }

  @Test("the document is a journal with more to it, which --undo takes")
  func document() throws {
    let report = AdoptReport(.adopt, isPlan: false, Self.journal(.planned))
    let text = report.document("lamctl.adopt/1").text()
    #expect(try MoveJournal(parsing: Array(text.utf8)) == Self.journal(.planned))
  }

  @Test("an undo goes with a plan alone")
  func undo() throws {
    #expect(try parse(AdoptCommand.self, "prod --undo a.json --plan")?.undo == "a.json")
    for more in ["--finish", "--even-managed", "--only a"] {
      #expect(throws: UsageError.self) { try parse(AdoptCommand.self, "prod --undo a.json \(more)") }
    }
  }
}
