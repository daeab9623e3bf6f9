/// What the judge says of one function, or of a release.
package struct Verdict: Hashable, Sendable {
  /// What to do.
  package enum Kind: String, Hashable, Sendable {
    /// The step is over and nothing was found: go on.
    case pass
    /// The step is over but had too little traffic: give it more time.
    case extend
    /// No verdict is possible, or a person must decide.
    case hold
    /// Take the traffic back.
    case rollback
    /// The step is not over and nothing was found. A reader of JSON sees `extend`: ask again later.
    case watching
  }

  /// What the verdict rests on.
  package enum Cause: Hashable, Sendable {
    /// Nothing was found.
    case none
    /// The canary's errors against the stable version's.
    case errors
    /// The canary's errors against the absolute limit.
    case limit
    /// The alarm of this name.
    case alarm(String)
    /// The user's metric of this name.
    case metric(String)
    /// Slow invocations.
    case latency
    /// Metrics that are missing or cannot be read.
    case noMetrics
    /// Errors of both versions.
    case environment
    /// Too few invocations.
    case lowTraffic
  }

  /// What to do.
  package let kind: Kind
  /// The number of the rule that decided, 1 to 8; 7 while nothing was found in a step that is not over.
  package let rule: Int
  /// What the verdict rests on.
  package let cause: Cause
  /// The natural logarithm of ``eValue``, of any size.
  let logE: Double
  /// The same of ``eWithoutBestMinute``; minus infinity where there is no minute.
  let logRest: Double
  /// The minute from which on the evidence says most, from 1: its place among the minutes of the steps, or of the bake
  /// once it runs.
  package let since: Int
  /// The canary's rate since then, a/W of the Mantel-Haenszel estimate; nil where nothing ran beside it.
  package let canaryRate: Double?
  /// What it is compared with.
  package let stableRate: Double?
  /// The error rate that the canary went beyond, where that decided (rule 2); above 0, below 1.
  package let limit: Double?
  /// How errors bunch: 1 for independent errors, up to 100.
  package let phi: Double
  /// The canary's observed share of the invocations of the step under way; nil without invocations.
  package let share: Double?
  /// One sentence or two that a person can repeat.
  package private(set) var sentence: String
  /// The canary's sum over the rollout, or over the bake once it runs.
  package let canary: Counts
  /// The stable version's sum over the rollout, or what the bake is compared with.
  package let stable: Counts

  /// The evidence against "no worse": the chance of ever seeing this much is at most one in `eValue` if the canary
  /// is no worse. Of the rule that decided where it has one, else of the errors. At most about 1.79e308.
  package var eValue: Double { Logarithms.value(logE) }
  /// What ``eValue`` is without the minute that says most; 0 without minutes.
  package var eWithoutBestMinute: Double { Logarithms.value(logRest) }
}

extension Verdict {
  /// The same, its sentence followed by `clauses`: what else a reader has to know of the version that was judged.
  func noting(_ clauses: [String]) -> Verdict {
    var noted = self
    noted.sentence = ([sentence] + clauses).joined(separator: "; ")
    return noted
  }
}

/// What the judge says of a release that goes forward or back as a whole.
package struct ReleaseVerdict: Hashable, Sendable {
  /// The verdict on the release.
  package let verdict: Verdict
  /// The function it rests on; nil when all pass.
  package let culprit: String?
  /// The verdict on each function, at its share of the release's error budget.
  package let functions: [String: Verdict]
}
