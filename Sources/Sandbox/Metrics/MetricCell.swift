import Glibc

/// Which counters an invocation belongs to.
struct CounterSeries: Hashable, Sendable {
  let function: String
  /// `f`, `f:alias` or `f:version`: what was called.
  let resource: String
  /// The version that ran, for calls of an alias only.
  let version: String?
}

/// How long invocations took: a histogram whose buckets are 1 % wide, so that its size does not grow with traffic.
struct DurationHistogram: Hashable, Sendable {
  private static let base = log(1.01)

  private(set) var buckets: [Int: Int] = [:]
  private(set) var sum = 0.0
  private(set) var minimum = Double.infinity
  private(set) var maximum = 0.0

  init() {}

  init(buckets: [Int: Int], sum: Double, minimum: Double, maximum: Double) {
    self.buckets = buckets
    self.sum = sum
    self.minimum = minimum
    self.maximum = maximum
  }

  var count: Int { buckets.values.reduce(0, +) }

  mutating func add(_ milliseconds: Double) {
    let value = max(milliseconds, 0.01)
    buckets[Int((log(value) / Self.base).rounded()), default: 0] += 1
    sum += value
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }

  mutating func add(_ other: DurationHistogram) {
    buckets.merge(other.buckets, uniquingKeysWith: +)
    sum += other.sum
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }

  private func value(_ bucket: Int) -> Double { min(max(exp(Double(bucket) * Self.base), minimum), maximum) }

  /// The value below which `percent` of the invocations were.
  func percentile(_ percent: Double) -> Double {
    let rank = max(1, Int((Double(count) * percent / 100).rounded(.up)))
    var seen = 0
    for (bucket, count) in buckets.sorted(by: { $0.key < $1.key }) {
      seen += count
      if seen >= rank { return value(bucket) }
    }
    return maximum
  }

  /// How many were above `low` and at most `high`.
  func count(above low: Double?, upTo high: Double?) -> Int {
    buckets.reduce(0) { sum, entry in
      let value = value(entry.key)
      return value > low ?? -1 && value <= high ?? .infinity ? sum + entry.value : sum
    }
  }
}

/// What happened in one minute of one series.
struct MetricCell: Hashable, Sendable {
  var invocations = 0
  var errors = 0
  var throttles = 0
  var concurrency = 0
  /// The account's concurrency, seen by this series' invocations.
  var accountConcurrency = 0
  var durations = DurationHistogram()

  mutating func add(_ other: MetricCell) {
    invocations += other.invocations
    errors += other.errors
    throttles += other.throttles
    concurrency = max(concurrency, other.concurrency)
    accountConcurrency = max(accountConcurrency, other.accountConcurrency)
    durations.add(other.durations)
  }
}
