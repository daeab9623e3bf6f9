internal import Core

extension ReleaseAssessment {
  /// The verdict on one function as that of all of them.
  func sentence(summary verdict: Verdict) -> String {
    let all = (functions.count == 2 ? "both" : "all \(functions.count)") + " functions of the release"
    return switch verdict.kind {
    case .rollback: "\(verdict.sentence) With it go back \(all)."
    case .hold, .extend: "\(verdict.sentence) With it wait \(all)."
    case .watching: "WATCH \(seen)"
    case .pass: "PASS \(seen)"
    }
  }

  /// What the canaries showed; of the one that looks worst, what lets it pass; and what the one with the fewest
  /// invocations could have shown.
  private var seen: String {
    let canary = Tally.sum(functions.lazy.map(\.canary))
    let rates = StandardisedRates(functions.flatMap(\.strata))
    let shown =
      (rates.canary ?? canary.rate).map {
        ", \(Wording.percent($0))" + (rates.stable.map { " (stable \(Wording.percent($0)))" } ?? "")
      } ?? ""
    let fewest = functions.min { $0.canary.invocations < $1.canary.invocations }
    let least = fewest.map { " Least was seen of \($0.function): \($0.seen)." } ?? ""
    let doubtful = functions.filter { $0.canary.hits > 0 && !$0.allowance.isEmpty }
    let worst = doubtful.max { ($0.canary.rate ?? 0) < ($1.canary.rate ?? 0) }
    let most =
      worst.flatMap { worst in
        worst.function == fewest?.function ? nil : " Worst looks \(worst.function): \(worst.seen)."
      } ?? ""
    return "release of \(functions.count) functions: \(Wording.count(canary.hits)) of "
      + "\(Wording.count(canary.invocations, "canary invocation")) failed\(shown).\(most)\(least)\(end)"
  }

  private var end: String {
    guard
      let latest = functions.max(by: { ($0.isBaking ? 1 : 0, $0.minute) < ($1.isBaking ? 1 : 0, $1.minute) })
    else { return "" }
    return Assessment.end(latest.minute, isBaking: latest.isBaking)
  }

  /// `ROLLBACK release of 20 functions, most of all f0 v42: 20 of 20 errors hit the canaries, …`
  func sentence(on phase: Phase, _ rates: StandardisedRates) -> String {
    let strata = phase.strata
    let canary = Tally.sum(strata.lazy.map(\.canary))
    let stable = Tally.sum(strata.lazy.map(\.stable))
    let all = canary + stable
    let odds = "Less than 1 in \(Wording.oneIn(logE: phase.pooled.logE))"
    let compared = "(stable \(Wording.percent(rates.stable)), canary \(Wording.percent(rates.canary)))"
    let what: String
    if phase.isBake {
      let isHour = phase.trials.contains { $0.trial.baseline?.source == .hourBefore }
      let claim = isHour ? "all failed at most twice as often as before" : "none were worse"
      what =
        "\(Wording.count(canary.hits)) of \(Wording.count(canary.invocations, "invocation")) failed at 100 % of the "
        + "traffic \(compared). \(odds) if \(claim)."
    } else {
      let share = Double(canary.invocations) / Double(max(all.invocations, 1))
      what =
        "\(Wording.count(canary.hits)) of \(Wording.count(all.hits, "error")) hit the canaries, which got "
        + "\(Wording.share(share)) of \(Wording.count(all.invocations, "invocation")) \(compared). \(odds) if none "
        + "were worse."
    }
    let worst = phase.worst.function
    let version = worst.evidence.canaryVersion.map { " v\($0)" } ?? ""
    return "ROLLBACK release of \(functions.count) functions, most of all \(worst.function)\(version): "
      + "\(since(phase))\(what)\(end)"
  }

  /// `Since minute 21: `; each function has its own.
  private func since(_ phase: Phase) -> String {
    let starts = phase.trials.map(\.trial.since)
    guard let first = starts.min(), let last = starts.max(), last > 0 else { return "" }
    return first == last
      ? "Since minute \(first + 1): " : "Since minutes \(first + 1) to \(last + 1), as each began: "
  }
}
