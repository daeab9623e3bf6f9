/// Threads that have done their work and wait for more: to make one takes as long as many a file that one is for.
final class IdleThreads: Sendable {
  /// Threads that wait at most; one more ends.
  private static let limit = 16

  private struct State {
    /// Waiting threads that no body is meant for yet.
    var free = 0
    /// What waiting threads are to run, one each.
    var bodies: [@Sendable () -> Void] = []
  }

  private let state = Monitor(State())

  /// Has a waiting thread run `body`; false when none waits.
  func take(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard state.read({ $0.free > 0 }) else { return false }
    return state.update { state in
      guard state.free > 0 else { return false }
      state.free -= 1
      state.bodies.append(body)
      return true
    }
  }

  /// Waits for what the calling thread is to run next; nil when enough wait already.
  func next() -> (@Sendable () -> Void)? {
    let waits = state.read { state in
      guard state.free < Self.limit else { return false }
      state.free += 1
      return true
    }
    return waits ? state.wait { $0.bodies.popLast() } : nil
  }
}
