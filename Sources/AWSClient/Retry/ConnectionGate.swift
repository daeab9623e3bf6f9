internal import Core

/// Lets a number of calls through at a time; the rest waits in order.
///
/// Requests are signed behind the gate, so that none grows old while it waits for a connection.
final class ConnectionGate: Sendable {
  private struct State {
    var free: Int
    var lastTicket = 0
    var queue: [(ticket: Int, open: CheckedContinuation<Bool, Never>)] = []
    var cancelledEarly: Set<Int> = []
  }

  private let state: Lock<State>

  /// - Parameter width: calls at a time; at least 1.
  init(width: Int) {
    state = Lock(State(free: max(1, width)))
  }

  /// Returns when there is room. ``leave()`` must follow.
  ///
  /// - Throws: `CancellationError`; then nothing must follow.
  func enter() async throws {
    let ticket = state.withLock { state in
      state.lastTicket += 1
      return state.lastTicket
    }
    let entered = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          if state.cancelledEarly.remove(ticket) != nil { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.queue.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        guard let index = state.queue.firstIndex(where: { $0.ticket == ticket }) else {
          state.cancelledEarly.insert(ticket)
          return nil
        }
        return state.queue.remove(at: index).open
      }
      waiting?.resume(returning: false)
    }
    state.withLock { state in _ = state.cancelledEarly.remove(ticket) }
    guard entered else { throw CancellationError() }
  }

  /// Makes room for the next.
  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard state.queue.isEmpty else { return state.queue.removeFirst().open }
      state.free += 1
      return nil
    }
    next?.resume(returning: true)
  }
}
