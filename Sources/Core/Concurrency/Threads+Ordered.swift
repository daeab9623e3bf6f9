extension Threads {
  /// Results on their way from the threads that make them to the one place that takes them in order.
  private struct Line<Output> {
    /// The next index to be made.
    var next = 0
    /// The next index to be taken.
    var taken = 0
    var waiting: [Int: Output] = [:]
    var isTaking = false
    var isEnded = false
  }

  private enum Step<Output> {
    case make(Int)
    case take(Int, Output)
    case end
  }

  /// Makes something for every index below `count` on up to `workers` threads, and has it taken in the order of the
  /// indices, one at a time, by whichever thread has time. Blocks the calling thread.
  ///
  /// - Parameters:
  ///   - window: the most results that are made ahead of the one that is taken next: what bounds the memory.
  ///   - state: makes what one thread alone uses, such as buffers.
  ///   - make: makes the result for an index.
  ///   - take: takes it.
  /// - Throws: the failure of the lowest index that has one; nothing after it is taken.
  package static func inOrder<State, Output: Sendable, Failure: Error>(
    count: Int, workers: Int, window: Int, state: @escaping @Sendable () -> State,
    make: @escaping @Sendable (inout State, Int) throws(Failure) -> Output,
    take: @escaping @Sendable (Int, Output) throws(Failure) -> Void
  ) throws(Failure) {
    let line = Monitor(Line<Result<Output, Failure>>())
    let failure = Lock<Failure?>(nil)
    let window = max(window, workers)
    forEach(count: max(1, min(workers, count)), workers: workers) { _ in
      var own = state()
      while true {
        switch step(line, count: count, window: window) {
        case .end: return
        case .make(let index):
          let result: Result<Output, Failure>
          do throws(Failure) { result = .success(try make(&own, index)) } catch { result = .failure(error) }
          line.update { $0.waiting[index] = result }
        case .take(let index, let result):
          var error: Failure?
          do throws(Failure) { try take(index, try result.get()) } catch let caught { error = caught }
          if let error { failure.withLock { $0 = error } }
          line.update { line in
            line.isTaking = false
            line.taken = index + 1
            line.isEnded = error != nil || line.taken == count
          }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// What a thread is to do next: take what is ready before making more of it.
  private static func step<Output>(_ line: Monitor<Line<Output>>, count: Int, window: Int) -> Step<Output> {
    line.wait { line in
      if line.isEnded || line.taken >= count { return .end }
      if !line.isTaking, let output = line.waiting.removeValue(forKey: line.taken) {
        line.isTaking = true
        return .take(line.taken, output)
      }
      guard line.next < count, line.next < line.taken + window else { return nil }
      defer { line.next += 1 }
      return .make(line.next)
    }
  }
}
