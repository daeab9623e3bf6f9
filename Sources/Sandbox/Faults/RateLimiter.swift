internal import Core

/// The control plane's rate limits: GetFunction has 100 requests a second of its own, Invoke none, and everything else
/// shares 15. Seconds are the sandbox's own, by which its clients keep to the limits too.
final class RateLimiter: Sendable {
  private struct Bucket {
    let rate: Double
    var tokens: Double
    var filled: Timestamp

    init(rate: Double, now: Timestamp) {
      self.rate = rate
      tokens = rate
      filled = now
    }

    mutating func take(at now: Timestamp) -> Bool {
      tokens = min(rate, tokens + max(0, (now - filled).seconds) * rate)
      filled = max(filled, now)
      guard tokens >= 1 else { return false }
      tokens -= 1
      return true
    }
  }

  private let clock: ScaledClock
  private let buckets: Lock<(shared: Bucket, reading: Bucket)>

  init(clock: ScaledClock) {
    self.clock = clock
    let now = clock.now()
    buckets = Lock((shared: Bucket(rate: 15, now: now), reading: Bucket(rate: 100, now: now)))
  }

  func admits(_ operation: String) -> Bool {
    buckets.withLock { buckets in
      switch operation {
      case "Invoke": true
      case "GetFunction": buckets.reading.take(at: clock.now())
      default: buckets.shared.take(at: clock.now())
      }
    }
  }
}
