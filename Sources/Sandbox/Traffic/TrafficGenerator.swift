internal import Core
import Glibc

/// Sends steady traffic through the same way that Invoke takes; only metrics and logs show it.
final class TrafficGenerator: Sendable {
  /// The most invocations of one source that may be under way; beyond it the rate is not kept up.
  private static let limit = 16
  /// The most invocations in a second outside: what one machine's processes can answer.
  private static let mostPerSecond = 200.0

  private struct State {
    var isStopping = false
    var running = 0
    var threads = 0
    /// Invocations that a worker may take up.
    var queued = 0
    var next = 0
  }

  private let source: TrafficSource
  private let router: InvocationRouter
  private let store: FunctionStore
  private let clock: ScaledClock
  private let state = Monitor(State())

  init(_ source: TrafficSource, router: InvocationRouter, store: FunctionStore, clock: ScaledClock) {
    self.source = source
    self.router = router
    self.store = store
    self.clock = clock
  }

  /// Begins; returns at once.
  func start() {
    guard source.ratePerSecond > 0 else { return }
    state.update { $0.threads += 1 }
    Threads.detach { [self] in
      dispatch()
      state.update { $0.threads -= 1 }
    }
  }

  /// Ends, and waits until nothing is under way; environments must be ended at the same time.
  func stop(patience: Double = 5) {
    state.update { $0.isStopping = true }
    _ = state.wait(until: Monotonic.now() + patience) { $0.threads == 0 ? true : nil }
  }

  /// Releases an invocation at each of its moments, whether or not earlier ones have ended.
  private func dispatch() {
    let interval = 1 / min(source.ratePerSecond * clock.speed, Self.mostPerSecond)
    var due = Monotonic.now()
    while pause(until: due) {
      guard store.function(source.functionName, at: clock.now())?.alias(source.alias) != nil else {
        due = Monotonic.now() + 0.1
        continue
      }
      release()
      // After a long halt the missed ones are not made up for.
      due = max(due + interval, Monotonic.now() - 10 * interval)
    }
  }

  /// False when stopping.
  private func pause(until due: Double) -> Bool {
    while true {
      let left = due - Monotonic.now()
      let isStopping = state.wait(until: due) { $0.isStopping ? true : nil } ?? false
      if isStopping { return false }
      if left <= 0 || Monotonic.now() >= due { return true }
    }
  }

  private func release() {
    let needsThread = state.update { state in
      guard state.running + state.queued < Self.limit else { return false }
      state.queued += 1
      guard state.threads - 1 < state.running + state.queued else { return false }
      state.threads += 1
      return true
    }
    guard needsThread else { return }
    Threads.detach { [self] in
      work()
      state.update { $0.threads -= 1 }
    }
  }

  /// Takes up invocations until none comes for a while.
  private func work() {
    while let index = state.wait(
      until: Monotonic.now() + 5,
      { state -> Int?? in
        if state.isStopping { return .some(nil) }
        guard state.queued > 0 else { return nil }
        state.queued -= 1
        state.running += 1
        state.next += 1
        return .some(state.next - 1)
      }) ?? nil
    {
      let payload = source.events.isEmpty ? Array("{}".utf8) : source.events[index % source.events.count]
      _ = try? router.invoke(
        .init(function: source.functionName, qualifier: source.alias, payload: payload))
      state.update { $0.running -= 1 }
    }
  }
}
