import Core
import Testing

@testable import Release

@Suite("Evidence out of CloudWatch's figures")
struct EvidenceCollectorTests {
  private static let start = Timestamp(seconds: 1_790_000_040).startOfMinute

  private func minute(_ number: Double) -> Timestamp { Self.start + .minutes(number) }

  /// A canary that got 10 % in minute 0, and in minute 6, where that is said, everything.
  private func record(isBaking: Bool = false) -> RolloutRecord {
    let release = ReleaseID(time: Self.start, commit: nil, random: [1, 2, 3, 4])
    var record = RolloutRecord(release: release, state: isBaking ? .bake : .canary)
    record.started = minute(0.3)
    record.history = [WeightChange(minute: 0, weight: Weight(fraction: 0.1) ?? .all)]
    if isBaking { record.history.append(WeightChange(minute: 6, weight: .all)) }
    return record
  }

  /// Counts of both versions in minutes -180 to 19; the stable version's errors have points, the canary's have none.
  private var figures: (canary: VersionMinutes, stable: VersionMinutes) {
    var (canary, stable) = (VersionMinutes(), VersionMinutes())
    for number in -180..<20 {
      let start = minute(Double(number))
      stable.counts[start] = Counts(invocations: 90, errors: 1)
      if number >= 0 { canary.counts[start] = Counts(invocations: 10, errors: nil) }
    }
    stable.slow = [[minute(2): 5], [minute(2): 3, minute(-1): 4], [:]]
    canary.slow = [[minute(2): 2], [:], [minute(3): 1]]
    stable.extra = ["Http5xx": [minute(-2): 7, minute(1): 2]]
    canary.extra = ["Http5xx": [minute(1): 3]]
    return (canary, stable)
  }

  private func evidence(settledEnd: Timestamp, isBaking: Bool = false, isOver: Bool = false)
    -> FunctionEvidence
  {
    let (canary, stable) = figures
    return EvidenceCollector.evidence(
      on: record(isBaking: isBaking), canary: canary, stable: stable, from: minute(-180),
      settledEnd: settledEnd, phaseIsOver: isOver)
  }

  @Test(
    "a minute counts once it has ended and settled, not a second earlier",
    arguments: [(3.0, 0.0, 2), (3, -1, 1), (4, -1, 2), (4, 0, 3), (1, 0, 0)])
  func settled(minutes: Double, seconds: Double, count: Int) {
    let found = evidence(settledEnd: minute(minutes) + .seconds(seconds))
    #expect(found.steps.map(\.minutes.count) == [count])
    #expect(found.steps[0].minutes.map(\.start) == (0..<count).map { minute(Double($0 + 1)) })
  }

  @Test("the minute of a change belongs to no step, and minutes carry their starts")
  func steps() throws {
    let found = evidence(settledEnd: minute(12), isBaking: true, isOver: true)
    #expect(found.steps.map(\.minutes.count) == [5])
    #expect(found.steps[0].ended && found.steps[0].weight == 0.1)
    let bake = try #require(found.bake)
    #expect(bake.minutes.compactMap(\.start) == (7..<12).map { minute(Double($0)) })
    #expect(bake.ended)
  }

  @Test("the bake's baseline is the hour before it, and says so")
  func baseline() throws {
    let bake = try #require(evidence(settledEnd: minute(12), isBaking: true).bake)
    #expect(bake.baseline == Counts(invocations: 5_400, errors: 60))
    #expect(bake.baselinePeriod == minute(-54)..<minute(6))
    #expect(bake.baselineExtra == ["Http5xx": 9])
  }

  @Test("no point of errors is kept apart from none")
  func points() {
    let found = evidence(settledEnd: minute(4)).steps[0].minutes[0]
    #expect(found.canary.errorPoint == nil && found.canary.invocations == 10)
    #expect(found.stable.errorPoint == 1)
  }

  @Test("slow invocations and metrics are counted by minute, in the history too")
  func counts() {
    let found = evidence(settledEnd: minute(4))
    #expect(found.steps[0].minutes[1].slow.map(\.canary) == [2, 0, 0])
    #expect(found.steps[0].minutes[1].slow.map(\.stable) == [5, 3, 0])
    #expect(found.steps[0].minutes[0].extra == ["Http5xx": Split(canary: 3, stable: 2)])
    #expect(found.history.count == 180)
    #expect(found.history[179].slow == [0, 4, 0])
    #expect(found.history[178].extra == ["Http5xx": 7])
  }

  @Test("a series that is not complete is no basis for a verdict", arguments: [true, false])
  func incomplete(isCanary: Bool) {
    var (canary, stable) = figures
    if isCanary { canary.isComplete = false } else { stable.isComplete = false }
    let found = EvidenceCollector.evidence(
      on: record(), canary: canary, stable: stable, from: minute(-180), settledEnd: minute(4),
      phaseIsOver: false)
    #expect(found.availability == .failing(reason: "CloudWatch answered with incomplete series"))
  }
}
