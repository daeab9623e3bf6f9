import Glibc

// @unchecked: `remaining` is touched only while `mutex` is held.

/// A gate that opens for blocked threads once it has been counted down to zero.
public final class Latch: @unchecked Sendable {
  private var remaining: Int
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  /// Opens after `count` calls of ``countDown()``; is open from the start for 0.
  public init(count: Int) {
    remaining = count
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Takes one off the count.
  public func countDown() {
    pthread_mutex_lock(mutex)
    remaining -= 1
    if remaining <= 0 { pthread_cond_broadcast(condition) }
    pthread_mutex_unlock(mutex)
  }

  /// Blocks the calling thread until the count is zero.
  public func wait() {
    pthread_mutex_lock(mutex)
    while remaining > 0 { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}
