extension ReleaseReport {
  /// Adds what became of another release of the same run; what is worse decides.
  mutating func join(_ other: ReleaseReport) {
    let order: [Outcome] = [
      .unchanged, .updated, .published, .promoted, .detached, .held, .rolledBack, .failed,
    ]
    let isFirst = functions.isEmpty
    func rank(_ outcome: Outcome) -> Int { order.firstIndex(of: outcome) ?? 0 }
    functions = (functions + other.functions).sorted { a, b in
      a.function.utf8.lexicographicallyPrecedes(b.function.utf8)
    }
    if isFirst || rank(other.outcome) > rank(outcome) { outcome = other.outcome }
    release = [release, other.release].compactMap { $0 }.max()
    verdict = isFirst ? other.verdict : nil
    evidence = evidence?.joined(with: other.evidence) ?? other.evidence
    error = error ?? other.error
    warnings += other.warnings
    wasInterrupted = wasInterrupted || other.wasInterrupted
    hasMovedTraffic = hasMovedTraffic || other.hasMovedTraffic
  }
}
