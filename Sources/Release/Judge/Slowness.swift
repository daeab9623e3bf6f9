internal import Glibc

/// The evidence that the canary is slower, from the invocations above up to three limits.
struct Slowness {
  /// How much more often an invocation must be slow to matter; the last limit is that of the slowest few.
  private static let materialRatio = 1.5
  private static let materialRatioOfLast = 2.0
  /// The percentiles of the stable version's durations that the limits come from, the last ones first.
  private static let percentiles = ["p99", "p90", "p50"]

  private let trials: [Trial]
  private let functions: Int
  /// The place of the trial with the most evidence.
  private let place: Int
  /// The logarithm of the mean of the trials' evidence, and of the same without each one's best minute.
  let logE: Double
  let logRest: Double

  /// Nil where nobody asked for slow invocations.
  init?(_ evidence: FunctionEvidence, functions: Int) {
    var limits = 0
    for step in evidence.steps {
      for minute in step.minutes { limits = max(limits, minute.slow.count) }
    }
    guard limits > 0 else { return nil }
    let trials = (0..<limits).map { Counted.slow($0).trial(evidence) }
    self.trials = trials
    self.functions = functions
    place = trials.indices.dropFirst().reduce(0) { trials[$1].logE > trials[$0].logE ? $1 : $0 }
    logE = Logarithms.mean(trials.map(\.logE))
    logRest = Logarithms.mean(trials.map(\.logRest))
  }

  /// The trial with the most evidence, the first of equals.
  var clearest: Trial { trials[place] }

  /// The limit of that trial in words.
  var limit: String {
    let percentile = Self.percentiles[min(trials.count - 1 - place, Self.percentiles.count - 1)]
    return "above 1.2 x the \(percentile) of the hour before"
  }

  func convicts(_ budget: Double) -> Bool {
    let ratio = place == trials.count - 1 ? Self.materialRatioOfLast : Self.materialRatio
    return logE >= -log(budget) && logRest >= log(Trial.restNeeded * Double(functions))
      && clearest.isMaterial(ratio)
  }
}
