/// Invocations, and those of them that are counted: errors, slow ones, or what a metric of the user's counts, which may
/// be more than there are invocations.
struct Tally: Hashable {
  var invocations = 0
  var hits = 0

  static let zero = Tally()

  init(_ invocations: Int = 0, _ hits: Int = 0) {
    self.invocations = invocations
    self.hits = hits
  }

  init(_ counts: Counts) { self.init(counts.invocations, counts.errors) }

  static func + (a: Tally, b: Tally) -> Tally { Tally(a.invocations + b.invocations, a.hits + b.hits) }
  static func - (a: Tally, b: Tally) -> Tally { Tally(a.invocations - b.invocations, a.hits - b.hits) }
  static func += (a: inout Tally, b: Tally) { a = a + b }

  static func sum(_ tallies: some Sequence<Tally>) -> Tally { tallies.reduce(.zero, +) }

  /// As reports have it.
  var counts: Counts { Counts(summed: invocations, hits) }

  /// Hits per invocation; nil without invocations.
  var rate: Double? { invocations > 0 ? Double(hits) / Double(invocations) : nil }

  /// So bad that no second minute is needed to believe it: half of twenty or more.
  var isObvious: Bool { invocations >= 20 && 2 * hits >= invocations }
}

/// What both versions did under one weight, or a canary in the bake and its baseline.
struct Stratum: Hashable {
  var canary = Tally.zero
  var stable = Tally.zero
}

/// The rates of both versions over several strata, each weighted as Mantel and Haenszel do: for one stratum they are the
/// plain rates; over several, a change of weight during a bad hour can neither feign nor hide a difference.
struct StandardisedRates {
  /// Sum of e_c n_b / n.
  private(set) var canaryHits = 0.0
  /// Sum of e_b n_c / n.
  private(set) var stableHits = 0.0
  /// Sum of n_c n_b / n.
  private(set) var weight = 0.0

  init(_ strata: some Sequence<Stratum>) {
    for stratum in strata {
      let canary = Double(stratum.canary.invocations)
      let stable = Double(stratum.stable.invocations)
      let total = canary + stable
      guard total > 0 else { continue }
      canaryHits += Double(stratum.canary.hits) * stable / total
      stableHits += Double(stratum.stable.hits) * canary / total
      weight += canary * stable / total
    }
  }

  /// The canary's rate; nil where the two never ran beside each other.
  var canary: Double? { weight > 0 ? canaryHits / weight : nil }
  /// The stable version's.
  var stable: Double? { weight > 0 ? stableHits / weight : nil }

  /// Whether the canary's rate is at least `ratio` times the stable version's.
  func isAtLeast(_ ratio: Double) -> Bool { stableHits == 0 || canaryHits / stableHits >= ratio }
}

extension Sequence<Stratum> {
  /// Whether the canary has enough hits, and at least `ratio` times the stable version's rate.
  func isMaterial(_ ratio: Double) -> Bool {
    Tally.sum(lazy.map(\.canary)).hits >= Trial.fewestHits && StandardisedRates(self).isAtLeast(ratio)
  }
}
