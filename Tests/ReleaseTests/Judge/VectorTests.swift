import Core
import Testing

@testable import Release

/// Steps with all counts in one minute, and the E they give.
struct Vector: Sendable, CustomTestStringConvertible {
  /// Weight; canary invocations and errors; stable invocations and errors.
  let steps: [(Double, Int, Int, Int, Int)]
  var phi = 1.0
  let eValue: Double

  var testDescription: String { "\(steps), phi \(phi)" }

  func evidence(ended: Bool = false) -> FunctionEvidence {
    // Two minutes with 16 errors expected and 4 more or less seen: a dispersion of exactly 2.
    let bunched = [Counts(invocations: 1_000, errors: 20), Counts(invocations: 1_000, errors: 12)]
    return FunctionEvidence(
      steps: steps.map { weight, nc, ec, nb, eb in
        StepEvidence(
          weight: weight, ended: ended,
          minutes: [
            Minute(canary: Counts(invocations: nc, errors: ec), stable: Counts(invocations: nb, errors: eb))
          ])
      },
      history: phi == 2 ? bunched : [])
  }
}

@Suite("The judge's published numbers")
struct VectorTests {
  static let first = (0.01, 100, 1, 9_900, 2)
  static let second = (0.1, 1_000, 6, 9_000, 20)
  static let vectors = [
    Vector(steps: [(0.1, 30, 3, 270, 0)], eValue: 272.048),
    Vector(steps: [(0.1, 30, 2, 270, 0)], eValue: 33.0617),
    Vector(steps: [(0.1, 300, 3, 2_700, 1)], eValue: 33.4012),
    Vector(steps: [(0.1, 300, 4, 2_700, 1)], eValue: 203.056),
    Vector(steps: [(0.1, 10_000, 10, 90_000, 90)], eValue: 0.0893269),
    Vector(steps: [(0.1, 10_000, 20, 90_000, 90)], eValue: 6.93524),
    Vector(steps: [(0.1, 10_000, 40, 90_000, 90)], eValue: 2.04591e8),
    Vector(steps: [(0.1, 200, 3, 800, 0)], eValue: 45.3862),
    Vector(steps: [first], eValue: 4.18704),
    Vector(steps: [first, second], eValue: 6.23551),
    Vector(steps: [first], phi: 2, eValue: 1.83663),
    Vector(steps: [first, second], phi: 2, eValue: 1.88991),
  ]

  @Test("E to six significant digits", arguments: vectors)
  func eValue(vector: Vector) {
    let verdict = Judge.verdict(function: "orders", evidence: vector.evidence(), settings: JudgeSettings())
    #expect(abs(verdict.eValue / vector.eValue - 1) < 5e-6, "\(verdict.eValue)")
    #expect(verdict.phi == vector.phi)
    let found = vector.eValue > 1 / 0.0075
    #expect(verdict.kind == (found ? .rollback : .watching))
    #expect(verdict.rule == (found ? 1 : 7))
  }

  @Test(
    "the binomial tail to six significant digits",
    arguments: [
      (3, 3, 0.001), (20, 110, 0.00615745), (36, 198, 0.000318097), (5, 20, 0.0431745), (0, 9, 1), (9, 8, 0),
      (1, 1, 0.1),
    ])
  func tail(hits: Int, trials: Int, chance: Double) {
    let value = BinomialTail.probability(atLeast: Double(hits), of: Double(trials), chance: 0.1)
    #expect(abs(value - chance) <= 5e-6 * chance, "\(value)")
  }

  @Test("the binomial tail agrees with the plain sum of its terms")
  func plainSum() {
    for trials in [5, 17, 60] {
      for chance in [0.001, 0.1, 0.5, 0.93] {
        // The terms of (1 - q + q)^n, by the recurrence of neighbours.
        var terms = [Double](repeating: 0, count: trials + 1)
        for hits in 0...trials {
          var term = 1.0
          for k in 0..<hits { term *= Double(trials - k) / Double(hits - k) * chance }
          for _ in hits..<trials { term *= 1 - chance }
          terms[hits] = term
        }
        for hits in 0...trials {
          let sum = terms[hits...].reduce(0, +)
          let value = BinomialTail.probability(atLeast: Double(hits), of: Double(trials), chance: chance)
          #expect(
            abs(value - sum) <= 1e-9 * sum + 1e-15, "\(hits) of \(trials) at \(chance): \(value), not \(sum)")
        }
      }
    }
  }

  @Test("the binomial tail stays right for thousands of millions of errors")
  func hugeTail() {
    let trials = 4e9
    let deviation = (trials * 0.1 * 0.9).squareRoot()
    // Far from the ends the tail is the normal one: 0.5 at the mean, 0.00134990 three deviations above.
    let mean = BinomialTail.probability(atLeast: trials * 0.1, of: trials, chance: 0.1)
    let three = BinomialTail.probability(atLeast: trials * 0.1 + 3 * deviation, of: trials, chance: 0.1)
    #expect(abs(mean - 0.5) < 1e-4)
    #expect(abs(three / 0.00134990 - 1) < 1e-3)
    #expect(BinomialTail.probability(atLeast: trials * 0.2, of: trials, chance: 0.1) == 0)
  }

  @Test("the absolute limit finds what the rate alone shows")
  func absoluteLimit() {
    // Worked by hand for 2 errors of 2 at 50 %: the mean of (p1 / 0.5)^2.
    let parts = [0.05, 0.15, 0.4, 0.7, 0.98].map { 1 + $0 }
    let expected = parts.map { $0 * $0 }.reduce(0, +) / 5
    let value = Mixture.value(AbsoluteLimit.logE(Counts(invocations: 2, errors: 2), limit: 0.5))
    #expect(abs(value / expected - 1) < 1e-12)
    #expect(AbsoluteLimit.logE(Counts(invocations: 100_000, errors: 5_000), limit: 0.05) < 0)
    #expect(AbsoluteLimit.logE(Counts(invocations: 5, errors: 5), limit: 1) == 0)
    #expect(AbsoluteLimit.logE(Counts(invocations: 5, errors: 5), limit: 0).isFinite)
  }

  @Test("dispersion needs ten errors, stays between 1 and 5 and looks at 180 minutes")
  func dispersion() {
    func minutes(_ errors: [Int]) -> [Counts] { errors.map { Counts(invocations: 1_000, errors: $0) } }
    #expect(Dispersion.phi([]) == 1)
    #expect(Dispersion.phi(minutes([9, 0])) == 1)
    #expect(Dispersion.phi(minutes([20, 12])) == 2)
    #expect(Dispersion.phi(minutes([20, 12]) + [Counts.zero]) == 2)
    #expect(Dispersion.phi(minutes([10, 10, 10])) == 1)
    #expect(Dispersion.phi(minutes([100, 0])) == 5)
    #expect(Dispersion.phi(minutes([500]) + minutes(Array(repeating: 3, count: 180))) == 1)
  }
}
