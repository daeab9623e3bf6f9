import Glibc

// @unchecked: `state` is touched only while `mutex` is held.

/// A value that only one thread at a time can reach.
///
/// A plain `pthread_mutex_t`: ThreadSanitizer understands it, which it does not of
/// `Synchronization.Mutex` on Linux.
package final class Lock<State>: @unchecked Sendable {
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// Guards `state` from now on.
  package init(_ state: sending State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the state while no other thread can see it. Must not be called from inside `body`.
  package func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }
}
