internal import Core

/// The budget of retries of a process: when most calls fail, more of them do not help.
///
/// The numbers are those of the standard retry mode of AWS's clients.
struct RetryQuota: Sendable {
  static let capacity = 500
  static let costOfRetry = 5
  static let costAfterTimeout = 10

  private(set) var tokens = capacity

  /// Takes the price of one retry; nil when there is not enough left.
  mutating func take(afterTimeout: Bool) -> Int? {
    let cost = afterTimeout ? Self.costAfterTimeout : Self.costOfRetry
    guard tokens >= cost else { return nil }
    tokens -= cost
    return cost
  }

  /// Gives back what the last retry of a call that then succeeded has taken, or 1 for a call without retries.
  mutating func giveBack(_ taken: Int?) {
    tokens = min(Self.capacity, tokens + (taken ?? 1))
  }
}
