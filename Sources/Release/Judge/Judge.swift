/// Decides what becomes of a rollout. A pure function of minutes, steps and settings: no clock, no network.
///
/// An equal canary is rolled back in at most 1 % of whole rollouts, however often one looks: 0.75 % for the tests
/// that run at every minute, 0.25 % for those at the ends of the steps.
public enum Judge {
  /// The verdict on one function that stands alone.
  ///
  /// - Parameter function: its name in sentences.
  public static func verdict(
    function: String, evidence: FunctionEvidence, settings: JudgeSettings
  ) -> Verdict {
    let stakes = Stakes(functions: 1, counts: 1 + evidence.metricNames.count)
    return Assessment(function: function, evidence: evidence, settings: settings, stakes: stakes).verdict()
  }
}

extension Assessment {
  /// The rules in their order; the first that finds something decides.
  func verdict() -> Verdict {
    let rules: [(Assessment) -> Finding?] = [
      { $0.relativeErrors() },
      { $0.absoluteLimit() ?? $0.alarm() },
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
