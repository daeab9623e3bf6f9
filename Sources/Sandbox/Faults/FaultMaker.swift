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
  var permissionDelay: TimeSpan? { state.withLock { $0.faults.permissionDelay } }

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
        case .deny(let rate) where draw < rate:
          plan.error = ServiceError(
            403, "AccessDeniedException", "The sandbox was told to deny \(operation): not authorized")
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
