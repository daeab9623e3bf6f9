internal import Glibc

extension Assessment {
  /// The canary's error rate that would be found with 90 % in the phase under way; nil where none would be.
  var detectableRate: Double? {
    let found = [byComparison?.detectableRate, byLimit?.detectableRate].compactMap(\.self)
    return found.min()
  }

  private var busyMinutes: Int { minutes.count { $0.invocations > 0 } }

  /// How the evidence of the comparisons under way grows with the canary's errors: that of the first must reach the
  /// budget, the others may have less to show.
  private var curves: [EvidenceCurve] {
    guard isBaking else { return [besideStable] }
    let invocations = canary.invocations
    return bakes.compactMap(\.baseline).map { EvidenceCurve(invocations, against: $0, phi: errors.phi) }
  }

  private var besideStable: EvidenceCurve {
    var chances: [Double] = []
    if case .sameMinutes(let known) = errors.reference { chances = known }
    let strata = zip(steps, chances).map { step, chance in
      (chance: chance, canary: Double(step.canary.invocations), stableErrors: step.stable.hits)
    }
    return EvidenceCurve(strata, phi: errors.phi)
  }

  /// What the comparison with the stable version finds.
  private var byComparison: Sensitivity? {
    let invocations = canary.invocations
    let curves = curves
    guard let first = curves.first,
      let sensitivity = Sensitivity(
        first, invocations: invocations, minutes: busyMinutes, budget: budget)
    else { return nil }
    var errors = 0
    for curve in curves.dropFirst() {
      guard
        let fewest = curve.fewest(
          reaching: -log(budget.relative * ErrorBudget.ease), atMost: invocations)
      else { return nil }
      errors = max(errors, fewest)
    }
    let stable = isBaking ? bakes.compactMap(\.rates.stable).max() : StandardisedRates(steps).stable
    let material = (settings.materialRatio * (stable ?? 0) * Double(invocations)).rounded(.up)
    return sensitivity.needing(max(errors, Int(min(material, 1e15))))
  }

  /// What the limit on the canary's own rate finds.
  private var byLimit: Sensitivity? {
    let invocations = canary.invocations
    guard let bound = RateBound(self), bound.rate < 1 else { return nil }
    let curve = EvidenceCurve(invocations, limit: bound.rate, phi: errors.phi)
    guard let errors = curve.fewest(reaching: -log(budget.limit), atMost: invocations) else { return nil }
    return Sensitivity(
      invocations: invocations, minutes: busyMinutes, errors: max(errors, Trial.fewestHits), rest: 0)
  }
}
