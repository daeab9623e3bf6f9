import Core
import Testing

@testable import Release

@Suite("The judge of a release")
struct ReleaseJudgeTests {
  private func release(_ functions: [String: FunctionEvidence]) -> ReleaseVerdict {
    Judge.release(functions, settings: JudgeSettings())
  }

  @Test("one function alone is judged as it would be by itself")
  func single() {
    let evidence = Make.evidence([Make.minute(30, 3, 270, 0)])
    let alone = Judge.verdict(function: "orders", evidence: evidence, settings: JudgeSettings())
    #expect(release(["orders": evidence]).verdict == alone)
    #expect(release(["orders": evidence]).culprit == "orders")
  }

  @Test("E is half the mean and half the pooled evidence")
  func formula() {
    let a = Make.evidence([Make.minute(30, 2, 270, 0)])
    let b = Make.evidence([Make.minute(300, 1, 2_700, 3)])
    let verdict = release(["a": a, "b": b])
    let logs = [a, b].map { Counted.errors.trial($0).logs.map(Mixture.value) }
    let mean = logs.map { $0.reduce(0, +) / 5 }.reduce(0, +) / 2
    let pooled = zip(logs[0], logs[1]).map { $0 * $1 }.reduce(0, +) / 5
    #expect(abs(verdict.verdict.eValue / (mean / 2 + pooled / 2) - 1) < 1e-9)
    #expect(verdict.verdict.kind == .watching)
  }

  @Test("one broken function takes all back and is named")
  func oneBroken() {
    var functions: [String: FunctionEvidence] = [:]
    for index in 0..<20 { functions["f\(index)"] = Make.evidence([Make.minute(100, 1, 900, 9)]) }
    functions["orders"] = Make.evidence([Make.minute(100, 60, 900, 1)])
    let verdict = release(functions)
    #expect(verdict.verdict.kind == .rollback && verdict.culprit == "orders")
    #expect(verdict.functions["orders"]?.kind == .rollback && verdict.functions["f3"]?.kind == .watching)
    #expect(verdict.verdict.sentence.hasPrefix("ROLLBACK orders v42: 60 of 61 errors hit the canary"))
    #expect(verdict.verdict.sentence.hasSuffix("With it go back all 21 functions of the release."))
  }

  @Test("a fault that all functions share in small numbers is found together, by none alone")
  func shared() {
    var functions: [String: FunctionEvidence] = [:]
    for index in 0..<20 { functions["f\(index)"] = Make.evidence([Make.minute(5, 1, 45, 0)]) }
    let verdict = release(functions)
    #expect(verdict.verdict.kind == .rollback && verdict.verdict.rule == 1)
    #expect(verdict.functions.values.allSatisfy { $0.kind == .watching })
    #expect(
      verdict.verdict.sentence.contains(
        "20 of 20 errors hit the canaries, which got 10 % of 1 000 invocations"))
  }

  @Test("a quiet broken function is not hidden by a busy one with many errors")
  func hidden() {
    let busy = Make.evidence([Make.minute(100_000, 1_000, 900_000, 9_000)])
    let quiet = Make.evidence([Make.minute(20, 20, 180, 0)])
    let verdict = release(["busy": busy, "quiet": quiet])
    #expect(verdict.verdict.kind == .rollback && verdict.culprit == "quiet")
  }

  @Test("the gravest function decides: hold before extend, extend before pass")
  func gravest() {
    let pass = Make.evidence([Make.minute(300, 0, 2_700, 0)], ended: true)
    let extend = Make.evidence([Make.minute(3, 0, 27, 0)], ended: true)
    var hold = pass
    hold.availability = .failing(reason: "throttled")
    #expect(release(["a": pass, "b": pass]).verdict.kind == .pass)
    #expect(release(["a": pass, "b": pass]).culprit == nil)
    #expect(
      release(["a": pass, "b": Make.evidence([Make.minute(3_000, 6, 27_000, 54)], ended: true)]).verdict
        .sentence
        == "PASS release of 2 functions: 6 of 3 300 canary invocations failed, 0.18 % (stable 0.18 %). Least was "
        + "seen of a: none of 300 canary invocations failed (stable v41 0 %): it fails less than 1 % of the time "
        + "(95 %); an error rate of about 1.8 % is caught with 90 %. Minute 1.")
    let extended = release(["a": pass, "b": extend])
    #expect(extended.verdict.kind == .extend && extended.culprit == "b")
    let held = release(["a": extend, "b": hold, "c": pass])
    #expect(held.verdict.kind == .hold && held.culprit == "b")
  }

  @Test("the whole release has one error budget: twenty equal functions stay under 1 %")
  func budget() {
    var traffic = Traffic(seed: 99)
    var rollbacks = 0
    for _ in 0..<200 {
      var functions: [String: FunctionEvidence] = [:]
      for index in 0..<20 {
        let minutes = (0..<10).map { _ in
          traffic.minute(perMinute: 60, weight: 0.1, stable: 0.02, canary: 0.02)
        }
        functions["f\(index)"] = Make.evidence(minutes, ended: true)
      }
      if release(functions).verdict.kind == .rollback { rollbacks += 1 }
    }
    #expect(rollbacks < 2)
  }

  @Test("a release without functions passes and names nobody")
  func empty() {
    #expect(release([:]).verdict.kind == .pass)
    #expect(release([:]).culprit == nil)
  }
}

@Suite("What a canary can see")
struct PowerTests {
  @Test("numbers of the power statements")
  func numbers() {
    #expect(Power.detectableRate(invocations: 530) == 0.01)
    #expect(Power.detectableRate(invocations: 1) == 1 && Power.detectableRate(invocations: 0) == 1)
    #expect(Power.errorFreeBound(invocations: 300) == 0.01)
  }

  @Test(
    "a plan says what its steps can be expected to see",
    arguments: [
      (
        36_000, "10%:10m",
        "orders: by the last hour's traffic the canary gets about 600 invocations: an error rate of about 0.88 % is "
          + "caught with 90 %."
      ),
      (
        36_000, "1%:2m,pause,10%:10m",
        "orders: by the last hour's traffic step 1 (1% for 2m) sees about 12 invocations of the canary, and 30 are "
          + "needed for a verdict."
      ),
      (
        0, "10%:10m",
        "orders: by the last hour's traffic step 1 (10% for 10m) sees about 0 invocations of the canary, and 30 are "
          + "needed for a verdict."
      ),
    ])
  func forecast(throughAlias: Int, steps: String, sentence: String) throws {
    let hour = HourOfTraffic(invocations: 50_000, throughAlias: throughAlias, mostConcurrent: 3)
    let forecast = try #require(
      PowerForecast(function: "orders", hour: hour, plan: try StepPlan(parsing: steps)))
    #expect(forecast.sentence(minInvocations: 30) == sentence)
  }

  @Test("where all traffic moves at once there is nothing to be seen before")
  func noForecast() {
    let hour = HourOfTraffic(invocations: 9, throughAlias: 9, mostConcurrent: 1)
    #expect(PowerForecast(function: "orders", hour: hour, plan: .allAtOnce) == nil)
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
