internal import Glibc

/// Which error rate of the canary would be found: what the numbers at hand can show, and what they cannot.
struct Sensitivity {
  /// The chance with which that rate is found.
  private static let power = 0.9
  /// Up to that many errors the chance is summed up; beyond, it is that of a normal distribution.
  private static let summed = 60
  /// The 90th percentile of the normal distribution.
  private static let deviations = 1.2816

  /// The canary's invocations.
  let invocations: Int
  /// The minutes that they are spread over.
  let minutes: Int
  /// The fewest errors that lead to a rollback.
  let errors: Int
  /// The fewest that must be left without the minute with the most; 0 where one minute is enough.
  let rest: Int

  init(invocations: Int, minutes: Int, errors: Int, rest: Int) {
    self.invocations = invocations
    self.minutes = minutes
    self.errors = errors
    self.rest = rest
  }

  /// What rule 1 finds where evidence grows so; nil where not even a canary that always fails reaches it.
  init?(_ curve: EvidenceCurve, invocations: Int, minutes: Int, budget: ErrorBudget) {
    guard let errors = curve.fewest(reaching: -log(budget.relative), atMost: invocations),
      let rest = curve.fewest(
        reaching: log(Trial.restNeeded * Double(budget.functions)), atMost: invocations)
    else { return nil }
    self.init(
      invocations: invocations, minutes: minutes, errors: max(errors, Trial.fewestHits), rest: rest)
  }

  /// The same where no fewer than so many errors do.
  func needing(_ errors: Int) -> Sensitivity {
    Sensitivity(
      invocations: invocations, minutes: minutes, errors: max(errors, self.errors), rest: rest)
  }

  /// The error rate that so many invocations without an error exclude with 95 %: the rule of three.
  static func errorFreeBound(invocations: Int) -> Double {
    invocations > 0 ? min(3 / Double(invocations), 1) : 1
  }

  /// The error rate that is found with 90 %; nil where not even a canary that always fails is.
  var detectableRate: Double? {
    guard errors <= invocations, found(invocations) >= Self.power else { return nil }
    let chance = errors > Self.summed ? normal : summed
    // So few errors are never enough: a start that spares much of the search.
    var (low, high) = (min(Double(errors) / 4 / Double(invocations), 0.5), 1.0)
    while high - low > 4e-3 * high {
      // The geometric mean comes down from 1 fast.
      let middle = (low * high).squareRoot()
      if chance(middle) >= Self.power { high = middle } else { low = middle }
    }
    return high
  }

  /// The chance that a canary that fails at a rate below 1 is found: what is left when the numbers of errors that are not
  /// enough are taken off.
  private var summed: (Double) -> Double {
    let missed = (0...min(errors + Self.summed, invocations)).map { 1 - found($0) }
    let n = Double(invocations)
    return { rate in
      var term = exp(n * log1p(-rate))
      let odds = rate / (1 - rate)
      var left = 1.0
      for (hits, missed) in missed.enumerated() {
        left -= term * missed
        term *= (n - Double(hits)) / Double(hits + 1) * odds
      }
      return left
    }
  }

  /// The same where the errors are many.
  private var normal: (Double) -> Double {
    { rate in
      let mean = Double(invocations) * rate
      let fewest = mean - Self.deviations * (mean * (1 - rate)).squareRoot()
      return fewest >= Double(errors) && found(Int(fewest)) > 0.5 ? Self.power : 0
    }
  }

  /// The chance that so many errors are found: that enough are left without the minute that has most of them. That two
  /// minutes have too many each is counted twice, so it is a lower bound.
  private func found(_ hits: Int) -> Double {
    guard hits >= errors else { return 0 }
    if rest <= 0 || Tally(invocations, hits).isObvious { return 1 }
    guard minutes > 1, hits > rest else { return 0 }
    // The chance that one minute has all but fewer than `rest`, from all of them downwards.
    let others = Double(minutes - 1)
    var term = exp(-Double(hits) * log(Double(minutes)))
    var sum = 0.0
    for left in 0..<rest {
      sum += term
      term *= Double(hits - left) / Double(left + 1) * others
    }
    return max(0, 1 - Double(minutes) * sum)
  }
}
