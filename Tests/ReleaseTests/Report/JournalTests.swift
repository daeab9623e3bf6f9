import Core
import Testing

@testable import Release

@Suite("The report of a run")
struct JournalTests {
  private let release = ReleaseID(time: Timestamp(seconds: 1_795_240_140), commit: "3f2a1c9", random: [])

  private func report(_ events: [ReleaseEvent]) -> ReleaseReport {
    let journal = ReleaseJournal(ReleaseReport(environment: "prod", alias: "prod")) { _ in }
    for name in ["b", "a"] {
      journal.add(
        FunctionReport(
          function: name, functionName: "shop-\(name)", change: .code, reasons: [], fromVersion: "1",
          toVersion: nil, codeSHA256: nil, digests: nil, outcome: .unchanged))
    }
    for event in events { journal.tell(event) }
    return journal.report
  }

  @Test("is what its events come to, function by function")
  func fold() {
    let report = report([
      .release(release), .published("a", version: "2", wasThere: false),
      .candidate("a", from: nil, to: "2", codeSHA256: "sha"), .serves("a", ["1": 0.9, "2": 0.1]),
      .shifted("a", version: "2", weight: 0.1, step: 1, of: 1, until: release.time),
      .serves("a", ["2": 1]), .promoted("a", version: "2"), .concluded(.promoted),
    ])
    #expect(report.functions.map(\.function) == ["a", "b"])
    #expect(report.release == release)
    #expect(report.outcome == .promoted)
    #expect(report.hasMovedTraffic)
    #expect(report.functions[0].toVersion == "2")
    #expect(report.functions[0].codeSHA256 == "sha")
    #expect(report.functions[0].serving == ["2": 1])
    #expect(report.functions.map(\.outcome) == [.promoted, .unchanged])
    #expect(!report.isPartial)
  }

  @Test("names every failure with its function, and the first as the run's")
  func failures() {
    let first = ReleaseError.quarantined(function: "a", version: "2")
    let second = ReleaseError.quarantined(function: "b", version: "3")
    let report = report([
      .failed("a", first), .ended("a", .failed), .failed("b", second), .ended("b", .failed),
      .concluded(.failed),
    ])
    #expect(report.error == first)
    #expect(report.functions.map(\.failure) == [first, second])
    #expect(report.outcome == .failed)
  }

  @Test("a function that was to change and came to no end of its own shares the run's failure")
  func shared() {
    let report = report([.failed(nil, .interrupted), .concluded(.failed)])
    #expect(report.wasInterrupted)
    #expect(report.functions.map(\.outcome) == [.failed, .failed])
    #expect(report.functions.map(\.failure) == [nil, nil])
  }

  @Test("some otherwise than others are a part; a canary that was to end is none")
  func partial() {
    #expect(report([.ended("a", .promoted), .ended("b", .failed)]).isPartial)
    #expect(!report([.ended("a", .rolledBack), .ended("b", .rolledBack)]).isPartial)
    #expect(!report([.abandoned("a"), .ended("b", .promoted)]).isPartial)
    #expect(!report([.ended("a", .published), .ended("b", .failed)]).isPartial)
    #expect(report([.ended("a", .published), .promoted("b", version: "2")]).isPartial)
  }
}
