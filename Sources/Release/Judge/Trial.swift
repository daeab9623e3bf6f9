internal import Glibc

/// One minute of a trial.
struct TrialMinute {
  /// The number of the weight under which it passed, from 0.
  let stratum: Int
  let canary: Tally
  /// The stable version's in the same minute; nothing in a bake.
  let stable: Tally
}

/// What a bake is compared with.
struct Baseline {
  enum Source {
    /// The stable version in the hour before it lost its traffic.
    case hourBefore
    /// The stable version beside the canary, in all steps.
    case beside
  }

  let source: Source
  let tally: Tally

  /// How many times as often the canary may fail and still count as no worse. The hour before is another time.
  var nullRatio: Double {
    switch source {
    case .hourBefore: 2
    case .beside: 1
    }
  }
}

/// The evidence that the canary is worse, from a mixture of likelihood ratios over "which version did each error hit?".
///
/// If the canary is no worse, each error of a minute hits it with a chance of at most `q`, whatever the rate of errors
/// is and however it changes. The ratios are nonnegative martingales then, whatever minute the worsening is said to begin
/// at, so the chance that their weighted mean ever reaches 1/a is at most a, however often one looks (Ville 1939; Lindon
/// and Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022; for the start points Shin, Ramdas and
/// Rinaldo, "E-detectors", 2023). Where errors bunch, the ratios are taken to the power 1/`phi`.
struct Trial {
  enum Reference {
    /// The stable version in the same minutes; the chances by stratum.
    case sameMinutes(chances: [Double])
    case baseline(Baseline)
  }

  /// Below that many hits of the canary nothing is concluded.
  static let fewestHits = 3
  /// What the evidence must still be without its best minute, for each function.
  static let restNeeded = 10.0

  let minutes: [TrialMinute]
  let reference: Reference
  let phi: Double
  /// The likelihood ratios from each start on, with all minutes and without the best one.
  let whole: Likelihoods
  let rest: Likelihoods
  /// The logarithm of E.
  let logE: Double
  /// The logarithm of E without the best minute.
  let logRest: Double
  /// The minute from which on the evidence says most, from 0.
  let since: Int
  /// The counts from there on, a stratum for each weight.
  let strata: [Stratum]

  init(_ minutes: [TrialMinute], against reference: Reference, phi: Double) {
    self.minutes = minutes
    self.reference = reference
    self.phi = phi
    (whole, rest) =
      switch reference {
      case .sameMinutes(let chances): Self.likelihoods(minutes, chances: chances, phi: phi)
      case .baseline(let baseline): Self.likelihoods(minutes, against: baseline, phi: phi)
      }
    let evidence = whole.evidence
    logE = evidence.log
    logRest = rest.spent
    since = ChangePoints.minute(evidence.start)
    strata = Self.strata(minutes[min(since, minutes.count)...], reference)
  }

  /// The canary's counts since ``since``.
  var canary: Tally { .sum(strata.lazy.map(\.canary)) }
  /// What they are compared with.
  var stable: Tally { .sum(strata.lazy.map(\.stable)) }
  /// The rates whose quotient decides what is material.
  var rates: StandardisedRates { StandardisedRates(strata) }

  var baseline: Baseline? {
    if case .baseline(let baseline) = reference { baseline } else { nil }
  }

  /// Whether the canary has enough hits and fails at least `ratio` times as often.
  func isMaterial(_ ratio: Double) -> Bool { strata.isMaterial(ratio) }

  /// Whether it is not the work of one minute, or so bad that one minute is enough.
  func isSteady(functions: Int) -> Bool {
    logRest >= log(Self.restNeeded * Double(functions)) || canary.isObvious
  }

  /// Whether the evidence reaches `1 / budget`, is worth acting on, and is not the work of one minute.
  func convicts(budget: Double, materialRatio: Double, functions: Int) -> Bool {
    logE >= -log(budget) && isMaterial(materialRatio) && isSteady(functions: functions)
  }

  private static func strata(_ minutes: ArraySlice<TrialMinute>, _ reference: Reference) -> [Stratum] {
    if case .baseline(let baseline) = reference {
      return [Stratum(canary: .sum(minutes.lazy.map(\.canary)), stable: baseline.tally)]
    }
    var strata: [Stratum] = []
    var newest: Int?
    for minute in minutes {
      if minute.stratum != newest {
        strata.append(Stratum())
        newest = minute.stratum
      }
      strata[strata.count - 1].canary += minute.canary
      strata[strata.count - 1].stable += minute.stable
    }
    return strata
  }
}
