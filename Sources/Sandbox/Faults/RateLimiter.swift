internal import Core

/// The control planes' rate limits: of Lambda, GetFunction has 100 requests a second of its own, Invoke none, and
/// everything else shares 15; API Gateway takes 10, and a deployment in 5 seconds. Seconds are the sandbox's own, by
/// which its clients keep to the limits too.
final class RateLimiter: Sendable {
  private struct Bucket {
    let rate: Double
    var tokens: Double
    var filled: Timestamp

    init(rate: Double, now: Timestamp) {
      self.rate = rate
      tokens = max(1, rate)
      filled = now
    }

    mutating func take(at now: Timestamp) -> Bool {
      tokens = min(max(1, rate), tokens + max(0, (now - filled).seconds) * rate)
      filled = max(filled, now)
      guard tokens >= 1 else { return false }
      tokens -= 1
      return true
    }
  }

  private enum Lane: Hashable {
    case lambda, reading, apiGateway, deployments

    /// Requests a second.
    var rate: Double {
      switch self {
      case .lambda: 15
      case .reading: 100
      case .apiGateway: 10
      case .deployments: 0.2
      }
    }

    init?(_ operation: String, of service: String) {
      switch (service, operation) {
      case ("lambda", "Invoke"): return nil
      case ("lambda", "GetFunction"): self = .reading
      case ("lambda", _): self = .lambda
      case ("apigateway", "CreateDeployment"): self = .deployments
      case ("apigateway", _): self = .apiGateway
      default: return nil
      }
    }
  }

  private let clock: ScaledClock
  private let buckets = Lock<[Lane: Bucket]>([:])

  init(clock: ScaledClock) {
    self.clock = clock
  }

  func admits(_ operation: String, of service: String) -> Bool {
    guard let lane = Lane(operation, of: service) else { return true }
    let now = clock.now()
    return buckets.withLock { buckets in
      buckets[lane, default: Bucket(rate: lane.rate, now: now)].take(at: now)
    }
  }
}
