internal import AWSClient
internal import Core

/// From which duration on an invocation counts as slow: asked once in a rollout, so that a slow canary cannot move it.
final class SlowLimits: Sendable {
  /// The limit is the stable version's 99th percentile of the hour before times this.
  private static let margin = 1.2

  private let limits = Lock<[VersionMetrics.Subject: Double]?>(nil)

  /// The limits of both versions of each function, in milliseconds; none for a function whose stable version had no
  /// traffic in the hour before the rollout.
  func limits(
    of pairs: [(stable: VersionMetrics.Subject, canary: VersionMetrics.Subject)], before start: Timestamp,
    from metrics: VersionMetrics
  ) async throws(AWSError) -> [VersionMetrics.Subject: Double] {
    if let known = limits.withLock({ $0 }) { return known }
    let end = start.startOfMinute
    let slowest = try await metrics.slowest(of: pairs.map(\.stable), from: end - .minutes(60), to: end)
    var found: [VersionMetrics.Subject: Double] = [:]
    for (stable, canary) in pairs {
      guard let duration = slowest[stable], duration > 0 else { continue }
      let limit = (duration * Self.margin * 100).rounded(.up) / 100
      found[stable] = limit
      found[canary] = limit
    }
    limits.withLock { $0 = found }
    return found
  }
}
