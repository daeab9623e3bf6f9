import Core
import Release
import Testing

@Suite("How one record follows from another")
struct RecordChangesTests {
  private let start = Timestamp(seconds: 1_764_000_045)
  private let first = ReleaseID(time: Timestamp(seconds: 1_764_000_000), commit: "3f2a1c9", random: [])
  private let second = ReleaseID(time: Timestamp(seconds: 1_764_009_000), commit: "4f2a1c9", random: [])

  /// 42 on trial against 41, after 40.
  private func trial() throws -> RolloutRecord {
    var record = RolloutRecord(release: first, state: .canary)
    (record.stable, record.canary, record.previous) = ("41", "42", "40")
    record.package = "0123456789ab"
    record.steps = 2
    record.leaseEnd = start + .minutes(5)
    return record.shifted(to: try Weight(parsing: "10%"), step: 1, at: start)
  }

  @Test("the first weight starts the clock, later ones count from it")
  func shift() throws {
    let record = try trial().shifted(to: try Weight(parsing: "50%"), step: 2, at: start + .minutes(6))
    #expect(record.started == start && record.step == 2)
    #expect(record.history.map(\.minute) == [0, 6])
    #expect(record.weight == (try Weight(parsing: "50%")))
  }

  @Test("the bake knows the way back, and so does what comes after it")
  func finish() throws {
    let baking = try trial().baking(at: start + .minutes(12))
    #expect(baking.state == .bake && baking.previous == "41" && baking.weight == .all)
    #expect(baking.history.last == WeightChange(minute: 12, weight: .all))
    let finished = baking.finished()
    #expect(finished.state == .idle && finished.stable == "42" && finished.previous == "41")
    #expect(finished.canary == nil && finished.started == nil && finished.leaseEnd == nil)
  }

  @Test("a version that was bad once and is promoted after all is bad no longer; another's mark stays")
  func acquitted() throws {
    var retried = try trial()
    retried.badVersions = ["42"]
    #expect(retried.baking(at: start).finished().bad == nil)
    retried.badVersions = ["40"]
    #expect(retried.baking(at: start).finished().bad == "40")
  }

  @Test("a rollback for errors marks the version and its package as bad")
  func blamed() throws {
    let bad = try trial().rolledBack(for: .errors)
    #expect(bad.bad == "42" && bad.canary == nil && bad.stable == "41" && bad.previous == "40")
    #expect(bad.weight == nil && bad.leaseEnd == nil)
    #expect(bad.isPackage("0123456789ABCDEF") && !bad.isPackage("0123456789ac"))
    #expect(bad.encoded().text.contains("st=rb y=errors"))
    #expect(RolloutRecord.decode(bad.encoded().text) == .record(bad, userText: ""))
  }

  @Test(
    "a rollback that is nobody's fault marks nothing",
    arguments: [
      RecordReason.peer, .interrupt, .superseded, .deadMan, .noMetrics, .lowTraffic,
    ])
  func notBlamed(reason: RecordReason) throws {
    var record = try trial()
    record.badVersions = ["37"]
    let back = record.rolledBack(for: reason)
    #expect(back.bad == "37" && back.canary == "42" && back.stable == "41" && back.weight == nil)
    record.badVersions = []
    let text = record.rolledBack(for: reason).encoded().text
    #expect(RolloutRecord.decode(text) == .record(record.rolledBack(for: reason), userText: ""))
  }

  @Test("27 good, 28 bad, rollback, 29 fix: the way back from 29 is 27, and 28 stays marked")
  func fix() throws {
    var record = RolloutRecord(release: first, state: .idle)
    (record.stable, record.previous) = ("28", "27")
    let back = record.rolledBack(for: .person)
    #expect(back.stable == "27" && back.bad == "28" && back.previous == nil)
    #expect(back.rolledBack(for: .person).stable == "27", "a second rollback has nowhere to go")
    var next = back.succeeded(by: second, state: .canary)
    next.canary = "29"
    let fixed = next.shifted(to: try Weight(parsing: "10%"), step: 1, at: start).baking(at: start).finished()
    #expect(fixed.stable == "29" && fixed.previous == "27" && fixed.bad == "28")
    #expect(fixed.rolledBack(for: .person).stable == "27")
    #expect(fixed.rolledBack(for: .person, to: "25").stable == "25")
  }
}

@Suite("What a record remembers of bad versions")
struct BadVersionsTests {
  private func record(bad: [String]) throws -> RolloutRecord {
    let release = try #require(ReleaseID(parsing: "20261121T054900Z-3f2a1c9"))
    var record = RolloutRecord(release: release, state: .idle)
    (record.stable, record.previous, record.badVersions) = ("30", "27", bad)
    return record
  }

  @Test("a second bad version does not make it forget the first; the oldest of many goes")
  func memory() throws {
    #expect(try record(bad: ["28"]).rolledBack(for: .person).badVersions == ["28", "30"])
    #expect(try record(bad: ["28", "30", "29"]).rolledBack(for: .person).badVersions == ["28", "29", "30"])
    let full = try record(bad: ["21", "22", "23", "24", "25", "26"])
    #expect(full.rolledBack(for: .person).badVersions == ["22", "23", "24", "25", "26", "30"])
  }

  @Test("they go through the Description and into the next release")
  func persistence() throws {
    let record = try record(bad: ["28", "29"])
    #expect(RolloutRecord.decode(record.encoded().text) == .record(record, userText: ""))
    #expect(record.succeeded(by: record.release, state: .idle).badVersions == ["28", "29"])
  }

  @Test("one that was tried again and has passed is not bad any more; the others are")
  func absolved() throws {
    var record = try record(bad: ["28", "29"])
    record.canary = "28"
    #expect(record.finished().badVersions == ["29"])
  }
}
