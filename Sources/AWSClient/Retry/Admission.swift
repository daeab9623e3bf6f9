internal import Core

/// When a request may leave: the account's rates, and a number of requests to each host at a time.
final class Admission: Sendable {
  private let limiter: LaneLimiter
  private let gates = Lock([String: ConnectionGate]())
  private let turnstiles: [RateLane: ConnectionGate]
  private let parallel: Int

  /// - Parameter parallel: requests at a time to one host.
  init(parallel: Int, clock: any WallClock) {
    self.parallel = parallel
    limiter = LaneLimiter(clock: clock)
    turnstiles = Dictionary(uniqueKeysWithValues: RateLane.allCases.map { ($0, ConnectionGate(width: 1)) })
  }

  /// Returns when a request may leave. The gate, if there is one, must be left when it is over.
  ///
  /// Taking traffic back waits for the rate and for nobody else; the transport keeps spare connections for
  /// it.
  ///
  /// - Throws: `CancellationError`.
  func enter(_ lane: RateLane, _ priority: RequestPriority, host: String) async throws -> ConnectionGate? {
    guard priority < .rollback else {
      try await limiter.acquire(lane, priority)
      return nil
    }
    let gate = gate(for: host)
    guard lane != .unlimited, let turnstile = turnstiles[lane] else {
      try await gate.enter()
      return gate
    }
    // One at a time of each lane: if many took their leave of the rate limit and then stood at a gate that
    // is shut, they would all start at once when it opens.
    try await turnstile.enter()
    defer { turnstile.leave() }
    try await limiter.acquire(lane, priority)
    try await gate.enter()
    return gate
  }

  /// The service refused a call for its rate.
  func throttled(_ lane: RateLane) { limiter.throttled(lane) }

  private func gate(for host: String) -> ConnectionGate {
    gates.withLock { gates in
      if let gate = gates[host] { return gate }
      let gate = ConnectionGate(width: parallel)
      gates[host] = gate
      return gate
    }
  }
}
