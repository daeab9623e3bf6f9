import Core
import Testing

@testable import Release

@Suite("What a canary can see")
struct SensitivityTests {
  @Test("so many invocations without an error exclude three of them: the rule of three")
  func bound() {
    #expect(Sensitivity.errorFreeBound(invocations: 300) == 0.01)
    #expect(
      Sensitivity.errorFreeBound(invocations: 2) == 1 && Sensitivity.errorFreeBound(invocations: 0) == 1)
  }

  @Test(
    "the fewest errors that lead to a rollback, as the vectors have them",
    arguments: [(0.1, 3, 2), (0.01, 3, 1), (0.5, 10, 6)])
  func fewest(weight: Double, errors: Int, rest: Int) throws {
    let curve = EvidenceCurve([(chance: weight, canary: 600, stableErrors: 0)], phi: 1)
    let sensitivity = try #require(
      Sensitivity(
        curve, invocations: 600, minutes: 10, budget: ErrorBudget(functions: 1, counts: 1)))
    #expect(sensitivity.errors == errors && sensitivity.rest == rest)
    #expect(curve.fewest(reaching: 5, atMost: 1) == nil)
  }

  /// How often a canary that fails at the rate that is said to be caught with 90 % is taken back.
  private func power(_ rate: Double, weight: Double, perMinute: Double, minutes: Int) -> Double {
    var traffic = Traffic(seed: 31)
    let runs = 300
    var found = 0
    for _ in 0..<runs {
      let minutes = (0..<minutes).map { _ in
        Minute(
          canary: traffic.counts(perMinute: perMinute * weight, failing: rate),
          stable: traffic.counts(perMinute: perMinute * (1 - weight), failing: 0))
      }
      if judge(Make.evidence(minutes, weight: weight, ended: true)).kind == .rollback { found += 1 }
    }
    return Double(found) / Double(runs)
  }

  @Test(
    "the rate that is said to be caught with 90 % is caught about that often, and half of it is not",
    arguments: [(0.1, 600.0, 10), (0.1, 60, 15), (0.01, 6_000, 5), (0.5, 60, 10), (0.1, 60_000, 30)])
  func isTrue(weight: Double, perMinute: Double, minutes: Int) throws {
    let clean = Make.minutes(minutes, Int(perMinute * weight), 0, Int(perMinute * (1 - weight)), 0)
    let rate = try #require(
      Assessment(
        function: "f", evidence: Make.evidence(clean, weight: weight), settings: JudgeSettings(),
        budget: ErrorBudget(functions: 1, counts: 1)
      ).detectableRate)
    let power = power(rate, weight: weight, perMinute: perMinute, minutes: minutes)
    #expect((0.84...0.97).contains(power), "\(rate): \(power)")
    #expect(self.power(rate / 2, weight: weight, perMinute: perMinute, minutes: minutes) < 0.6)
  }

  @Test("a stable version that fails hides what is no worse than it")
  func background() {
    let minutes = Make.minutes(10, 60, 3, 540, 27)
    #expect(
      judge(Make.evidence(minutes)).sentence.contains("an error rate of about 12 % is caught with 90 %"))
  }

  @Test("too few invocations see nothing at all, and that is said")
  func nothing() {
    #expect(
      judge(Make.evidence([Make.minute(2, 0, 18, 0)])).sentence.contains(
        "not even a canary that always fails is caught with 90 % by so few invocations"))
  }
}
