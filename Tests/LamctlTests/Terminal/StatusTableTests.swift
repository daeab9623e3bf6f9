import Core
import Testing

@testable import Release
@testable import lamctl

@Suite("The table of status")
struct StatusTableTests {
  private static let now = Timestamp(seconds: 1_795_240_140)

  private static func status(
    _ function: String, _ state: RolloutState, weights: [String: Double],
    _ change: (inout RolloutRecord) -> Void = { _ in }
  ) throws -> FunctionStatus {
    var record = RolloutRecord(
      release: try #require(ReleaseID(parsing: "20261121T054900Z-3f2a1c9")), state: state)
    record.step = 2
    record.steps = 5
    record.owner = RecordOwner("gh-123456")
    record.leaseEnd = now + .minutes(3)
    change(&record)
    let alias = AliasStatus(
      version: "41", weights: weights, record: record, move: nil, provenance: nil, trial: nil,
      published: now - .minutes(130),
      lastHour: [
        "41": Counts(invocations: 90_000, errors: 30), "42": Counts(invocations: 9_000, errors: 120),
      ])
    return FunctionStatus(function: function, functionName: function, alias: alias, drift: nil)
  }

  private static func lines(limit: Int?) throws -> [String] {
    let canary = ["41": 0.9, "42": 0.1]
    let functions = [
      try status("payments-refund-worker", .canary, weights: canary),
      try status("orders", .canary, weights: canary) { $0.leaseEnd = now - .minutes(30) },
      try status("users", .hold(.pause), weights: canary),
      try status("search", .rolledBack(.errors), weights: ["41": 1]) { $0.badVersions = ["42"] },
    ]
    return StatusCommand().lines(functions, now: now, in: World().context([]), limit: limit)
  }

  @Test("says who drives a rollout, that its run is dead, what it waits for, and which version is bad")
  func states() throws {
    let lines = try Self.lines(limit: nil)
    #expect(lines[0].contains("COMMIT") && lines[0].contains("AGE"))
    #expect(lines[1].contains("canary 2/5 by gh-123456 "))
    #expect(lines[1].hasSuffix(" 41: 0.03 % of 90000, 42: 1.33 % of 9000"))
    #expect(lines[2].contains("canary 2/5, dead run gh-123456"))
    #expect(lines[3].contains("hold 2/5 (pause)"))
    #expect(lines[4].contains("rolled back (errors), 42 is bad"))
  }

  @Test("what there is to do is said once a release, with the commands for it")
  func advice() throws {
    let canary = ["41": 0.9, "42": 0.1]
    let functions = [
      try Self.status("a", .hold(.pause), weights: canary),
      try Self.status("b", .hold(.pause), weights: canary),
      try Self.status("c", .canary, weights: canary), try Self.status("d", .idle, weights: ["41": 1]),
      try Self.status("e", .canary, weights: canary) { $0.leaseEnd = Self.now - .minutes(30) },
      try Self.status("f", .rolledBack(.deadMan), weights: ["41": 1]),
      try Self.status("g", .rolledBack(.errors), weights: ["41": 1]),
    ]
    let head = "Release 20261121T054900Z-3f2a1c9"
    #expect(
      StatusAdvice.lines(functions, steps: try StepPlan(parsing: "10%:5m"), now: Self.now) == [
        "\(head) waits for a person (pause): a, b. Next: lamctl promote with the --steps that it was begun with "
          + "lets it go on, lamctl abort takes it back.",
        "\(head) is driven by gh-123456: c. Next: lamctl abort takes it back.",
        "\(head) was left on its way by its run: e. Next: lamctl resume with the --steps that it was begun with "
          + "goes on with it, lamctl abort takes it back.",
        "\(head) was taken back (deadman): f. Next: lamctl deploy tries it again.",
        "\(head) was taken back (errors): g. Next: mend it and deploy; the very same code goes out only with "
          + "lamctl deploy --retry.",
      ])
  }

  @Test("a narrow terminal loses commits, ages and words, and never what serves, a state or an error rate")
  func narrow() throws {
    for columns in [100, 80] {
      let lines = try Self.lines(limit: columns)
      #expect(lines.count == 5, "\(lines)")
      #expect(columns > 80 || (!lines[0].contains("COMMIT") && !lines[0].contains("AGE")))
      #expect(lines[1].contains("  41:90% 42:10%  canary 2/5 ") && lines[1].hasSuffix("  41:0.03% 42:1.33%"))
      #expect(lines[2].contains("canary 2/5, dead run  ") && lines[3].contains("hold 2/5 (pause)  "))
      #expect(lines[4].contains("  41:100%        rolled back (errors)  41:0.03%"))
    }
  }

  @Test("where not even that has room, each function is a block in which nothing is left out")
  func blocks() throws {
    let lines = try Self.lines(limit: 40)
    #expect(lines.allSatisfy { Cells.width($0) <= 40 }, "\(lines)")
    let text = lines.joined(separator: "\n")
    #expect(text.hasPrefix("payments-refund-worker\n  VERSION: 41\n"))
    #expect(text.contains("  WEIGHTS: 41: 90 %, 42: 10 %\n  STATE: canary 2/5 by gh-123456\n"))
    #expect(text.contains("  STATE: rolled back (errors), 42 is bad\n"))
    #expect(text.contains("  ERRORS, LAST HOUR: 41: 0.03 % of\n    90000, 42: 1.33 % of 9000\n"))
  }
}
