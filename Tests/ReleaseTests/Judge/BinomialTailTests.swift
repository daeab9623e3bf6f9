import Testing

@testable import Release

@Suite("The tail of the binomial distribution")
struct BinomialTailTests {
  @Test(
    "to six significant digits",
    arguments: [
      (3, 3, 0.001), (20, 110, 0.00615745), (36, 198, 0.000318097), (5, 20, 0.0431745), (0, 9, 1), (9, 8, 0),
      (1, 1, 0.1),
    ])
  func tail(hits: Int, trials: Int, chance: Double) {
    let value = BinomialTail.probability(atLeast: Double(hits), of: Double(trials), chance: 0.1)
    #expect(abs(value - chance) <= 5e-6 * chance, "\(value)")
  }

  @Test("it agrees with the plain sum of its terms")
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

  @Test("it stays right for thousands of millions of errors")
  func huge() {
    let trials = 4e9
    let deviation = (trials * 0.1 * 0.9).squareRoot()
    // Far from the ends the tail is the normal one: 0.5 at the mean, 0.00134990 three deviations above.
    let mean = BinomialTail.probability(atLeast: trials * 0.1, of: trials, chance: 0.1)
    let three = BinomialTail.probability(atLeast: trials * 0.1 + 3 * deviation, of: trials, chance: 0.1)
    #expect(abs(mean - 0.5) < 1e-4)
    #expect(abs(three / 0.00134990 - 1) < 1e-3)
    #expect(BinomialTail.probability(atLeast: trials * 0.2, of: trials, chance: 0.1) == 0)
  }
}
