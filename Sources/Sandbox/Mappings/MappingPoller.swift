internal import Core

/// Reads the queues that mappings name, and takes batches to the functions: the version is chosen by chance for each
/// batch, as for each invocation.
final class MappingPoller: Sendable {
  /// Batches of one mapping at a time, unless it says otherwise.
  private static let concurrency = 5
  /// Real seconds between two looks at the queues when nothing arrives.
  private static let round = 0.05

  private struct State {
    var isStopping = false
    /// The loop and the batches under way.
    var threads = 0
    /// Batches under way by mapping.
    var running: [String: Int] = [:]
  }

  private let functions: FunctionStore
  private let queues: QueueStore
  private let router: InvocationRouter
  private let clock: ScaledClock
  private let arns: ARNs
  private let log: @Sendable (String) -> Void
  private let state = Monitor(State())

  init(
    functions: FunctionStore, queues: QueueStore, router: InvocationRouter, clock: ScaledClock, arns: ARNs,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.functions = functions
    self.queues = queues
    self.router = router
    self.clock = clock
    self.arns = arns
    self.log = log
  }

  /// Begins; returns at once.
  func start() {
    state.update { $0.threads += 1 }
    Threads.detach { [self] in
      var arrivals = 0
      while !state.read({ $0.isStopping }) {
        let isBusy = !queues.isEmpty && poll()
        // With batches under way a place may become free at any moment.
        let seen = queues.waitForArrival(
          after: isBusy ? .max : arrivals, until: Monotonic.now() + Self.round)
        if !isBusy { arrivals = seen }
      }
      state.update { $0.threads -= 1 }
    }
  }

  /// Ends, and waits for what is under way; environments must be ended at the same time.
  func stop(patience: Double = 5) {
    state.update { $0.isStopping = true }
    _ = state.wait(until: Monotonic.now() + patience) { $0.threads == 0 ? true : nil }
  }

  /// Starts every batch that is due.
  ///
  /// - Returns: whether any is under way.
  private func poll() -> Bool {
    for record in functions.all(at: clock.now()) {
      for mapping in record.mappings where mapping.isReading {
        guard let source = mapping.source, source.hasPrefix(arns.arn("sqs", "")) else { continue }
        start(QueueMapping(mapping, function: record.name, queue: QueueStore.name(ofARN: source)))
      }
    }
    return state.read { !$0.running.isEmpty }
  }

  private func start(_ mapping: QueueMapping) {
    while true {
      let now = clock.now()
      guard let queue = queues.queue(mapping.queue), mapping.isDue(queue, at: now), enter(mapping) else {
        return
      }
      let batch = queues.receive(mapping.queue, limit: mapping.batchSize, isHeld: true, at: now)
      guard !batch.isEmpty else { return leave(mapping) }
      Threads.detach { [self] in
        run(mapping, batch)
        leave(mapping)
      }
    }
  }

  private func enter(_ mapping: QueueMapping) -> Bool {
    state.update { state in
      let running = state.running[mapping.uuid] ?? 0
      guard !state.isStopping, running < mapping.maximumConcurrency ?? Self.concurrency else { return false }
      state.running[mapping.uuid] = running + 1
      state.threads += 1
      return true
    }
  }

  private func leave(_ mapping: QueueMapping) {
    state.update { state in
      state.threads -= 1
      let left = (state.running[mapping.uuid] ?? 1) - 1
      state.running[mapping.uuid] = left > 0 ? left : nil
    }
  }

  /// Takes one batch to the function, and the messages back that it did not get done with.
  private func run(_ mapping: QueueMapping, _ batch: [QueueMessage]) {
    let wanted = batch.filter(mapping.wants)
    let unwanted = batch.filter { message in !wanted.contains { $0.id == message.id } }
    queues.release(mapping.queue, unwanted, done: Set(unwanted.map(\.id)), at: clock.now())
    guard !wanted.isEmpty else { return }
    let event = mapping.event(wanted, arns: arns)
    let call = InvocationRouter.Call(
      function: mapping.function, qualifier: mapping.qualifier, payload: Array(event.text().utf8))
    do throws(ServiceError) {
      let answer = try router.invoke(call)
      let failed = answer.outcome.isError ? nil : mapping.failures(in: answer.outcome.payload, of: wanted)
      let done = failed.map { failed in Set(wanted.map(\.id)).subtracting(failed) } ?? []
      queues.release(mapping.queue, wanted, done: done, at: clock.now())
      log(
        "mapping \(mapping.queue) \(mapping.function) version \(answer.version): \(done.count) of \(wanted.count) done"
      )
    } catch {
      // Beyond its concurrency a function loses receipts, as on AWS; what was never run does not count.
      queues.release(
        mapping.queue, wanted, done: [], isUncounted: error.status != 429, at: clock.now())
      log("mapping \(mapping.queue) \(mapping.function) \(error.status) \(error.code): \(error.message)")
    }
  }
}
