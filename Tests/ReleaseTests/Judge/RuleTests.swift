import Core
import Release
import Testing

/// Builders that keep the tables of these tests short.
enum Make {
  static func minute(_ nc: Int, _ ec: Int, _ nb: Int, _ eb: Int, slow: Split? = nil) -> Minute {
    Minute(
      canary: Counts(invocations: nc, errors: ec), stable: Counts(invocations: nb, errors: eb), slow: slow)
  }

  static func evidence(
    _ minutes: [Minute], weight: Double = 0.1, ended: Bool = false, usual: Counts? = nil
  ) -> FunctionEvidence {
    FunctionEvidence(
      steps: [StepEvidence(weight: weight, ended: ended, minutes: minutes)],
      history: usual.map { Array(repeating: $0, count: 60) } ?? [], canaryVersion: "42", stableVersion: "41")
  }
}

@Suite("The judge's rules")
struct RuleTests {
  private func judge(
    _ evidence: FunctionEvidence, _ change: (inout JudgeSettings) -> Void = { _ in }
  ) -> Verdict {
    var settings = JudgeSettings()
    change(&settings)
    return Judge.verdict(function: "orders", evidence: evidence, settings: settings)
  }

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
        + "(stable 0.03 %, canary 1.43 %). Less than 1 in 9 600 if v42 were no worse. Minute 4.")
    #expect(verdict.canary == Counts(invocations: 421, errors: 6))
    #expect(verdict.stable == Counts(invocations: 3_789, errors: 1))
    #expect(verdict.share == 0.1 && verdict.cause == .errors)
  }

  @Test("rule 1 needs three errors and a difference that matters")
  func material() {
    #expect(judge(Make.evidence([Make.minute(50, 2, 99_950, 0)], weight: 0.001)).kind == .watching)
    let drift = Make.evidence([Make.minute(1_000_000, 12_400, 9_000_000, 90_000)])
    let verdict = judge(drift)
    #expect(verdict.kind == .watching && verdict.eValue > 1 / 0.0075)
    #expect(judge(drift) { $0.materialRatio = 1.2 }.kind == .rollback)
  }

  @Test("a bad hour during one weight neither feigns nor hides a difference")
  func strata() {
    let calm = StepEvidence(weight: 0.01, ended: true, minutes: [Make.minute(1_000, 0, 99_000, 0)])
    let bad = StepEvidence(weight: 0.5, ended: false, minutes: [Make.minute(50_000, 500, 50_000, 500)])
    #expect(judge(FunctionEvidence(steps: [calm, bad])).kind == .watching)
    let worse = StepEvidence(weight: 0.01, ended: true, minutes: [Make.minute(1_000, 60, 99_000, 3_000)])
    let clean = StepEvidence(weight: 0.5, ended: false, minutes: [Make.minute(500_000, 0, 500_000, 0)])
    #expect(judge(FunctionEvidence(steps: [worse, clean])).kind == .rollback)
  }

  @Test("a canary that is better than a broken stable version passes")
  func fix() {
    let verdict = judge(Make.evidence([Make.minute(300, 0, 2_700, 540)], ended: true))
    #expect(verdict.kind == .pass && verdict.rule == 8)
  }

  @Test(
    "rule 2 keeps the limit whatever the stable version does, and takes one where there is none to compare")
  func limit() {
    let same = Make.evidence([Make.minute(100, 30, 900, 270)])
    #expect(judge(same).kind == .watching)
    let verdict = judge(same) { $0.maxErrorRate = 0.05 }
    #expect(verdict.kind == .rollback && verdict.rule == 2 && verdict.cause == .limit)
    #expect(
      verdict.sentence.hasPrefix(
        "ROLLBACK orders v42: 30 of 100 invocations failed (30 %); the limit is 5 %. "))
    let alone = judge(Make.evidence([Make.minute(10, 5, 0, 0)], weight: 1))
    #expect(alone.kind == .rollback && alone.rule == 2)
    #expect(judge(Make.evidence([Make.minute(2, 2, 0, 0)], weight: 1)).kind == .watching)
    #expect(judge(Make.evidence([Make.minute(100, 5, 900, 0)])) { $0.maxErrorRate = 0.05 }.rule == 1)
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

  @Test("rule 3 finds at the end of a step what the mixture does not reach")
  func gate() {
    let minutes = [Make.minute(10_000, 36, 90_000, 162)]
    #expect(judge(Make.evidence(minutes)).kind == .watching)
    let verdict = judge(Make.evidence(minutes, ended: true)) { $0.plannedSteps = 4 }
    #expect(verdict.kind == .rollback && verdict.rule == 3)
    #expect(verdict.sentence.contains("Less than 1 in 3 100 at the end of step 1 if v42 were no worse."))
    #expect(judge(Make.evidence(minutes, ended: true)) { $0.plannedSteps = 8 }.kind == .pass)
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
    evidence.availability = .stableMissing
    #expect(judge(evidence).rule == 4)
  }

  @Test("rule 4 notices a silent stable version by its last hour")
  func silence() {
    let usual = Counts(invocations: 100, errors: 0)
    let silent = Make.evidence([Make.minute(10, 0, 0, 0)], usual: usual)
    #expect(judge(silent).rule == 4)
    let quiet = Make.evidence([Make.minute(10, 0, 0, 0)], usual: Counts(invocations: 2, errors: 0))
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

  @Test("rule 6 holds for slow invocations after the cold minutes, or rolls back where told to")
  func latency() {
    let fine = Split(canary: 1, stable: 9)
    let slow = Split(canary: 40, stable: 9)
    func minutes(_ slow: [Split]) -> [Minute] { slow.map { Make.minute(100, 0, 900, 0, slow: $0) } }
    #expect(judge(Make.evidence(minutes([slow, slow, fine]))).kind == .watching)
    let evidence = Make.evidence(minutes([fine, fine, slow, slow]))
    let held = judge(evidence)
    #expect(held.kind == .hold && held.rule == 6 && held.cause == .latency)
    #expect(held.sentence.contains("80 of 98 slow invocations hit the canary"))
    #expect(judge(evidence) { $0.onLatency = .rollback }.kind == .rollback)
    // Whoever let it pass has decided: the bake is held for nothing that was slow before.
    var baking = evidence
    baking.bake = BakeEvidence(
      ended: true, minutes: [Make.minute(1000, 0, 0, 0)], baseline: Counts(invocations: 60_000, errors: 0))
    #expect(judge(baking).kind == .pass)
    #expect(judge(baking) { $0.onLatency = .rollback }.kind == .rollback)
    let mild = Split(canary: 170, stable: 900)
    #expect(
      judge(Make.evidence(minutes([fine, fine] + Array(repeating: mild, count: 20)))).kind == .watching)
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
    let late = judge(evidence) { ($0.onLowTraffic, $0.smoked, $0.waited) = (policy, smoked, .minutes(20)) }
    #expect(late.kind == kind && late.rule == 7 && late.cause == .lowTraffic)
    #expect(judge(evidence) { $0.minInvocations = 29 }.kind == .pass)
  }

  @Test("rule 8 says what the canary could see")
  func pass() {
    let clean = judge(Make.evidence([Make.minute(300, 0, 2_700, 1)], ended: true))
    #expect(
      clean.sentence
        == "PASS orders v42: none of 300 canary invocations failed (stable v41 0.04 %): it fails less than 1 % of "
        + "the time (95 %); an error rate of about 1.8 % is caught with 90 %. Minute 1.")
    let dirty = judge(Make.evidence([Make.minute(3_000, 3, 27_000, 24)], ended: true))
    #expect(
      dirty.sentence.hasPrefix(
        "PASS orders v42: 3 of 3 000 canary invocations failed, 0.1 % (stable v41 0.09 %)"))
  }

  @Test("a step under way in which nothing was found is neither passed nor extended")
  func watching() {
    let verdict = judge(Make.evidence([Make.minute(300, 0, 2_700, 1)]))
    #expect(verdict.kind == .watching && verdict.rule == 7 && verdict.cause == .none)
    #expect(judge(FunctionEvidence(steps: [])).kind == .watching)
  }

  @Test("in the bake twice as many errors as the hour before are still no reason")
  func bake() {
    func verdict(_ errors: Int, ended: Bool = false) -> Verdict {
      var evidence = Make.evidence([Make.minute(300, 0, 2_700, 1)], ended: true)
      evidence.bake = BakeEvidence(
        ended: ended, minutes: [Make.minute(3_000, errors, 0, 0)],
        baseline: Counts(invocations: 60_000, errors: 60))
      return judge(evidence)
    }
    #expect(verdict(6).kind == .watching)
    let bad = verdict(60)
    #expect(bad.kind == .rollback && bad.rule == 1)
    #expect(
      bad.sentence.hasPrefix(
        "ROLLBACK orders v42: 60 of 3 000 invocations failed at 100 % of the traffic (2 %, stable v41 in the hour "
          + "before 0.1 %). Less than 1 in"))
    #expect(bad.sentence.hasSuffix("if v42 failed at most twice as often. Minute 2."))
    #expect(verdict(6, ended: true).kind == .pass)
    #expect(bad.canary == Counts(invocations: 3_000, errors: 60))
  }

  @Test("late errors of the steps still count in the bake")
  func lateErrors() {
    var evidence = Make.evidence([Make.minute(300, 20, 2_700, 1)], ended: true)
    evidence.bake = BakeEvidence(ended: false, minutes: [], baseline: Counts(invocations: 60_000, errors: 60))
    #expect(judge(evidence).rule == 1)
  }

  @Test("the user's metrics are judged like errors and share their budget")
  func metricsOfTheUser() {
    func evidence(_ hits: Int, names: [String]) -> FunctionEvidence {
      var minute = Make.minute(30, 0, 270, 0)
      for name in names { minute.extra[name] = Split(canary: 0, stable: 0) }
      minute.extra[names[0]] = Split(canary: hits, stable: 0)
      return Make.evidence([minute])
    }
    let verdict = judge(evidence(3, names: ["Http5xx"]))
    #expect(verdict.kind == .rollback && verdict.rule == 1 && verdict.cause == .metric("Http5xx"))
    #expect(abs(verdict.eValue - 272.048) < 0.001)
    #expect(verdict.sentence.contains("3 of 3 Http5xx counts hit the canary"))
    #expect(judge(evidence(3, names: ["Http5xx", "Batch"])).kind == .watching)
    #expect(judge(evidence(4, names: ["Http5xx", "Batch"])).kind == .rollback)
  }

  @Test("minutes are numbered by their starts where these are known")
  func minuteNumber() {
    let start = Timestamp(seconds: 1_764_000_000)
    var minutes = [Make.minute(100, 0, 900, 0), Make.minute(100, 30, 900, 0)]
    minutes[0].start = start
    minutes[1].start = start + .minutes(7)
    #expect(judge(Make.evidence(minutes)).sentence.hasSuffix("Minute 8."))
  }
}
