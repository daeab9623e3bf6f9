import Core
import Release
import Testing

@Suite("The judge in the bake")
struct BakeTests {
  /// The settled minute at which a bake of 60 invocations a minute is taken back; nil if it passes after ten.
  private func minuteOfRollback(failing errors: Int, hour: (Int, Int), after steps: [StepEvidence] = [])
    -> Int?
  {
    (1...10).first { minutes in
      judge(
        Make.baking(Make.baked(minutes, 60, errors), hour: hour, after: steps, ended: minutes == 10)
      ).kind == .rollback
    }
  }

  /// Numbers of errors that a baseline of so many invocations can have: all of few, some of many, the ends always.
  private func errors(of invocations: Int, below rate: Double = 1.001) -> [Int] {
    let all =
      invocations <= 60
      ? Array(0...invocations)
      : [0, 1, 2, 3] + (1...20).map { invocations * $0 / 20 } + [invocations / 5 - 1, invocations - 1]
    return all.filter { Double($0) < rate * Double(max(invocations, 1)) }
  }

  @Test("what always fails is taken back within three minutes whatever few invocations it is compared with")
  func allFailing() {
    for invocations in 0..<1_000 {
      for errors in errors(of: invocations) {
        let minute = minuteOfRollback(failing: 60, hour: (invocations, errors))
        #expect(minute ?? .max <= 3, "\(errors) of \(invocations)")
      }
    }
  }

  @Test("with a thousand invocations to compare with, what always fails may still be twice what was")
  func allFailingOfMany() {
    for (errors, isFound) in [(0, true), (100, true), (350, true), (400, false), (1_000, false)] {
      #expect((minuteOfRollback(failing: 60, hour: (1_000, errors)) != nil) == isFound, "\(errors)")
    }
  }

  @Test(
    "what fails every second time is taken back whatever it is compared with, where that failed less than 20 %"
  )
  func halfFailing() {
    for invocations in 0..<1_000 {
      for errors in errors(of: invocations, below: 0.2) {
        let minute = minuteOfRollback(failing: 30, hour: (invocations, errors))
        let isWithin15Percent = 20 * errors <= 3 * invocations
        #expect(minute ?? .max <= (isWithin15Percent ? 3 : 6), "\(errors) of \(invocations)")
      }
    }
  }

  @Test(
    "the same with the baseline beside the canary in the steps", arguments: [1, 5, 11, 40, 49, 50, 51, 400])
  func beside(invocations: Int) {
    for errors in errors(of: invocations) {
      let step = Make.step(0.1, [Make.minute(0, 0, invocations, errors)], ended: true)
      #expect(minuteOfRollback(failing: 60, hour: (0, 0), after: [step]) ?? .max <= 3)
      #expect(minuteOfRollback(failing: 60, hour: (invocations, errors), after: [step]) ?? .max <= 3)
    }
  }

  @Test("twice as many errors as the hour before are still no reason")
  func twice() {
    func verdict(_ errors: Int, ended: Bool = false) -> Verdict {
      judge(Make.baking(Make.baked(5, 600, errors), hour: (60_000, 60), ended: ended))
    }
    #expect(verdict(1).kind == .watching)
    let bad = verdict(12)
    #expect(bad.kind == .rollback && bad.rule == 1)
    #expect(
      bad.sentence.hasPrefix(
        "ROLLBACK orders v42: 60 of 3 000 invocations failed at 100 % of the traffic (2 %, stable v41 in the hour "
          + "before 0.1 %). Less than 1 in"))
    #expect(bad.sentence.hasSuffix("if v42 failed at most twice as often. Minute 5 of the bake."))
    #expect(bad.canaryRate == 0.02 && bad.stableRate == 0.001)
    #expect(bad.canary == Counts(invocations: 3_000, errors: 60))
    let passed = verdict(1, ended: true)
    #expect(passed.kind == .pass)
    #expect(
      passed.sentence.contains(
        "(stable v41 in the hour before 0.1 %); up to twice the rate of the hour before"))
  }

  @Test(
    "a rate that both versions had in the steps is not held against the bake, whatever the hour before says")
  func withheld() {
    let both = Make.step(0.1, Make.minutes(10, 60, 1, 540, 10), ended: true)
    let evidence = Make.baking(Make.baked(10, 600, 12), hour: (36_000, 36), after: [both], ended: true)
    let verdict = judge(evidence)
    #expect(verdict.kind == .pass && verdict.eValue < 1)
    #expect(verdict.stable == Counts(invocations: 5_400, errors: 100))
    #expect(verdict.sentence.contains("(stable v41 beside it in the steps 1.85 %)"))
    let alone = Make.baking(Make.baked(10, 600, 12), hour: (36_000, 36))
    #expect(judge(alone).kind == .rollback)
  }

  @Test("the stable version beside the canary is the baseline where there is no hour to speak of")
  func onlyBeside() {
    let step = Make.step(0.1, Make.minutes(5, 60, 0, 540, 1), ended: true)
    let verdict = judge(Make.baking(Make.baked(4, 600, 12), hour: (49, 0), after: [step]))
    #expect(verdict.kind == .rollback && verdict.rule == 1)
    #expect(verdict.sentence.contains("(2 %, stable v41 beside it in the steps 0.19 %)"))
    #expect(verdict.sentence.contains("if v42 were no worse."))
  }

  @Test(
    "the limit of a bake: the assumed rate, or twice the worse baseline drawn towards half of it",
    arguments: [
      (0, 0, 0.05), (12, 0, 0.05), (20, 1, 0.075), (1, 1, 1 / 7.0), (999, 40, 2 * 40.5 / 1_019),
      (30, 30, 0.9),
    ])
  func limit(invocations: Int, errors: Int, limit: Double) {
    // No difference matters, so that nothing but the limit is left.
    let verdict = judge(Make.baking(Make.baked(3, 200, 200), hour: (invocations, errors))) {
      $0.materialRatio = 1e9
    }
    #expect(verdict.kind == .rollback && verdict.rule == 2)
    #expect(abs((verdict.limit ?? 0) - limit) < 1e-12)
  }

  @Test("from a thousand invocations on a baseline needs no limit", arguments: [(999, 2), (1_000, 8)])
  func enough(invocations: Int, rule: Int) {
    let verdict = judge(Make.baking(Make.baked(3, 60, 60), hour: (invocations, 600), ended: true))
    #expect(verdict.rule == rule)
  }

  @Test("a limit says why it holds")
  func reason() {
    let thin = judge(Make.baking(Make.baked(4, 40, 8), hour: (20, 1)))
    #expect(
      thin.sentence.hasPrefix(
        "ROLLBACK orders v42: 32 of 160 invocations failed (20 %); stable v41 had only 20 invocations to compare "
          + "with, 1 of them failed, so the limit is 7.5 %. Less than 1 in 22 000 if v42 kept it."))
    let late = judge(Make.baking(Make.baked(10, 40, 0) + Make.baked(3, 40, 30), hour: (12, 0)))
    #expect(
      late.sentence.hasPrefix("ROLLBACK orders v42: Since minute 11: 90 of 120 invocations failed (75 %); "))
    #expect(late.sentence.contains("had only 12 invocations to compare with, so the limit is 5 %."))
  }

  @Test("late errors of the steps still count in the bake")
  func lateErrors() {
    let step = Make.step(0.1, Make.minutes(4, 75, 5, 675, 0), ended: true)
    #expect(judge(Make.baking([], hour: (60_000, 60), after: [step])).rule == 1)
  }

  @Test("a metric of the user's has baselines of its own")
  func metric() {
    var bake = Make.bake(Make.baked(5, 600, 0), hour: (36_000, 0))
    for index in bake.minutes.indices { bake.minutes[index].extra["Http5xx"] = Split(canary: 30, stable: 0) }
    bake.baselineExtra["Http5xx"] = 20
    let verdict = judge(FunctionEvidence(steps: [], bake: bake))
    #expect(verdict.kind == .rollback && verdict.cause == .metric("Http5xx"))
    #expect(verdict.sentence.contains("150 of 3 000 invocations counted as Http5xx at 100 % of the traffic"))
    bake.baselineExtra["Http5xx"] = 1_000
    #expect(judge(FunctionEvidence(steps: [], bake: bake)).kind == .watching)
  }
}
