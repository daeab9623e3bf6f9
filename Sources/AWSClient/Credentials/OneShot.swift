internal import Core

/// A value that arrives once, from whoever is first to deliver it; one task waits for it.
final class OneShot<Value: Sendable>: Sendable {
  private enum State {
    case empty
    case waiting(CheckedContinuation<Value, Never>)
    case delivered(Value)
    case over
  }

  private let state: Lock<State>

  init() {
    state = Lock(.empty)
  }

  /// Hands the value over; later ones are dropped.
  func deliver(_ value: Value) {
    let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
      switch state {
      case .empty:
        state = .delivered(value)
        return nil
      case .waiting(let continuation):
        state = .over
        return continuation
      case .delivered, .over:
        return nil
      }
    }
    waiting?.resume(returning: value)
  }

  /// Waits for the value. To be called once.
  func value() async -> Value {
    await withCheckedContinuation { continuation in
      let delivered = state.withLock { state -> Value? in
        guard case .delivered(let value) = state else {
          state = .waiting(continuation)
          return nil
        }
        state = .over
        return value
      }
      if let delivered { continuation.resume(returning: delivered) }
    }
  }
}
