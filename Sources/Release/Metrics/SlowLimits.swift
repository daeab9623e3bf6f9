internal import AWSClient
internal import Core

/// From which durations on an invocation counts as slow: asked once in a rollout, so that a slow canary cannot move them.
final class SlowLimits: Sendable {
  /// The limits are these percentiles of the stable version's durations in the hour before, times ``margin``.
  static let percentiles = ["p50", "p90", "p99"]
  private static let margin = 1.2

  private let limits = Lock<[VersionMetrics.Subject: [Double]]?>(nil)

  /// The limits of both versions of each function, in milliseconds, the lowest first; none for a function whose stable
  /// version had no traffic in the hour before the rollout.
  func limits(
    of pairs: [(stable: VersionMetrics.Subject, canary: VersionMetrics.Subject)], before start: Timestamp,
    from metrics: VersionMetrics
  ) async throws(AWSError) -> [VersionMetrics.Subject: [Double]] {
    if let known = limits.withLock({ $0 }) { return known }
    let end = start.startOfMinute
    let durations = try await metrics.durations(
      of: pairs.map(\.stable), Self.percentiles, from: end - .minutes(60), to: end)
    var found: [VersionMetrics.Subject: [Double]] = [:]
    for (stable, canary) in pairs {
      guard let durations = durations[stable], durations.allSatisfy({ $0 > 0 }) else { continue }
      let limits = durations.map { ($0 * Self.margin * 100).rounded(.up) / 100 }
      found[stable] = limits
      found[canary] = limits
    }
    limits.withLock { $0 = found }
    return found
  }
}
