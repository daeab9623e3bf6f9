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
    let a = Make.evidence(Make.minutes(2, 15, 1, 135, 0))
    let b = Make.evidence(Make.minutes(2, 150, 1, 1_350, 2))
    let verdict = release(["a": a, "b": b])
    // Of the first, two errors at q = 0.1; of the second, two hits of six errors; half is staked on the first minute.
    let ratios = [1.5, 2.5, 5, 20, 1_000]
    let first = ratios.map { ($0 * $0) / ((0.9 + 0.1 * $0) * (0.9 + 0.1 * $0)) }
    let second = ratios.map { ratio in
      (ratio * ratio) / (0..<6).reduce(1.0) { product, _ in product * (0.9 + 0.1 * ratio) }
    }
    func e(_ likelihoods: [Double]) -> Double { 0.5 + likelihoods.reduce(0, +) / 5 / 2 }
    let expected = ((e(first) + e(second)) / 2 + e(zip(first, second).map { $0 * $1 })) / 2
    #expect(abs(verdict.verdict.eValue / expected - 1) < 1e-12, "\(verdict.verdict.eValue), not \(expected)")
    #expect(verdict.verdict.kind == .watching)
  }

  @Test("one broken function takes all back and is named")
  func oneBroken() {
    var functions: [String: FunctionEvidence] = [:]
    for index in 0..<20 { functions["f\(index)"] = Make.evidence([Make.minute(100, 1, 900, 9)]) }
    functions["orders"] = Make.evidence([Make.minute(50, 30, 450, 1), Make.minute(50, 30, 450, 0)])
    let verdict = release(functions)
    #expect(verdict.verdict.kind == .rollback && verdict.culprit == "orders")
    #expect(verdict.functions["orders"]?.kind == .rollback && verdict.functions["f3"]?.kind == .watching)
    #expect(verdict.verdict.sentence.hasPrefix("ROLLBACK orders v42: 60 of 61 errors hit the canary"))
    #expect(verdict.verdict.sentence.hasSuffix("With it go back all 21 functions of the release."))
  }

  @Test("a fault that all functions share in small numbers is found together, by none alone")
  func shared() {
    var functions: [String: FunctionEvidence] = [:]
    for index in 0..<20 {
      functions["f\(index)"] = Make.evidence([
        Make.minute(5, index % 2, 45, 0), Make.minute(5, 1 - index % 2, 45, 0),
      ])
    }
    let verdict = release(functions)
    #expect(verdict.verdict.kind == .rollback && verdict.verdict.rule == 1)
    #expect(verdict.functions.values.allSatisfy { $0.kind == .watching })
    #expect(
      verdict.verdict.sentence.contains(
        "20 of 20 errors hit the canaries, which got 10 % of 2 000 invocations"))
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
    let pass = Make.evidence(Make.minutes(10, 30, 0, 270, 0), ended: true)
    let extend = Make.evidence([Make.minute(3, 0, 27, 0)], ended: true)
    var hold = pass
    hold.availability = .failing(reason: "throttled")
    #expect(release(["a": pass, "b": pass]).verdict.kind == .pass)
    #expect(release(["a": pass, "b": pass]).culprit == nil)
    #expect(
      release(["a": pass, "b": Make.evidence(Make.minutes(6, 500, 1, 4_500, 9), ended: true)]).verdict
        .sentence
        == "PASS release of 2 functions: 6 of 3 300 canary invocations failed, 0.18 % (stable 0.18 %). Least was "
        + "seen of a: none of 300 canary invocations failed (stable v41 0 %): it fails less than 1 % of the time "
        + "(95 %); an error rate of about 2.5 % is caught with 90 %. Minute 10.")
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
