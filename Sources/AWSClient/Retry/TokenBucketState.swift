internal import Core

/// The rules of a rate limit, without time or threads of its own.
///
/// In any second at most `capacity + rate` calls may start, so that the two together are kept to the limit:
/// four fifths as rate, one fifth for a burst. A throttle halves the rate, and each second without one gives
/// some back.
struct TokenBucketState: Sendable {
  /// The answer to somebody who wants to start a call.
  enum Decision: Equatable, Sendable {
    case go
    case wait(TimeSpan)
  }

  private struct Waiter {
    let ticket: Int
    let priority: RequestPriority
  }

  /// The part of a limit that is used, so that other tools in the account have room.
  static let share = 0.9
  /// The part of the full rate that comes back in a second.
  static let recovery = 0.05

  let fullRate: Double
  let capacity: Double
  private(set) var rate: Double
  private(set) var tokens: Double
  private var updated: Timestamp
  private var lastThrottle: Timestamp?
  private var queue: [Waiter] = []
  private var lastTicket = 0

  /// - Parameter limit: calls a second that the service allows.
  init(limit: Double, now: Timestamp) {
    fullRate = limit * Self.share
    capacity = max(1, limit * (1 - Self.share))
    rate = fullRate
    tokens = capacity
    updated = now
  }

  /// Takes a place behind all of the same or a higher priority.
  mutating func join(_ priority: RequestPriority) -> Int {
    lastTicket += 1
    let place = queue.firstIndex { $0.priority < priority } ?? queue.endIndex
    queue.insert(Waiter(ticket: lastTicket, priority: priority), at: place)
    return lastTicket
  }

  /// Gives a place up.
  mutating func leave(_ ticket: Int) {
    queue.removeAll { $0.ticket == ticket }
  }

  /// Lets the holder of `ticket` go and ends its place, or says how long to wait before asking again.
  mutating func ask(_ ticket: Int, now: Timestamp) -> Decision {
    refill(now)
    guard let ahead = queue.firstIndex(where: { $0.ticket == ticket }) else { return .go }
    let needed = Double(ahead + 1)
    // A little less than a whole token will do: sums of fractions are never exact.
    guard tokens + 1e-6 < 1 || ahead > 0 else {
      tokens = max(0, tokens - 1)
      queue.remove(at: ahead)
      return .go
    }
    return .wait(.seconds(max(0.001, (needed - tokens) / rate)))
  }

  /// The service refused a call for its rate. Throttles within the same second count once.
  mutating func throttled(now: Timestamp) {
    refill(now)
    tokens = 0
    if let lastThrottle, now - lastThrottle < .seconds(1) { return }
    lastThrottle = now
    rate = max(fullRate / 16, rate / 2)
  }

  private mutating func refill(_ now: Timestamp) {
    let passed = max(0, (now - updated).seconds)
    updated = max(updated, now)
    tokens = min(capacity, tokens + passed * rate)
    rate = min(fullRate, rate + passed * fullRate * Self.recovery)
  }
}
