import Core
import TestSupport
import Testing

@testable import AWSClient

@Suite("Retries and rates")
struct RetryTests {
  @Test("the quota pays for a hundred retries and is refilled by success")
  func quota() {
    var quota = RetryQuota()
    var paid = 0
    while quota.take(afterTimeout: false) != nil { paid += 1 }
    #expect(paid == 100)
    quota.giveBack(5)
    #expect(quota.tokens == 5)
    #expect(quota.take(afterTimeout: true) == nil)
    for _ in 0..<5 { quota.giveBack(nil) }
    #expect(quota.take(afterTimeout: true) == 10)
    for _ in 0..<1000 { quota.giveBack(nil) }
    #expect(quota.tokens == 500)
  }

  @Test(
    "waits double up to 20 seconds and honour what is asked for",
    arguments: [
      (0, 0.5, nil, 0.5), (1, 0.5, nil, 1), (4, 1, nil, 16), (5, 1, nil, 20), (60, 1, nil, 20),
      (3, 0, nil, 0),
      (0, 0.5, 7, 7), (4, 1, 7, 16), (0, 0.5, 3600, 60),
    ] as [(Int, Double, Double?, Double)])
  func waits(index: Int, random: Double, asked: Double?, expected: Double) throws {
    let policy = try RetryPolicy(environment: [:], profile: nil)
    let wait = policy.wait(beforeRetry: index, random: random, asked: asked.map(TimeSpan.seconds))
    #expect(wait == .seconds(expected))
  }

  @Test(
    "Retry-After is read as seconds, milliseconds and as a date",
    arguments: [
      ([("Retry-After", "3")], 3), ([("x-amz-retry-after", "1500"), ("Retry-After", "9")], 1.5),
      ([("Retry-After", "Fri, 21 Nov 2025 05:49:30 GMT")], 30), ([("Retry-After", "soon")], nil), ([], nil),
    ] as [([(String, String)], Double?)])
  func asked(headers: [(String, String)], expected: Double?) throws {
    let now = try #require(Timestamp(iso8601: "2025-11-21T05:49:00Z"))
    #expect(RetryPolicy.asked(HTTPHeaders(headers), now: now) == expected.map(TimeSpan.seconds))
  }

  @Test("the number of attempts can be set, and nonsense is refused")
  func attempts() throws {
    #expect(try RetryPolicy(environment: ["AWS_MAX_ATTEMPTS": "5"], profile: nil).maxAttempts == 5)
    #expect(try RetryPolicy(environment: [:], profile: nil).maxAttempts == 3)
    for text in ["0", "-1", "many"] {
      #expect(throws: AWSError.self) {
        try RetryPolicy(environment: ["AWS_MAX_ATTEMPTS": text], profile: nil)
      }
    }
  }

  /// Lets `count` callers through one after the other and returns the moments at which each went.
  private func drain(_ state: inout TokenBucketState, _ count: Int, from start: Double = 0) -> [Double] {
    var now = start
    return (0..<count).map { _ in
      let ticket = state.join(.normal)
      while case .wait(let span) = state.ask(ticket, now: Timestamp(seconds: now)) { now += span.seconds }
      return now
    }
  }

  @Test("no second holds more calls than the service allows", arguments: [15.0, 100])
  func limit(limit: Double) {
    var state = TokenBucketState(limit: limit, now: Timestamp(seconds: 0))
    let moments = drain(&state, 500)
    for moment in moments {
      let inSecond = moments.filter { $0 >= moment && $0 < moment + 1 }.count
      #expect(inSecond <= Int(limit) + 1)
    }
    let end = moments.last ?? 0
    #expect(abs(end - 500 / (limit * 0.9)) < 1)
  }

  @Test("a throttle halves the rate once a second, and it recovers")
  func throttle() {
    var state = TokenBucketState(limit: 15, now: Timestamp(seconds: 0))
    state.throttled(now: Timestamp(seconds: 10))
    #expect(state.rate == 6.75)
    state.throttled(now: Timestamp(seconds: 10.5))
    #expect(state.rate > 5.9)
    state.throttled(now: Timestamp(seconds: 11.5))
    #expect(state.rate < 4)
    for second in 12..<100 { state.throttled(now: Timestamp(seconds: Double(second) * 2)) }
    #expect(state.rate >= 12.0 / 16)
    _ = drain(&state, 1, from: 1000)
    #expect(state.rate == 13.5)
  }

  @Test("a rollback goes before everybody who waits already")
  func priority() {
    var state = TokenBucketState(limit: 15, now: Timestamp(seconds: 0))
    _ = drain(&state, 3)
    let normal = (0..<5).map { _ in state.join(.normal) }
    let first = state.join(.rollback)
    let second = state.join(.rollback)
    var order: [Int] = []
    var now = 0.0
    while order.count < 7 {
      now += 0.01
      for ticket in normal + [second, first] where !order.contains(ticket) {
        if state.ask(ticket, now: Timestamp(seconds: now)) == .go { order.append(ticket) }
      }
    }
    #expect(order == [first, second] + normal)
  }

  @Test("who leaves the queue makes room")
  func leaving() {
    var state = TokenBucketState(limit: 5, now: Timestamp(seconds: 0))
    _ = drain(&state, 1)
    let gone = state.join(.normal)
    let stays = state.join(.normal)
    state.leave(gone)
    #expect(state.ask(stays, now: Timestamp(seconds: 0.26)) == .go)
  }

  @Test("a cancelled wait ends at once")
  func cancelledWait() async throws {
    let bucket = TokenBucket(limit: 0.001, clock: SystemClock())
    try await bucket.acquire(.normal)
    let task = Task { try await bucket.acquire(.normal) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("a gate lets only so many through, in order, and forgets who gave up")
  func gate() async throws {
    let gate = ConnectionGate(width: 2)
    try await gate.enter()
    try await gate.enter()
    let entered = Lock([Int]())
    let impatient = Task { try await gate.enter() }
    let patient = Task {
      try await gate.enter()
      entered.withLock { $0.append(1) }
    }
    impatient.cancel()
    await #expect(throws: CancellationError.self) { try await impatient.value }
    #expect(entered.withLock { $0.isEmpty })
    gate.leave()
    try await patient.value
    #expect(entered.withLock { $0 } == [1])
    gate.leave()
    gate.leave()
    try await gate.enter()
    try await gate.enter()
  }
}
