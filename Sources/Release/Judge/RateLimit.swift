internal import Glibc

/// The evidence that the canary's own error rate lies above a limit, whatever the stable version does.
struct RateLimit {
  /// The limit, above 0.
  let rate: Double
  /// The logarithm of the evidence.
  let logE: Double
  /// The minute from which on it says most, from 0.
  let since: Int
  /// All minutes.
  let all: Tally
  /// The minutes since ``since``.
  let newest: Tally

  init(_ rate: Double, _ minutes: [Tally], phi: Double) {
    self.rate = rate
    // A limit of nothing at all would make the first error infinitely surprising.
    let tested = max(rate, 1e-9)
    let weighed = OddsGrid.ratios.map { log1p(tested * ($0 - 1)) }
    var likelihoods = Likelihoods(minutes: minutes.count)
    var sums = [Tally](repeating: .zero, count: likelihoods.points.count + 1)
    var sum = Tally.zero
    for index in minutes.indices.reversed() {
      sum += minutes[index]
      guard index.isMultiple(of: ChangePoints.spacing) else { continue }
      let start = index / ChangePoints.spacing
      sums[start] = sum
      for ratio in 0..<OddsGrid.count {
        likelihoods[start, ratio] =
          (Double(sum.hits) * OddsGrid.logs[ratio] - Double(sum.invocations) * weighed[ratio]) / phi
      }
    }
    let evidence = likelihoods.evidence
    logE = evidence.log
    since = ChangePoints.minute(evidence.start)
    all = sum
    newest = sums[evidence.start]
  }

  /// Whether the limit is broken beyond `budget`.
  func isBroken(budget: Double) -> Bool { all.hits >= Trial.fewestHits && logE >= -log(budget) }
}
