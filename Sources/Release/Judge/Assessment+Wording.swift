internal import Core

extension Assessment {
  /// `v42`, or `the canary`.
  var canaryName: String { evidence.canaryVersion.map { "v\($0)" } ?? "the canary" }

  /// `stable v41`, or `stable`.
  var stableName: String { evidence.stableVersion.map { "stable v\($0)" } ?? "stable" }

  func sentence(_ finding: Finding) -> String {
    let word =
      switch finding.kind {
      case .watching: "WATCH"
      case .pass, .extend, .hold, .rollback: finding.kind.rawValue.uppercased()
      }
    let version = evidence.canaryVersion.map { " v\($0)" } ?? ""
    return "\(word) \(function)\(version): \(finding.text)\(Self.end(minute, isBaking: isBaking))"
  }

  /// The number of the newest settled minute of the phase under way.
  var minute: Int { isBaking ? baked.count : errors.minutes.count }

  static func end(_ minute: Int, isBaking: Bool) -> String {
    minute > 0 ? " Minute \(minute)\(isBaking ? " of the bake" : "")." : ""
  }

  /// `Since minute 21: `, or nothing where that is all minutes.
  static func since(_ trial: Trial) -> String { trial.since > 0 ? "Since minute \(trial.since + 1): " : "" }

  func lessThan(_ logE: Double) -> String { "Less than 1 in \(Wording.oneIn(logE: logE))" }

  /// `Since minute 21: 6 of 7 errors hit the canary, which got 10 % of 4 210 invocations (stable 0.03 %, canary 1.43 %).`
  func hits(_ trial: Trial, noun: String, detail: String = "") -> String {
    Self.since(trial)
      + hits(
        Stratum(canary: trial.canary, stable: trial.stable), trial.rates, noun: noun, detail: detail)
  }

  func hits(_ both: Stratum, _ rates: StandardisedRates, noun: String, detail: String = "") -> String {
    let invocations = both.canary.invocations + both.stable.invocations
    let share = invocations > 0 ? Double(both.canary.invocations) / Double(invocations) : nil
    let compared =
      rates.canary == nil
      ? "nothing ran beside it"
      : "stable \(Wording.percent(rates.stable)), canary \(Wording.percent(rates.canary))"
    return
      "\(Wording.count(both.canary.hits)) of \(Wording.count(both.canary.hits + both.stable.hits, noun))\(detail) "
      + "hit the canary, which got \(Wording.share(share)) of \(Wording.count(invocations, "invocation")) "
      + "(\(compared))."
  }

  /// `60 of 3 000 invocations failed at 100 % of the traffic (2 %, stable v41 in the hour before 0.1 %). Less than …`
  func told(bake trial: Trial, verb: String) -> String {
    let isHour = trial.baseline?.source == .hourBefore
    let claim = isHour ? "\(verb) at most twice as often" : "were no worse"
    return "\(Self.since(trial))\(Wording.count(trial.canary.hits)) of "
      + "\(Wording.count(trial.canary.invocations, "invocation")) \(verb) at 100 % of the traffic "
      + "(\(Wording.percent(trial.rates.canary)), \(named(trial.baseline)) \(Wording.percent(trial.rates.stable))). "
      + "\(lessThan(trial.logE)) if \(canaryName) \(claim)."
  }

  /// `stable v41 in the hour before`.
  func named(_ baseline: Baseline?) -> String {
    switch baseline?.source {
    case .hourBefore?: "\(stableName) in the hour before"
    case .beside?: "\(stableName) beside it in the steps"
    case nil: stableName
    }
  }

  /// What the canary showed, what lets it pass where that looks bad, and what it could have shown.
  var seen: String {
    guard canary.invocations > 0 else {
      return "no invocation of the canary was seen, so that nothing is known of it"
    }
    let rates = StandardisedRates(strata)
    let name = named(reported?.baseline)
    let stable = rates.stable.map { " (\(name) \(Wording.percent($0)))" } ?? ""
    if canary.hits == 0 {
      let bound = Wording.bound(Sensitivity.errorFreeBound(invocations: canary.invocations))
      return
        "none of \(Wording.count(canary.invocations, "canary invocation")) failed\(stable): it fails less than "
        + "\(bound) of the time (95 %); \(caught)"
    }
    return
      "\(Wording.count(canary.hits)) of \(Wording.count(canary.invocations, "canary invocation")) failed, "
      + "\(Wording.percent(rates.canary ?? canary.rate))\(stable)\(allowance); \(caught)"
  }

  private var caught: String {
    guard let rate = detectableRate else {
      return "not even a canary that always fails is caught with 90 % by so few invocations"
    }
    return "an error rate of about \(Wording.about(rate)) is caught with 90 %"
  }
}
