import Core
import Release
import Testing

@testable import Release

@Suite("Sentences of the judge")
struct SentenceTests {
  @Test("the figures are of the minutes that the evidence is of")
  func since() {
    let verdict = judge(
      Make.evidence(Make.minutes(20, 60, 0, 540, 5) + Make.minutes(5, 60, 6, 540, 5)))
    #expect(verdict.since == 21)
    #expect(
      verdict.sentence.hasPrefix(
        "ROLLBACK orders v42: Since minute 21: 30 of 55 errors hit the canary, which got 10 % of 3 000 invocations "
          + "(stable 0.93 %, canary 10 %). Less than 1 in "))
    #expect(verdict.sentence.hasSuffix(" if v42 were no worse. Minute 25."))
    #expect(verdict.canaryRate == 0.1)
    #expect(abs((verdict.stableRate ?? 0) - 25 / 2_700.0) < 1e-12)
  }

  @Test("over several weights the rates are standardised, so that their quotient is what was tested")
  func standardised() {
    let verdict = judge(
      FunctionEvidence(steps: [
        Make.step(0.01, Make.minutes(5, 10, 0, 990, 1), ended: true),
        Make.step(0.1, Make.minutes(6, 100, 2, 900, 3)),
      ]))
    // a = 0 + 12 x 5 400/6 000, b = 5 x 50/5 000 + 18 x 600/6 000, W = 50 x 4 950/5 000 + 600 x 5 400/6 000.
    #expect(abs((verdict.canaryRate ?? 0) - 10.8 / 589.5) < 1e-12)
    #expect(abs((verdict.stableRate ?? 0) - 1.85 / 589.5) < 1e-12)
    #expect(verdict.sentence.contains("(stable 0.31 %, canary 1.83 %)"))
  }

  @Test("E is rounded down")
  func roundedDown() {
    let verdict = judge(Make.evidence(Make.minutes(3, 10, 1, 90, 0)))
    #expect(verdict.sentence.contains("Less than 1 in 130 if v42 were no worse."))
  }

  /// Evidence that passes although the canary's rate would frighten a reader, and what is said of it.
  static let allowed: [(FunctionEvidence, String)] = [
    (
      Make.evidence(Make.minutes(5, 100, 50, 900, 450), ended: true),
      "250 of 500 canary invocations failed, 50 % (stable v41 50 %); stable v41 fails as often, and no maxErrorRate "
        + "is set; an error rate of about"
    ),
    (
      Make.evidence(Make.minutes(2, 20, 1, 180, 1), ended: true),
      "2 of 40 canary invocations failed, 5 % (stable v41 0.56 %); that is 1 in 2 if v42 were no worse, and it goes "
        + "back from 1 in 130 on; an error rate of about"
    ),
    (
      Make.evidence([Make.minute(50, 5, 450, 0), Make.minute(50, 0, 450, 0)], ended: true),
      "5 of 100 canary invocations failed, 5 % (stable v41 0 %); that is the work of one minute;"
    ),
    (
      Make.baking(Make.baked(5, 60, 4), hour: (6_000, 240), ended: true),
      "20 of 300 canary invocations failed, 6.67 % (stable v41 in the hour before 4 %); up to twice the rate of the "
        + "hour before is let pass;"
    ),
    (
      Make.baking(Make.baked(2, 20, 1), hour: (100, 2), ended: true),
      "2 of 40 canary invocations failed, 5 % (stable v41 in the hour before 2 %); stable v41 had only 100 "
        + "invocations to compare with, 2 of them failed, so the limit is 5 %; chance alone explains that;"
    ),
  ]

  @Test("a pass beside a rate that looks broken names what lets it pass", arguments: allowed.indices)
  func allowance(index: Int) {
    let (evidence, words) = Self.allowed[index]
    let verdict = judge(evidence)
    #expect(verdict.sentence.contains(words), "\(verdict.sentence)")
    #expect(verdict.kind == .pass)
  }

  @Test("no pass, watch or hold without what could have been seen", arguments: [1, 2, 3, 4, 5] as [UInt64])
  func alwaysSeen(seed: UInt64) {
    var traffic = Traffic(seed: seed)
    for _ in 0..<60 {
      let rates: [Double] = [0, 0.01, 0.3]
      let rate = rates.randomElement(using: &traffic.generator) ?? 0
      let minutes = (0..<8).map { _ in
        traffic.minute(perMinute: 200, weight: 0.1, stable: rate, canary: rate)
      }
      var evidence = Make.evidence(minutes, ended: true)
      if seed == 5 { evidence.availability = .failing(reason: "throttled") }
      let verdict = judge(evidence)
      guard verdict.kind != .rollback else { continue }
      #expect(verdict.sentence.contains("is caught with 90 %"), "\(verdict.sentence)")
      guard let canary = verdict.canary.rate, canary >= 0.05 else { continue }
      #expect(verdict.sentence.contains("; "), "\(verdict.sentence)")
    }
  }

  @Test("an alarm is said to have been quiet at the start, and since when it is not")
  func alarm() {
    let start = Timestamp(seconds: 1_764_000_000)
    var evidence = Make.evidence(Make.minutes(5, 30, 0, 270, 0))
    for index in evidence.steps[0].minutes.indices {
      evidence.steps[0].minutes[index].start = start + .minutes(Double(index))
    }
    for (since, words) in [
      (start + .seconds(150), "since minute 3"), (start - .minutes(1), "since minute 1"),
    ] {
      evidence.alarms = [AlarmEvidence(name: "shop-5xx", wasOK: true, isInAlarm: true, since: since)]
      #expect(
        judge(evidence).sentence.hasPrefix(
          "ROLLBACK orders v42: the alarm shop-5xx was not in ALARM when the rollout began and is in ALARM \(words)."
        ))
    }
    evidence.alarms[0].since = nil
    #expect(judge(evidence).sentence.contains("is in ALARM now."))
  }

  @Test(
    "numbers as sentences use them",
    arguments: [
      (Wording.count(0), "0"), (Wording.count(999), "999"), (Wording.count(1_000), "1 000"),
      (Wording.count(1_234_567), "1 234 567"), (Wording.percent(0.1), "10 %"),
      (Wording.percent(0.01425), "1.43 %"),
      (Wording.percent(0), "0 %"), (Wording.percent(0.0000123), "0.0012 %"),
      (Wording.percent(nil), "unknown"),
      (Wording.share(0.1004), "10 %"), (Wording.share(0.0025), "0.25 %"),
      (Wording.bound(3.0 / 4_210), "0.072 %"),
      (Wording.bound(0.01), "1 %"), (Wording.oneIn(logE: 9.17108), "9 600"),
      (Wording.oneIn(logE: 4.9), "130"),
      (Wording.oneIn(logE: 700), "1 000 000 000"), (Wording.oneIn(logE: 2.0), "7"),
    ])
  func wording(text: String, expected: String) {
    #expect(text == expected)
  }
}
