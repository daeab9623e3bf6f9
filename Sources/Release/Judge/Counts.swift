/// How often a version was invoked and how often that failed.
package struct Counts: Hashable, Sendable {
  /// Invocations, 0 to 2^40 in one minute.
  package let invocations: Int
  /// What CloudWatch has counted as errors, 0 to ``invocations``; nil where it has no point, which counts as none but
  /// is another thing: rule 4 looks for series that are missing.
  package let errorPoint: Int?

  /// Invocations that ended in an error, 0 to ``invocations``.
  package var errors: Int { errorPoint ?? 0 }

  /// Nothing at all.
  package static let zero = Counts(invocations: 0, errors: nil)

  /// The most that one minute can hold; sums of minutes then stay far from overflow.
  static let largest = 1 << 40

  /// Values outside 0 to 2^40 are moved to the nearer end. Points arrive late, and in any order: errors beyond the
  /// invocations count as many as there are invocations.
  ///
  /// - Parameter errors: nil where there is no point.
  package init(invocations: Int, errors: Int?) {
    let invocations = min(max(invocations, 0), Self.largest)
    self.invocations = invocations
    errorPoint = errors.map { min(max($0, 0), invocations) }
  }

  /// A sum, which may be larger than what one minute can hold.
  init(summed invocations: Int, _ errorPoint: Int?) {
    self.invocations = invocations
    self.errorPoint = errorPoint
  }

  /// The sum; it has a point for errors if one of the two has.
  package static func + (a: Counts, b: Counts) -> Counts {
    let hasPoint = a.errorPoint != nil || b.errorPoint != nil
    return Counts(summed: a.invocations + b.invocations, hasPoint ? a.errors + b.errors : nil)
  }

  /// The sum of many.
  package static func sum(_ counts: some Sequence<Counts>) -> Counts { counts.reduce(.zero, +) }

  /// Errors per invocation; nil without invocations.
  package var rate: Double? { invocations > 0 ? Double(errors) / Double(invocations) : nil }

  /// The part of all invocations that `canary` had; nil where there is none.
  static func share(_ canary: Counts, _ stable: Counts) -> Double? {
    let total = canary.invocations + stable.invocations
    return total > 0 ? Double(canary.invocations) / Double(total) : nil
  }
}

/// A count kept apart by version, such as slow invocations.
package struct Split: Hashable, Sendable {
  /// The canary's.
  package let canary: Int
  /// The stable version's.
  package let stable: Int

  /// Negative values count as none.
  package init(canary: Int, stable: Int) {
    self.canary = min(max(canary, 0), Counts.largest)
    self.stable = min(max(stable, 0), Counts.largest)
  }
}
