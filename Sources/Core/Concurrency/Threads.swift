import Glibc

/// Blocking work on threads of its own.
///
/// Swift's global pool has one thread per core; work that blocks there makes every timer and
/// network answer late.
package enum Threads {
  /// Runs `body` on a thread that does nothing else meanwhile, and returns at once.
  package static func detach(_ body: @escaping @Sendable () -> Void) {
    if !idle.take(body) { start(body) }
  }

  private static let idle = IdleThreads()

  /// Runs `body`, and what comes after it, on a new detached thread.
  private static func start(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(ThreadBody(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
        while let next = Threads.idle.next() { next() }
        return nil
      }, box.toOpaque())
    if code != 0 {
      // No thread to be had: late is better than never.
      box.takeRetainedValue().run()
    }
  }

  /// Runs `body` on a thread of its own and waits for it without holding a thread of the global pool.
  ///
  /// - Throws: what `body` throws.
  package static func run<Success: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Success
  ) async throws(Failure) -> Success {
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Success, Failure>, Never>) in
      detach { continuation.resume(returning: Result(catching: body)) }
    }
    return try result.get()
  }

  /// Calls `body` once for every index below `count`, on up to `workers` threads, and returns when all are done.
  ///
  /// Blocks the calling thread. Indices are handed out in ascending order.
  package static func forEach(
    count: Int, workers: Int, _ body: @escaping @Sendable (_ index: Int) -> Void
  ) {
    let next = Lock(0)
    let work: @Sendable () -> Void = {
      while true {
        let index = next.withLock { next in
          defer { next += 1 }
          return next
        }
        guard index < count else { return }
        body(index)
      }
    }
    let helpers = max(0, min(workers, count) - 1)
    let done = Latch(count: helpers)
    for _ in 0..<helpers {
      detach {
        work()
        done.countDown()
      }
    }
    work()
    done.wait()
  }

  /// What `body` makes of every index below `count`, in the order of the indices: made as by
  /// ``forEach(count:workers:_:)``.
  package static func map<Output: Sendable>(
    count: Int, workers: Int, _ body: @escaping @Sendable (_ index: Int) -> Output
  ) -> [Output] {
    let outputs = Lock([Output?](repeating: nil, count: count))
    forEach(count: count, workers: workers) { index in
      let output = body(index)
      outputs.withLock { $0[index] = output }
    }
    return outputs.withLock { $0.compactMap { $0 } }
  }

  /// Number of processors this process may use; at least 1.
  package static let processorCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}
