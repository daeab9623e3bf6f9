internal import Glibc

extension Trial {
  /// The likelihoods of steps, from sums and maxima over the minutes from the last to the first: linear in their number.
  static func likelihoods(
    _ minutes: [TrialMinute], chances: [Double], phi: Double
  ) -> (whole: Likelihoods, rest: Likelihoods) {
    likelihoods(minutes: minutes.count) { ratio, visit in
      let weighed = chances.map { log1p($0 * (OddsGrid.ratios[ratio] - 1)) }
      for index in minutes.indices.reversed() { visit(factor(minutes[index], ratio, weighed) / phi) }
    }
  }

  /// The logarithm of the factor that each minute contributes at one of the grid's ratios, to the power 1/phi. Only
  /// steps have such factors.
  func factors(ratio: Int) -> [Double] {
    guard case .sameMinutes(let chances) = reference else { return [] }
    let weighed = chances.map { log1p($0 * (OddsGrid.ratios[ratio] - 1)) }
    return minutes.map { Self.factor($0, ratio, weighed) / phi }
  }

  private static func factor(_ minute: TrialMinute, _ ratio: Int, _ weighed: [Double]) -> Double {
    let all = minute.canary.hits + minute.stable.hits
    guard all > 0 else { return 0 }
    return Double(minute.canary.hits) * OddsGrid.logs[ratio] - Double(all) * weighed[minute.stratum]
  }

  /// Sums up factors of minutes, from each start on, with all of them and without the largest.
  ///
  /// - Parameter factors: calls back with the logarithm of each minute's factor at a ratio, the last minute first.
  static func likelihoods(
    minutes: Int, factors: (_ ratio: Int, _ visit: (Double) -> Void) -> Void
  ) -> (whole: Likelihoods, rest: Likelihoods) {
    var whole = Likelihoods(minutes: minutes)
    var rest = whole
    for ratio in 0..<OddsGrid.count {
      var sum = 0.0
      var best = 0.0
      var minute = minutes
      factors(ratio) { factor in
        minute -= 1
        sum += factor
        best = max(best, factor)
        guard minute.isMultiple(of: ChangePoints.spacing) else { return }
        whole[minute / ChangePoints.spacing, ratio] = sum
        rest[minute / ChangePoints.spacing, ratio] = sum - best
      }
    }
    return (whole, rest)
  }

  /// The likelihoods of a bake. Its baseline has no minutes, so the minute with the most errors counts as the best.
  static func likelihoods(
    _ minutes: [TrialMinute], against baseline: Baseline, phi: Double
  ) -> (whole: Likelihoods, rest: Likelihoods) {
    var whole = Likelihoods(minutes: minutes.count)
    var rest = whole
    var sum = Tally.zero
    var worst = Tally.zero
    for index in minutes.indices.reversed() {
      let minute = minutes[index].canary
      sum += minute
      // The first of equals.
      if minute.hits >= worst.hits { worst = minute }
      guard index.isMultiple(of: ChangePoints.spacing) else { continue }
      let start = index / ChangePoints.spacing
      for ratio in 0..<OddsGrid.count {
        whole[start, ratio] = baseline.logLikelihood(of: sum, ratio) / phi
        rest[start, ratio] = baseline.logLikelihood(of: sum - worst, ratio) / phi
      }
    }
    return (whole, rest)
  }
}

extension Baseline {
  /// The logarithm of the likelihood ratio of a canary's counts in the bake at one of the grid's ratios.
  func logLikelihood(of canary: Tally, _ ratio: Int) -> Double {
    let share = Double(canary.invocations) / Double(canary.invocations + tally.invocations)
    let alternative = log1p(share * (nullRatio * OddsGrid.ratios[ratio] - 1))
    let null = log1p(share * (nullRatio - 1))
    return Double(canary.hits) * OddsGrid.logs[ratio] - Double(canary.hits + tally.hits)
      * (alternative - null)
  }
}
