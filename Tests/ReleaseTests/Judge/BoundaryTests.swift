import Core
import Release
import Testing

/// Each threshold of the rules, from both sides: a number that moves is found here.
@Suite("Where the rules turn")
struct BoundaryTests {
  @Test(
    "the observed share is believed from 200 invocations on, or where the weight is refuted",
    arguments: [
      // 22 of 199 are no surprise at 10 %, so the weight holds; from 200 on what was observed does.
      (22, 177, 0.1), (22, 178, 0.11), (24, 176, 0.12),
      // 5 of 20 happen in 4.3 % at 10 %, 6 of 20 in 1.1 %, 7 of 20 in 0.24 %.
      (6, 14, 0.1), (7, 13, 0.35),
      // No invocation of the stable version is beside it.
      (3, 0, 1),
      // A share below the weight is not taken: the weight is the milder reading.
      (10, 490, 0.1),
    ])
  func share(canary: Int, stable: Int, chance: Double) {
    // Three errors, one a minute: E is half the mean of (r / (1 - q + q r))^3.
    let minutes = [Make.minute(canary - 2, 1, stable, 0), Make.minute(1, 1, 0, 0), Make.minute(1, 1, 0, 0)]
    let ratios = [1.5, 2.5, 5, 20, 1_000].map { $0 / (1 - chance + chance * $0) }
    let expected = ratios.map { $0 * $0 * $0 }.reduce(0, +) / 5 / 2 + 0.5
    // A quiet history keeps rule 2 out where there is nothing beside the canary.
    let evidence = FunctionEvidence(steps: [Make.step(0.1, minutes)], history: Make.history(1, 1, 0))
    #expect(abs(judge(evidence).eValue / expected - 1) < 1e-12, "\(judge(evidence).eValue), not \(expected)")
  }

  @Test("a canary of 11 % at 10 % is judged by the share it had", arguments: [(177, true), (178, false)])
  func shareDecides(stable: Int, isConvicted: Bool) {
    // Three errors at q = 0.1 are 136 to 1, at 0.11 they are 105 to 1.
    let minutes = [Make.minute(20, 1, stable, 0), Make.minute(1, 1, 0, 0), Make.minute(1, 1, 0, 0)]
    let verdict = judge(FunctionEvidence(steps: [Make.step(0.1, minutes)]))
    #expect((verdict.kind == .rollback) == isConvicted, "\(verdict.eValue)")
  }

  @Test(
    "a difference matters from 1.25 times on",
    arguments: [(12_499, false), (12_500, true), (12_600, true)])
  func material(errors: Int, isConvicted: Bool) {
    let minutes = Make.minutes(10, 100_000, errors / 10, 900_000, 9_000).enumerated().map { index, minute in
      index < errors % 10 ? Make.minute(100_000, errors / 10 + 1, 900_000, 9_000) : minute
    }
    let verdict = judge(Make.evidence(minutes))
    #expect(verdict.eValue > 1 / 0.0075)
    #expect((verdict.kind == .rollback) == isConvicted)
  }

  @Test("two errors of the canary are never enough, three may be", arguments: [(2, false), (3, true)])
  func fewest(errors: Int, isConvicted: Bool) {
    let minutes = (0..<4).map { Make.minute(50, $0 < errors ? 1 : 0, 99_950, 0) }
    let verdict = judge(Make.evidence(minutes, weight: 0.0005))
    #expect(verdict.eValue > 1 / 0.0075)
    #expect((verdict.kind == .rollback) == isConvicted)
  }

  @Test(
    "what one minute did needs a second one, unless half of twenty failed",
    arguments: [(19, 19, false), (20, 9, false), (20, 10, true), (21, 10, false), (21, 11, true)])
  func obvious(invocations: Int, errors: Int, isConvicted: Bool) {
    let verdict = judge(Make.evidence([Make.minute(invocations, errors, 9 * invocations, 0)]))
    #expect(verdict.eValue > 1 / 0.0075 && verdict.eWithoutBestMinute < 10)
    #expect((verdict.kind == .rollback) == isConvicted)
  }

  @Test("without its best minute the evidence must still be 10 to 1", arguments: [(0, false), (1, true)])
  func rest(more: Int, isConvicted: Bool) {
    // Without the first minute one error is left, 2.4 to 1, or two, 16.5 to 1.
    let minutes = [Make.minute(10, 3, 90, 0), Make.minute(10, 1, 90, 0), Make.minute(10, more, 90, 0)]
    let verdict = judge(Make.evidence(minutes))
    #expect(verdict.eValue > 1 / 0.0075)
    #expect((verdict.eWithoutBestMinute >= 10) == isConvicted)
    #expect((verdict.kind == .rollback) == isConvicted)
  }

  @Test(
    "rule 4 expects twenty invocations of the stable version by its last hour before it misses them",
    arguments: [(22, false), (23, true)])
  func silentByHour(perHour: Int, isMissed: Bool) {
    // An hour of history with so many invocations, and an hour at 10 %: nine tenths of them are expected.
    let history = (0..<60).map { HistoryMinute(Counts(invocations: $0 < perHour ? 1 : 0, errors: 0)) }
    var minutes = Make.minutes(60, 0, nil, 0, nil)
    minutes[0] = Make.minute(1, 0, 0, nil)
    let verdict = judge(FunctionEvidence(steps: [Make.step(0.1, minutes)], history: history))
    #expect((verdict.rule == 4) == isMissed)
    #expect(!isMissed || verdict.kind == .hold)
  }

  @Test(
    "without a history rule 4 misses the stable version where the weights make its silence one in a million",
    arguments: [(5, false), (6, false), (7, true)])
  func silentByWeight(invocations: Int, isMissed: Bool) {
    let verdict = judge(
      FunctionEvidence(
        steps: [Make.step(0.1, [Make.minute(invocations, 0, 0, nil)])], history: Make.history(1, 1, 0)))
    #expect((verdict.rule == 4) == isMissed)
  }

  @Test("whoever has missed the stable version's series is believed, and its traffic ends that")
  func stableMissing() {
    var evidence = Make.evidence(Make.minutes(3, 100, 0, 900, 0), ended: true)
    evidence.availability = .stableMissing
    let verdict = judge(evidence)
    #expect(verdict.kind == .hold && verdict.rule == 4)
    #expect(verdict.sentence.contains("the metrics of stable v41 are missing"))
    evidence.availability = .complete
    #expect(judge(evidence).kind == .pass)
  }

  @Test(
    "rule 4 misses the canary's errors from three minutes without a point on, beside a stable version that has them",
    arguments: [
      // Minutes of the canary without a point; the stable version's, and how many have one; of which some are 0.
      (2, 5, 5, 0, false), (3, 5, 5, 0, true), (3, 4, 4, 0, false), (3, 10, 9, 0, true), (3, 10, 8, 0, false),
      (3, 5, 5, 2, false),
    ])
  func errorsMissing(canary: Int, stable: Int, points: Int, least: Int, isMissed: Bool) {
    let minutes = (0..<stable).map { index in
      Make.minute(index < canary ? 20 : 0, nil, 100, index < points ? least : nil)
    }
    let verdict = judge(Make.evidence(minutes, ended: true))
    #expect((verdict.rule == 4) == isMissed)
  }

  @Test("one point of the canary's errors is enough for rule 4, in the bake too")
  func onePoint() {
    var evidence = Make.evidence(Make.minutes(6, 20, nil, 180, 0), ended: true)
    #expect(judge(evidence).rule == 4)
    evidence.bake = Make.bake(Make.baked(3, 200, nil), hour: (12_000, 0), ended: true)
    #expect(judge(evidence).rule == 4)
    evidence.bake = Make.bake(Make.baked(3, 200, 0), hour: (12_000, 0), ended: true)
    #expect(judge(evidence).kind == .pass)
    evidence.bake = nil
    evidence.steps[0].minutes[2].canary = Counts(invocations: 20, errors: 0)
    #expect(judge(evidence).kind == .pass)
  }

  @Test(
    "rule 5: both above 5 %, and the stable version above five times its last hour",
    arguments: [
      (50, 0, 6, false), (51, 0, 6, true), (60, 12, 7, false), (61, 12, 7, true), (51, 0, 5, false),
    ])
  func environment(stable: Int, usual: Int, canary: Int, isHeld: Bool) {
    let minutes = [Make.minute(100, canary, 1_000, stable)]
    let verdict = judge(Make.evidence(minutes, usual: Counts(invocations: 1_000, errors: usual)))
    #expect((verdict.rule == 5) == isHeld)
  }

  @Test(
    "rule 6: a slow tail matters from twice on, the limits below it from 1.5 times on",
    arguments: [
      (0, 149, false), (0, 150, true), (1, 149, false), (1, 150, true), (2, 199, false), (2, 200, true),
    ])
  func slow(limit: Int, canary: Int, isHeld: Bool) {
    func minute(_ split: Split) -> Minute {
      var slow = [Split](repeating: Split(canary: 0, stable: 0), count: 3)
      slow[limit] = split
      return Make.minute(10_000, 0, 90_000, 0, slow: slow)
    }
    let minutes = Array(repeating: minute(Split(canary: canary, stable: 900)), count: 12)
    #expect((judge(Make.evidence(minutes)).rule == 6) == isHeld)
  }

  @Test("the first two minutes of a step are not counted as slow", arguments: [(2, false), (5, true)])
  func cold(slowMinutes: Int, isHeld: Bool) {
    let minutes = (0..<8).map { index in
      Make.minute(
        100, 0, 900, 0,
        slow: [index < slowMinutes ? Split(canary: 60, stable: 9) : Split(canary: 1, stable: 9)])
    }
    #expect((judge(Make.evidence(minutes)).rule == 6) == isHeld)
  }

  @Test("a step needs its invocations", arguments: [(29, Verdict.Kind.extend), (30, .pass)])
  func invocations(count: Int, kind: Verdict.Kind) {
    #expect(judge(Make.evidence([Make.minute(count, 0, 270, 0)], ended: true)).kind == kind)
  }
}
