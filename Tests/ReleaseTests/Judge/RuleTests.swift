import Core
import Release
import Testing

@Suite("The judge's rules")
struct RuleTests {
  @Test("rule 1 tells its reason in a sentence that can be repeated")
  func sentence() {
    let minutes = [
      Make.minute(100, 1, 900, 0), Make.minute(100, 2, 900, 1), Make.minute(100, 2, 900, 0),
      Make.minute(121, 1, 1_089, 0),
    ]
    let verdict = judge(Make.evidence(minutes))
    #expect(
      verdict.sentence
        == "ROLLBACK orders v42: 6 of 7 errors hit the canary, which got 10 % of 4 210 invocations "
        + "(stable 0.03 %, canary 1.43 %). Less than 1 in 4 800 if v42 were no worse. Minute 4.")
    #expect(verdict.canary == Counts(invocations: 421, errors: 6))
    #expect(verdict.stable == Counts(invocations: 3_789, errors: 1))
    #expect(verdict.share == 0.1 && verdict.cause == .errors)
  }

  @Test("the ratio that matters can be set")
  func material() {
    let drift = Make.evidence(Make.minutes(10, 100_000, 1_240, 900_000, 9_000))
    #expect(judge(drift).kind == .watching)
    #expect(judge(drift) { $0.materialRatio = 1.2 }.kind == .rollback)
  }

  @Test("a bad hour during one weight neither feigns nor hides a difference")
  func strata() {
    let calm = Make.step(0.01, Make.minutes(5, 200, 0, 19_800, 0), ended: true)
    let bad = Make.step(0.5, Make.minutes(5, 10_000, 100, 10_000, 100))
    #expect(judge(FunctionEvidence(steps: [calm, bad])).kind == .watching)
    let worse = Make.step(0.01, Make.minutes(5, 200, 4, 19_800, 40), ended: true)
    let clean = Make.step(0.5, Make.minutes(5, 10_000, 0, 10_000, 0))
    #expect(judge(FunctionEvidence(steps: [worse, clean])).kind == .rollback)
  }

  @Test("a canary that is better than a broken stable version passes")
  func fix() {
    let verdict = judge(Make.evidence([Make.minute(300, 0, 2_700, 540)], ended: true))
    #expect(verdict.kind == .pass && verdict.rule == 8)
  }

  @Test("rule 2 keeps the limit whatever the stable version does")
  func limit() {
    let same = Make.evidence(Make.minutes(2, 50, 15, 450, 135))
    #expect(judge(same).kind == .watching)
    let verdict = judge(same) { $0.maxErrorRate = 0.05 }
    #expect(
      verdict.kind == .rollback && verdict.rule == 2 && verdict.cause == .limit && verdict.limit == 0.05)
    #expect(
      verdict.sentence.hasPrefix(
        "ROLLBACK orders v42: 30 of 100 invocations failed (30 %); the limit is 5 % (maxErrorRate). "))
    #expect(judge(Make.evidence(Make.minutes(5, 20, 1, 180, 0))) { $0.maxErrorRate = 0.05 }.rule == 1)
  }

  @Test("rule 2 finds a limit of 0.1 % that is broken ten times over")
  func smallLimit() {
    let minutes = Make.minutes(10, 600, 6, 5_400, 54)
    #expect(judge(Make.evidence(minutes)).kind == .watching)
    #expect(judge(Make.evidence(minutes)) { $0.maxErrorRate = 0.001 }.rule == 2)
    #expect(judge(Make.evidence(minutes)) { $0.maxErrorRate = 0.01 }.kind == .watching)
  }

  @Test("rule 2 takes a limit where there is nothing to compare with, from three errors on")
  func nothingToCompare() {
    let alone = judge(Make.evidence([Make.minute(10, 5, 0, 0)], weight: 1))
    #expect(alone.kind == .rollback && alone.rule == 2 && alone.limit == 0.05)
    #expect(alone.sentence.contains("; there is nothing to compare with, so the limit is 5 %. "))
    #expect(judge(Make.evidence([Make.minute(2, 2, 0, 0)], weight: 1)).kind == .watching)
    let known = Make.evidence([Make.minute(10, 5, 0, 0)], weight: 1, usual: Counts(invocations: 1, errors: 0))
    #expect(judge(known).kind == .watching)
  }

  @Test(
    "an alarm has a say only if it was OK at the start",
    arguments: [
      (true, true, Verdict.Kind.rollback), (false, true, .watching), (true, false, .watching),
    ])
  func alarms(wasOK: Bool, isInAlarm: Bool, kind: Verdict.Kind) {
    var evidence = Make.evidence([Make.minute(30, 0, 270, 0)])
    evidence.alarms = [AlarmEvidence(name: "shop-5xx", wasOK: wasOK, isInAlarm: isInAlarm)]
    let verdict = judge(evidence)
    #expect(verdict.kind == kind)
    #expect((verdict.cause == .alarm("shop-5xx")) == (kind == .rollback))
    if kind == .rollback { #expect(judge(evidence) { $0.onAlarm = .hold }.kind == .hold) }
  }

  @Test("rule 3 finds at the end of a step what the mixture does not reach, unless one minute did it")
  func gate() {
    let minutes = Make.minutes(12, 1_000, 3, 9_000, 13) + [Make.minute(1_000, 0, 9_000, 6)]
    #expect(judge(Make.evidence(minutes)).kind == .watching)
    let verdict = judge(Make.evidence(minutes, ended: true)) { $0.plannedSteps = 4 }
    #expect(verdict.kind == .rollback && verdict.rule == 3)
    #expect(verdict.sentence.contains(" at the end of step 1 if v42 were no worse."))
    #expect(judge(Make.evidence(minutes, ended: true)) { $0.plannedSteps = 80 }.kind == .pass)
    let burst = [Make.minute(12_000, 36, 108_000, 156), Make.minute(1_000, 0, 9_000, 6)]
    #expect(judge(Make.evidence(burst, ended: true)) { $0.plannedSteps = 4 }.kind == .pass)
  }

  @Test("rule 3 does not convict on a chance that is the limit itself")
  func tie() {
    // Without its worst minute two errors of two hit a canary of 10 %: 1 in 100, and less than that is asked for.
    let first = Make.step(
      0.01, Make.minutes(9, 0, 0, 45, 0) + [Make.minute(0, 0, 3, 1)], ended: true)
    let second = Make.step(
      0.1,
      [Make.minute(1, 1, 2, 0), Make.minute(1, 1, 4, 0)] + Make.minutes(3, 0, 0, 16, 0)
        + [Make.minute(1, 1, 4, 0)], ended: true)
    #expect(judge(FunctionEvidence(steps: [first, second])) { $0.plannedSteps = 1 }.rule == 7)
  }

  @Test("rule 4 holds without metrics, and after the wait the policy decides")
  func metrics() {
    var evidence = Make.evidence([Make.minute(300, 0, 2_700, 0)], ended: true)
    evidence.availability = .failing(reason: "GetMetricData is forbidden")
    let held = judge(evidence)
    #expect(held.kind == .hold && held.rule == 4 && held.cause == .noMetrics)
    #expect(held.sentence.contains("GetMetricData is forbidden"))
    #expect(judge(evidence) { $0.waited = .minutes(20) }.kind == .hold)
    #expect(judge(evidence) { ($0.waited, $0.smoked) = (.minutes(20), true) }.kind == .pass)
    #expect(judge(evidence) { ($0.waited, $0.onLowTraffic) = (.minutes(20), .rollback) }.kind == .rollback)
  }

  @Test("rule 4 notices a silent stable version by its last hour")
  func silence() {
    let usual = Counts(invocations: 100, errors: 0)
    let silent = Make.evidence([Make.minute(10, 0, 0, 0)], usual: usual)
    #expect(judge(silent).rule == 4)
    let quiet = Make.evidence([Make.minute(5, 0, 0, 0)], usual: Counts(invocations: 2, errors: 0))
    #expect(judge(quiet).kind == .watching)
    let night = Make.evidence([Make.minute(0, 0, 0, 0)], usual: usual)
    #expect(judge(night).kind == .watching)
  }

  @Test("a broken canary is rolled back although metrics fail")
  func brokenWithoutMetrics() {
    var evidence = Make.evidence([Make.minute(30, 30, 270, 0)])
    evidence.availability = .failing(reason: "partial data")
    #expect(judge(evidence).kind == .rollback)
  }

  @Test("rule 5 holds while both versions fail, as long as the newest minutes do")
  func environment() {
    let usual = Counts(invocations: 1_000, errors: 1)
    let outage = Make.minute(100, 40, 900, 360)
    let calm = Make.minute(100, 0, 900, 1)
    let held = judge(Make.evidence([calm, outage], ended: true, usual: usual))
    #expect(held.kind == .hold && held.rule == 5 && held.cause == .environment)
    let over = Make.evidence([outage] + Array(repeating: calm, count: 5), ended: true, usual: usual)
    #expect(judge(over).kind == .pass)
    let always = Make.evidence([outage], ended: true, usual: Counts(invocations: 1_000, errors: 300))
    #expect(judge(always).kind == .pass)
  }

  /// Eight minutes, the first two of which do not count, with one limit.
  private func slow(_ canary: Int, _ stable: Int) -> [Minute] {
    Array(
      repeating: Make.minute(100, 0, 900, 0, slow: [Split(canary: canary, stable: stable)]), count: 8)
  }

  @Test("rule 6 holds for slow invocations, or rolls back where told to")
  func latency() {
    let evidence = Make.evidence(slow(8, 9))
    let held = judge(evidence)
    #expect(held.kind == .hold && held.rule == 6 && held.cause == .latency)
    #expect(
      held.sentence.contains(
        "48 of 102 invocations above 1.2 x the p99 of the hour before hit the canary, which got 10 % of 6 000 "
          + "invocations (stable 1 %, canary 8 %)."))
    #expect(held.sentence.contains("none of 800 canary invocations failed"))
    #expect(judge(evidence) { $0.onLatency = .rollback }.kind == .rollback)
    #expect(judge(Make.evidence(slow(1, 9))).kind == .watching)
  }

  @Test("whoever let slowness pass has decided: the bake is held for nothing that was slow before")
  func latencyInBake() {
    var baking = Make.evidence(slow(8, 9), ended: true)
    baking.bake = Make.bake(Make.baked(1, 1_000, 0), hour: (60_000, 0), ended: true)
    #expect(judge(baking).kind == .pass)
    #expect(judge(baking) { $0.onLatency = .rollback }.kind == .rollback)
  }

  @Test("rule 6 sees a median that doubles, and names it")
  func median() {
    // Above 1.2 x the median lie 40 % before and 75 % after; the tail is as it was.
    let minute = Make.minute(
      100, 0, 900, 0,
      slow: [Split(canary: 75, stable: 360), Split(canary: 7, stable: 63), Split(canary: 1, stable: 8)])
    let held = judge(Make.evidence(Array(repeating: minute, count: 10)))
    #expect(held.kind == .hold && held.rule == 6)
    #expect(held.sentence.contains("invocations above 1.2 x the p50 of the hour before hit the canary"))
    #expect(abs((held.canaryRate ?? 0) - 0.75) < 1e-12 && abs((held.stableRate ?? 0) - 0.4) < 1e-12)
  }

  @Test(
    "rule 7 gives a step with little traffic more time, then the policy decides",
    arguments: [
      (LowTrafficPolicy.promoteIfSmoked, true, Verdict.Kind.pass), (.promoteIfSmoked, false, .hold),
      (.hold, true, .hold), (.rollback, true, .rollback),
    ])
  func lowTraffic(policy: LowTrafficPolicy, smoked: Bool, kind: Verdict.Kind) {
    let evidence = Make.evidence([Make.minute(29, 0, 261, 0)], ended: true)
    let extended = judge(evidence) { $0.onLowTraffic = policy }
    #expect(extended.kind == .extend && extended.rule == 7)
    #expect(extended.sentence.contains("only 29 invocations of the canary in this step; 30 are needed"))
    // True of a step under way, and of one that is looked at when it is past.
    #expect(extended.sentence.contains("A step with so few waits for more, 20m at most."))
    let late = judge(evidence) { ($0.onLowTraffic, $0.smoked, $0.waited) = (policy, smoked, .minutes(20)) }
    #expect(late.kind == kind && late.rule == 7 && late.cause == .lowTraffic)
    #expect(judge(evidence) { $0.minInvocations = 29 }.kind == .pass)
  }

  @Test("rule 8 says what the canary could see")
  func pass() {
    let clean = judge(Make.evidence(Make.minutes(10, 30, 0, 270, 0), ended: true))
    #expect(
      clean.sentence
        == "PASS orders v42: none of 300 canary invocations failed (stable v41 0 %): it fails less than 1 % of "
        + "the time (95 %); an error rate of about 2 % is caught with 90 %. Minute 10.")
    let dirty = judge(Make.evidence([Make.minute(3_000, 3, 27_000, 24)], ended: true))
    #expect(
      dirty.sentence.hasPrefix(
        "PASS orders v42: 3 of 3 000 canary invocations failed, 0.1 % (stable v41 0.09 %); an error rate of about "
      ))
  }

  @Test("a step under way in which nothing was found is neither passed nor extended")
  func watching() {
    let verdict = judge(Make.evidence([Make.minute(300, 0, 2_700, 1)]))
    #expect(verdict.kind == .watching && verdict.rule == 7 && verdict.cause == .none)
    #expect(judge(FunctionEvidence(steps: [])).kind == .watching)
  }

  @Test("the user's metrics are judged like errors and share their budget")
  func metricsOfTheUser() {
    func evidence(_ hits: Int, names: [String]) -> FunctionEvidence {
      let minutes = (0..<4).map { index in
        var minute = Make.minute(30, 0, 270, 0)
        for name in names { minute.extra[name] = Split(canary: 0, stable: 0) }
        minute.extra[names[0]] = Split(canary: index < hits ? 1 : 0, stable: 0)
        return minute
      }
      return Make.evidence(minutes)
    }
    #expect(judge(evidence(3, names: ["Http5xx"])).kind == .watching)
    let verdict = judge(evidence(4, names: ["Http5xx"]))
    #expect(verdict.kind == .rollback && verdict.rule == 1 && verdict.cause == .metric("Http5xx"))
    #expect(verdict.sentence.contains("4 of 4 Http5xx counts hit the canary"))
    let budget = (0...5).map { others in
      judge(evidence(4, names: ["Http5xx"] + (0..<others).map { "Other\($0)" })).kind
    }
    // 1 210 to 1 is enough for nine counts, not for ten.
    #expect(budget == Array(repeating: .rollback, count: 6))
    #expect(judge(evidence(4, names: ["Http5xx"] + (0..<8).map { "Other\($0)" })).kind == .watching)
  }

  @Test("minutes are numbered by their place, empty ones too")
  func minuteNumber() {
    let minutes = [Make.minute(100, 0, 900, 0), Make.minute(0, 0, 0, nil), Make.minute(100, 60, 900, 0)]
    #expect(judge(Make.evidence(minutes)).sentence.hasSuffix("Minute 3."))
  }
}
