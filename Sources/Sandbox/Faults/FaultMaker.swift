internal import Core
import Glibc

/// Decides call by call which fault to make.
final class FaultMaker: Sendable {
  /// What is to happen to a call.
  struct Plan {
    var error: ServiceError?
    var dropsRequest = false
    var dropsAnswer = false
  }

  private struct State {
    var faults: SandboxFaults
    var random: SplitMix
  }

  private let state: Lock<State>

  init(_ faults: SandboxFaults, seed: UInt64?) {
    state = Lock(State(faults: faults, random: SplitMix(seed: seed ?? UInt64.random(in: 0 ... .max))))
  }

  var metricsDelay: TimeSpan? { state.withLock { $0.faults.metricsDelay } }

  func replace(_ faults: SandboxFaults) { state.withLock { $0.faults = faults } }

  /// Waits if the operation is to be slow, and says what else is to go wrong.
  func plan(for operation: String) -> Plan {
    var plan = Plan()
    var pause = 0.0
    state.withLock { state in
      for rule in state.faults.rules where rule.operation == "*" || rule.operation == operation {
        let draw = Double.random(in: 0..<1, using: &state.random)
        switch rule.kind {
        case .error(let rate) where draw < rate:
          plan.error = ServiceError(500, "ServiceException", "The sandbox was told to fail \(operation)")
        case .throttle(let rate) where draw < rate: plan.error = .throttled()
        case .slow(let span): pause += span.seconds
        case .drop(let rate) where draw < rate: plan.dropsRequest = true
        case .loseAnswer(let rate) where draw < rate: plan.dropsAnswer = true
        default: break
        }
      }
    }
    if pause > 0 { usleep(UInt32(min(pause, 3_600) * 1e6)) }
    return plan
  }
}

/// The control plane's rate limits, in real time: GetFunction has 100 requests a second of its own, Invoke none, and
/// everything else shares 15.
final class RateLimiter: Sendable {
  private struct Bucket {
    let rate: Double
    var tokens: Double
    var filled = Monotonic.now()

    init(rate: Double) {
      self.rate = rate
      tokens = rate
    }

    mutating func take() -> Bool {
      let now = Monotonic.now()
      tokens = min(rate, tokens + (now - filled) * rate)
      filled = now
      guard tokens >= 1 else { return false }
      tokens -= 1
      return true
    }
  }

  private let buckets = Lock((shared: Bucket(rate: 15), reading: Bucket(rate: 100)))

  func admits(_ operation: String) -> Bool {
    switch operation {
    case "Invoke": true
    case "GetFunction": buckets.withLock { $0.reading.take() }
    default: buckets.withLock { $0.shared.take() }
    }
  }
}
