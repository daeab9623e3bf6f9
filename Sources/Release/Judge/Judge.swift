/// Decides what becomes of a rollout. A pure function of minutes, steps and settings: no clock, no network.
///
/// An equal canary is rolled back in at most 1 % of whole rollouts, however often one looks: 0.75 % for the tests
/// that run at every minute, 0.25 % for those at the ends of the steps. That rests on errors that bunch no more than the
/// stable version's do, and hit each version by its share of the traffic.
package enum Judge {
  /// The verdict on one function that stands alone.
  ///
  /// - Parameter function: its name in sentences.
  package static func verdict(
    function: String, evidence: FunctionEvidence, settings: JudgeSettings
  ) -> Verdict {
    let budget = ErrorBudget(functions: 1, counts: 1 + evidence.metricNames.count)
    return Assessment(function: function, evidence: evidence, settings: settings, budget: budget).verdict()
  }

  /// The verdict on functions that go forward or back together.
  ///
  /// The release's evidence is half the mean of the functions' and half the pooled one, so that neither one bad
  /// function among many nor a fault that all share in small numbers stays unseen, at one error budget for all.
  package static func release(
    _ functions: [String: FunctionEvidence], settings: JudgeSettings
  ) -> ReleaseVerdict {
    let names = functions.keys.sorted()
    let metrics = functions.values.reduce(into: Set<String>()) { $0.formUnion($1.metricNames) }
    let budget = ErrorBudget(functions: max(names.count, 1), counts: 1 + metrics.count)
    let assessments = names.compactMap { name in
      functions[name].map {
        Assessment(function: name, evidence: $0, settings: settings, budget: budget)
      }
    }
    return ReleaseAssessment(functions: assessments, budget: budget, settings: settings).verdict()
  }
}

extension Assessment {
  /// The rules in their order; the first that finds something decides.
  func verdict() -> Verdict {
    let rules: [(Assessment) -> Finding?] = [
      { $0.relativeErrors() },
      { $0.brokenLimit() ?? $0.alarm() },
      { $0.endOfStep() },
      { $0.missingMetrics() },
      { $0.badEnvironment() },
      { $0.slowness() },
      { $0.unfinished() },
    ]
    for rule in rules {
      if let finding = rule(self) { return verdict(finding) }
    }
    return verdict(passed())
  }
}
