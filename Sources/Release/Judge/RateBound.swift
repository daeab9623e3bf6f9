/// The highest error rate that the canary may have whatever the stable version's is, and why there is one.
struct RateBound {
  enum Source {
    /// The user's `maxErrorRate`.
    case user
    /// There is no stable version's traffic at all.
    case nothingToCompare
    /// Bakes: the baseline has too few invocations to be all there is.
    case thinBaseline
  }

  /// Invocations of a bake's baseline from which on it needs no help from a limit.
  private static let baselineIsEnough = 1_000
  /// The assumed rate counts as if it had been seen in so many invocations.
  private static let weightOfAssumed = 20.0
  /// What fails more often is bad whatever was before.
  private static let most = 0.9

  let source: Source
  /// Above 0; a rate of 1 or more is no limit.
  let rate: Double
  /// The canary's minutes that it holds for.
  private let minutes: [Tally]

  /// Nil where the comparison with the stable version is all there is to go by.
  init?(_ assessment: Assessment) {
    let evidence = assessment.evidence
    if let set = assessment.settings.maxErrorRate {
      (source, rate) = (.user, set)
      minutes = assessment.errors.minutes.map(\.canary) + assessment.baked
    } else if assessment.isBaking {
      let fewest = assessment.bakes.compactMap { $0.baseline?.tally.invocations }.min()
      guard fewest ?? 0 < Self.baselineIsEnough else { return nil }
      let isEmpty = assessment.hour.invocations + assessment.beside.invocations == 0
      source = isEmpty ? .nothingToCompare : .thinBaseline
      let assumed = assessment.settings.assumedErrorRate
      // What few invocations show is drawn towards half the assumed rate; twice of it may then be borne.
      let shown = [assessment.hour, assessment.beside].map {
        2 * (Double($0.hits) + Self.weightOfAssumed * assumed / 2)
          / (Double($0.invocations) + Self.weightOfAssumed)
      }
      rate = max(assumed, min(Self.most, shown.max() ?? assumed))
      minutes = assessment.baked
    } else {
      guard assessment.beside.invocations == 0,
        !evidence.history.contains(where: { $0.counts.invocations > 0 })
      else { return nil }
      (source, rate) = (.nothingToCompare, assessment.settings.assumedErrorRate)
      minutes = assessment.minutes
    }
  }

  /// The evidence that the canary goes beyond it; nil where nobody can.
  func tested(_ phi: Double) -> RateLimit? { rate < 1 ? RateLimit(rate, minutes, phi: phi) : nil }

  /// What the numbers of its minutes count from, where that is not the phase under way.
  var numbering: String {
    if case .user = source { " of the rollout" } else { "" }
  }

  /// Why it holds.
  func reason(_ assessment: Assessment) -> String {
    let limit = Wording.percent(rate)
    switch source {
    case .user: return "the limit is \(limit) (maxErrorRate)"
    case .nothingToCompare: return "there is nothing to compare with, so the limit is \(limit)"
    case .thinBaseline:
      let few =
        assessment.bakes.compactMap(\.baseline?.tally).min { $0.invocations < $1.invocations }
        ?? (assessment.hour.invocations > assessment.beside.invocations ? assessment.hour : assessment.beside)
      let failed = few.hits > 0 ? ", \(Wording.count(few.hits)) of them failed" : ""
      return "\(assessment.stableName) had only \(Wording.count(few.invocations, "invocation")) to compare "
        + "with\(failed), so the limit is \(limit)"
    }
  }
}
