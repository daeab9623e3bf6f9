import Core
import Testing

@testable import Release

@Suite("A rollout of the past, read off its traffic")
struct PastRolloutTests {
  private static let start = Timestamp(seconds: 1_790_000_040).startOfMinute

  /// Counts of both versions, a stretch after the other: for so many minutes, so many invocations of each, and the
  /// errors among them.
  private struct Traffic {
    var canary = VersionMinutes()
    var stable = VersionMinutes()
    private var next = PastRolloutTests.start

    mutating func add(
      minutes: Int, canary: Int, stable: Int, errors: (canary: Int, stable: Int) = (0, 0)
    ) {
      for _ in 0..<minutes {
        if canary > 0 { self.canary.counts[next] = Counts(invocations: canary, errors: errors.canary) }
        if stable > 0 { self.stable.counts[next] = Counts(invocations: stable, errors: errors.stable) }
        next = next + .minutes(1)
      }
    }

    /// The rollout in the period that begins `after` minutes after the first one.
    func rollout(after minutes: Double = 0) -> PastRollout? {
      PastRollout(
        canary: canary, stable: stable, from: PastRolloutTests.start + .minutes(minutes), to: next)
    }

    func evidence(after minutes: Double = 0) throws -> FunctionEvidence {
      try #require(rollout(after: minutes)).evidence(stableVersion: "1", canaryVersion: "2")
    }
  }

  @Test("each weight is a step, the minute of a change belongs to none, and the bake has the hour before it")
  func steps() throws {
    var traffic = Traffic()
    traffic.add(minutes: 120, canary: 0, stable: 1000)
    traffic.add(minutes: 1, canary: 50, stable: 950)
    traffic.add(minutes: 10, canary: 100, stable: 900, errors: (2, 1))
    traffic.add(minutes: 1, canary: 300, stable: 700)
    traffic.add(minutes: 10, canary: 500, stable: 500, errors: (1, 1))
    traffic.add(minutes: 1, canary: 800, stable: 200)
    traffic.add(minutes: 15, canary: 1000, stable: 0, errors: (3, 0))
    let evidence = try traffic.evidence()
    #expect(
      evidence.history.map(\.counts) == Array(repeating: .zero, count: 60)
        + Array(repeating: Counts(invocations: 1000, errors: 0), count: 120))
    // The minute of the last change is shared, and apart from the others: it belongs to no step.
    #expect(evidence.steps.map { ($0.weight * 1000).rounded() } == [100, 500])
    #expect(evidence.steps.map(\.minutes.count) == [10, 10])
    #expect(evidence.steps.allSatisfy { $0.ended })
    #expect(Counts.sum(evidence.steps[0].minutes.map(\.canary)) == Counts(invocations: 1000, errors: 20))
    let bake = try #require(evidence.bake)
    #expect(bake.minutes.count == 15)
    #expect(bake.ended)
    #expect(Counts.sum(bake.minutes.map(\.canary)) == Counts(invocations: 15_000, errors: 45))
    #expect(bake.baseline.errors == 20)
    let period = try #require(bake.baselinePeriod)
    #expect(period.upperBound == bake.minutes.first?.start.map { $0 - .minutes(1) })
    #expect(period.upperBound - period.lowerBound == .minutes(60))
  }

  @Test(
    "where all traffic moved at once there is no step, and the bake begins after the minute of the switch")
  func allAtOnce() throws {
    var traffic = Traffic()
    traffic.add(minutes: 60, canary: 0, stable: 100)
    traffic.add(minutes: 1, canary: 60, stable: 40)
    traffic.add(minutes: 9, canary: 100, stable: 0)
    let evidence = try traffic.evidence()
    #expect(evidence.steps.isEmpty)
    #expect(evidence.bake?.minutes.count == 9)
    #expect(evidence.bake?.baseline.invocations == 6000)
  }

  @Test("a canary that was taken back ends with its last invocation, and nothing after it is its bake")
  func takenBack() throws {
    var traffic = Traffic()
    traffic.add(minutes: 30, canary: 0, stable: 600)
    traffic.add(minutes: 5, canary: 60, stable: 540, errors: (30, 0))
    traffic.add(minutes: 30, canary: 0, stable: 600)
    let evidence = try traffic.evidence()
    #expect(evidence.steps.map(\.minutes.count) == [4])
    #expect(evidence.bake == nil)
    let verdict = Judge.verdict(function: "orders", evidence: evidence, settings: JudgeSettings())
    #expect(verdict.kind == .rollback)
    #expect(verdict.rule == 1)
  }

  @Test(
    "a release that was taken back in its bake is convicted by its bake, stray invocations or not",
    arguments: [0, 1])
  func takenBackInBake(stray: Int) throws {
    var traffic = Traffic()
    traffic.add(minutes: 60, canary: 0, stable: 1000)
    traffic.add(minutes: 1, canary: 50, stable: 950)
    traffic.add(minutes: 10, canary: 100, stable: 900)
    traffic.add(minutes: 1, canary: 600, stable: 400)
    traffic.add(minutes: 14, canary: 1000, stable: 0, errors: (50, 0))
    traffic.add(minutes: 1, canary: 1000, stable: stray, errors: (50, 0))
    traffic.add(minutes: 1, canary: 300, stable: 700)
    traffic.add(minutes: 30, canary: 0, stable: 1000)
    let evidence = try traffic.evidence()
    #expect(evidence.steps.map(\.minutes.count) == [10])
    #expect(evidence.bake?.minutes.count == 15)
    let verdict = Judge.verdict(function: "orders", evidence: evidence, settings: JudgeSettings())
    #expect(verdict.kind == .rollback)
    #expect(verdict.canary.errors == 750)
  }

  @Test("a retry that reaches the canary after it was taken back in its bake does not hide the bake")
  func strayAfterwards() throws {
    var traffic = Traffic()
    traffic.add(minutes: 60, canary: 0, stable: 1000)
    traffic.add(minutes: 10, canary: 100, stable: 900)
    traffic.add(minutes: 15, canary: 1000, stable: 0, errors: (50, 0))
    traffic.add(minutes: 1, canary: 300, stable: 700)
    traffic.add(minutes: 1, canary: 0, stable: 1000)
    traffic.add(minutes: 1, canary: 1, stable: 999)
    let evidence = try traffic.evidence()
    #expect(evidence.steps.count == 1)
    #expect(evidence.bake?.minutes.count == 14)
    let verdict = Judge.verdict(function: "orders", evidence: evidence, settings: JudgeSettings())
    #expect(verdict.kind == .rollback)
  }

  @Test("an invocation that reaches the stable version hours after the promotion cuts no bake in two")
  func strayOfStable() throws {
    var traffic = Traffic()
    traffic.add(minutes: 60, canary: 0, stable: 1000)
    traffic.add(minutes: 10, canary: 100, stable: 900)
    traffic.add(minutes: 120, canary: 1000, stable: 0, errors: (20, 0))
    traffic.add(minutes: 1, canary: 999, stable: 1)
    traffic.add(minutes: 30, canary: 1000, stable: 0, errors: (20, 0))
    let evidence = try traffic.evidence()
    #expect(evidence.steps.count == 1)
    #expect(evidence.bake?.minutes.count == 150)
  }

  @Test("silence of a stable version with little traffic is no bake")
  func quiet() throws {
    var traffic = Traffic()
    traffic.add(minutes: 10, canary: 1, stable: 1)
    traffic.add(minutes: 3, canary: 1, stable: 0)
    let evidence = try traffic.evidence()
    #expect(evidence.bake == nil)
    #expect(evidence.steps.map(\.minutes.count) == [12])
  }

  @Test("without an invocation of the canary in the period there is nothing to judge")
  func nothing() {
    var traffic = Traffic()
    traffic.add(minutes: 5, canary: 10, stable: 90)
    traffic.add(minutes: 30, canary: 0, stable: 100)
    #expect(traffic.rollout(after: 6) == nil)
    #expect(traffic.rollout() != nil)
  }

  @Test("chance alone makes no step: one weight of an hour stays one step", arguments: [20, 200, 2000])
  func chance(perMinute: Int) throws {
    var random = SeededGenerator(state: UInt64(perMinute))
    var split = 0
    for _ in 0..<200 {
      var traffic = Traffic()
      for _ in 0..<60 {
        let canary = (0..<perMinute).count { _ in Double.random(in: 0..<1, using: &random) < 0.1 }
        traffic.add(minutes: 1, canary: canary, stable: perMinute - canary)
      }
      if try traffic.evidence().steps.count != 1 { split += 1 }
    }
    #expect(split <= 4, "\(split) of 200 hours")
  }
}
