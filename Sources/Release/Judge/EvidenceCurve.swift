internal import Glibc

/// How the evidence grows with the errors of a canary, all else as it is: staked on the first minute alone, which is half
/// of it and a lower bound.
struct EvidenceCurve {
  /// For each ratio of the grid, the logarithm without an error of the canary, and what each of its errors adds.
  private let without: [Double]
  private let perError: [Double]

  private init(_ value: (_ ratio: Int) -> (without: Double, perError: Double), phi: Double) {
    let values = (0..<OddsGrid.count).map(value)
    without = values.map { $0.without / phi }
    perError = values.map { $0.perError / phi }
  }

  /// Steps, whose errors are as many to an invocation in each.
  ///
  /// - Parameter strata: the chance that an error hits a canary that is no worse, the canary's invocations and the
  ///   stable version's errors.
  init(_ strata: [(chance: Double, canary: Double, stableErrors: Int)], phi: Double) {
    let all = max(strata.reduce(0) { $0 + $1.canary }, .leastNormalMagnitude)
    self.init(
      { ratio in
        var (without, perError) = (0.0, OddsGrid.logs[ratio])
        for stratum in strata {
          let weighed = log1p(stratum.chance * (OddsGrid.ratios[ratio] - 1))
          without -= Double(stratum.stableErrors) * weighed
          perError -= stratum.canary / all * weighed
        }
        return (without, perError)
      }, phi: phi)
  }

  /// A bake of so many invocations against a baseline.
  init(_ invocations: Int, against baseline: Baseline, phi: Double) {
    self.init(
      { ratio in
        let without = baseline.logLikelihood(of: Tally(invocations, 0), ratio)
        return (without, baseline.logLikelihood(of: Tally(invocations, 1), ratio) - without)
      }, phi: phi)
  }

  /// So many invocations against a limit on their error rate.
  init(_ invocations: Int, limit: Double, phi: Double) {
    self.init(
      { ratio in
        (-Double(invocations) * log1p(limit * (OddsGrid.ratios[ratio] - 1)), OddsGrid.logs[ratio])
      }, phi: phi)
  }

  private func logE(_ errors: Int) -> Double {
    log(ChangePoints(minutes: 1).stake(0))
      + Logarithms.mean((0..<OddsGrid.count).map { without[$0] + Double(errors) * perError[$0] })
  }

  /// The fewest errors whose evidence reaches `logE`; nil where `most` are not enough.
  func fewest(reaching needed: Double, atMost most: Int) -> Int? {
    guard most > 0, logE(most) >= needed else { return nil }
    var high = 1
    while high < most, logE(high) < needed { high = min(high * 2, most) }
    var low = high / 2
    while high - low > 1 {
      let middle = (low + high) / 2
      if logE(middle) >= needed { high = middle } else { low = middle }
    }
    return high
  }
}
