internal import Core
internal import Glibc

// A rate that a reader may call broken is never told without what lets it pass.
extension Assessment {
  /// What lets the canary's errors pass, after a comma or semicolon; nothing where they need no excuse: fewer than the
  /// assumed rate, and hardly more often than the stable version's.
  var allowance: String {
    let rates = StandardisedRates(strata)
    guard let rate = rates.canary ?? canary.rate else { return "" }
    let isMore = rates.stable.map { rate >= settings.materialRatio * $0 } ?? true
    guard rate >= settings.assumedErrorRate || isMore else { return "" }
    if let bound = RateBound(self) { return "; \(bound.reason(self))" + (isMore ? doubt : "") }
    if isMore { return doubt }
    return "; \(stableName) fails as often, and no maxErrorRate is set"
  }

  /// Why the difference between the versions is no reason to act: too little evidence, too small, or one minute's work.
  private var doubt: String {
    let trial = current
    guard trial.minutes.contains(where: { $0.canary.invocations > 0 }) else { return "" }
    if let baseline = trial.baseline, baseline.source == .hourBefore, baseline.tally.hits > 0,
      !trial.rates.isAtLeast(baseline.nullRatio)
    {
      return "; up to twice the rate of the hour before is let pass"
    }
    let claim = trial.baseline?.source == .hourBefore ? "failed at most twice as often" : "were no worse"
    let needed = Wording.oneIn(logE: -log(budget.relative))
    if trial.logE < log(2) { return "; chance alone explains that" }
    if trial.logE < -log(budget.relative) {
      return
        "; that is 1 in \(Wording.oneIn(logE: trial.logE)) if \(canaryName) \(claim), and it goes back from "
        + "1 in \(needed) on"
    }
    if !trial.isMaterial(settings.materialRatio) {
      return trial.canary.hits < Trial.fewestHits
        ? "; fewer than \(Trial.fewestHits) errors prove nothing"
        : "; less than \(settings.materialRatio.formatted(digits: 2)) times as often is let pass"
    }
    if !trial.isSteady(functions: budget.functions) { return "; that is the work of one minute" }
    return "; beside \(stableName) in the steps it was no worse"
  }
}
