internal import Core

/// A rate limit that calls wait on.
final class TokenBucket: Sendable {
  private let state: Lock<TokenBucketState>
  private let clock: any WallClock

  /// - Parameter limit: calls a second that the service allows.
  init(limit: Double, clock: any WallClock) {
    self.clock = clock
    state = Lock(TokenBucketState(limit: limit, now: clock.now()))
  }

  /// Returns when a call may start.
  ///
  /// - Throws: `CancellationError`.
  func acquire(_ priority: RequestPriority) async throws {
    let ticket = state.withLock { $0.join(priority) }
    while true {
      let decision = state.withLock { $0.ask(ticket, now: clock.now()) }
      guard case .wait(let span) = decision else { return }
      do {
        try await clock.sleep(for: span)
      } catch {
        state.withLock { $0.leave(ticket) }
        throw error
      }
    }
  }

  /// The service refused a call for its rate.
  func throttled() {
    state.withLock { $0.throttled(now: clock.now()) }
  }
}

/// The limits of one account and region, shared by everything in the process.
struct LaneLimiter: Sendable {
  private let buckets: [RateLane: TokenBucket]

  init(clock: any WallClock) {
    var buckets: [RateLane: TokenBucket] = [:]
    for lane in RateLane.allCases {
      if let limit = lane.limit { buckets[lane] = TokenBucket(limit: limit, clock: clock) }
    }
    self.buckets = buckets
  }

  func acquire(_ lane: RateLane, _ priority: RequestPriority) async throws {
    try Task.checkCancellation()
    try await buckets[lane]?.acquire(priority)
  }

  func throttled(_ lane: RateLane) {
    buckets[lane]?.throttled()
  }
}
