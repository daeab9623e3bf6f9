internal import Glibc

/// The evidence of several functions' trials together: half the mean of theirs and half the pooled one, in which a fault
/// that all share in small numbers adds up.
struct PooledEvidence {
  /// The logarithm of E.
  let logE: Double
  /// The logarithm of E without the one minute that is best for all.
  let logRest: Double

  /// - Parameter trials: at least one.
  init(_ trials: [Trial]) {
    let pooled = Self.likelihoods(trials)
    logE = Logarithms.mean([Logarithms.mean(trials.map(\.logE)), pooled.whole.evidence.log])
    logRest = Logarithms.mean([Logarithms.mean(trials.map(\.logRest)), pooled.rest.spent])
  }

  private static func likelihoods(_ trials: [Trial]) -> (whole: Likelihoods, rest: Likelihoods) {
    let minutes = trials.map(\.minutes.count).max() ?? 0
    let steps = trials.filter { $0.baseline == nil }
    // Trials of steps have factors that add up minute by minute.
    var (whole, rest) = Trial.likelihoods(minutes: minutes) { ratio, visit in
      var sums = [Double](repeating: 0, count: minutes)
      for trial in steps {
        for (minute, factor) in trial.factors(ratio: ratio).enumerated() { sums[minute] += factor }
      }
      for sum in sums.reversed() { visit(sum) }
    }
    let bakes = trials.filter { $0.baseline != nil }
    for start in 0..<whole.points.count where !bakes.isEmpty {
      add(bakes, at: start, minutes, to: &whole, &rest)
    }
    return (whole, rest)
  }

  /// Adds bakes, which are compared as wholes; the minute in which all of them together had the most errors is left out.
  private static func add(
    _ bakes: [Trial], at start: Int, _ minutes: Int, to whole: inout Likelihoods, _ rest: inout Likelihoods
  ) {
    let first = ChangePoints.minute(start)
    var (worst, most) = (first, -1)
    for minute in first..<minutes {
      let hits = bakes.reduce(0) {
        $0 + ($1.minutes.indices.contains(minute) ? $1.minutes[minute].canary.hits : 0)
      }
      if hits > most { (worst, most) = (minute, hits) }
    }
    for trial in bakes where trial.minutes.count > first {
      guard let baseline = trial.baseline else { continue }
      let all = Tally.sum(trial.minutes[first...].lazy.map(\.canary))
      let without = trial.minutes.indices.contains(worst) ? all - trial.minutes[worst].canary : all
      for ratio in 0..<OddsGrid.count {
        whole[start, ratio] += trial.whole[start, ratio]
        rest[start, ratio] += baseline.logLikelihood(of: without, ratio) / trial.phi
      }
    }
  }
}
