internal import Core

/// All queues of the account, kept in memory.
///
/// A queue is on disk before anybody is told of it; its messages follow with ``flush()`` some moments later, and when
/// the sandbox stops: a sandbox that is killed may lose the last of them or show them again.
final class QueueStore: Sendable {
  private struct State {
    var queues: [String: QueueRecord]
    /// Queues whose messages have changed since they were written.
    var changed: Set<String> = []
    /// Counts arrivals, for those who wait for one.
    var arrivals = 0
  }

  private let folder: StateFolder
  private let state: Monitor<State>

  /// Loads what an earlier sandbox left in `folder`.
  init(folder: StateFolder) throws(SandboxError) {
    self.folder = folder
    var loaded: [String: QueueRecord] = [:]
    do throws(SystemError) {
      for file in try folder.names() where file.hasSuffix(".json") {
        let name = String(file.dropLast(5))
        let stored = StateFile(folder: folder, name: file)
        guard let bytes = try stored.read(), let json = try? JSON(parsing: bytes),
          let queue = QueueRecord(name, json)
        else { throw stored.incomprehensible }
        loaded[name] = queue
      }
    } catch {
      throw .state(error)
    }
    state = Monitor(State(queues: loaded))
  }

  var isEmpty: Bool { state.read { $0.queues.isEmpty } }

  /// All queues by name in byte order.
  func all() -> [QueueRecord] {
    state.read { $0.queues.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
  }

  func queue(_ name: String) -> QueueRecord? { state.read { $0.queues[name] } }

  /// Changes a queue's settings, makes it or removes it, as one step, and writes it to disk before anybody is told.
  func change(
    _ name: String, _ body: (inout QueueRecord?) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    let outcome = state.update { state -> Result<Void, ServiceError> in
      var queue = state.queues[name]
      do throws(ServiceError) {
        try body(&queue)
        try save(queue, name)
      } catch {
        return .failure(error)
      }
      state.queues[name] = queue
      return .success(())
    }
    try outcome.get()
  }

  /// Changes the messages of a queue as one step; nil when there is none of the name.
  @discardableResult
  func messages<Output>(_ name: String, _ body: (inout QueueRecord) -> Output) -> Output? {
    state.update { state in
      guard var queue = state.queues[name] else { return nil }
      let count = queue.messages.count
      let output = body(&queue)
      if queue.messages.count > count { state.arrivals += 1 }
      state.queues[name] = queue
      state.changed.insert(name)
      return output
    }
  }

  /// Takes up to `limit` messages that can be received, and moves those away that were received too often.
  ///
  /// - Parameters:
  ///   - visibility: for how long nobody else gets them; nil for the queue's own.
  ///   - isHeld: whether they stay with the receiver until it says what became of them.
  func receive(
    _ name: String, limit: Int, visibility: TimeSpan? = nil, isHeld: Bool = false, at now: Timestamp
  ) -> [QueueMessage] {
    state.update { state in
      guard var queue = state.queues[name] else { return [] }
      queue.expire(at: now)
      var taken: [QueueMessage] = []
      var dead: [QueueMessage] = []
      let end = now + (visibility ?? queue.visibility)
      let redrive = queue.redrive
      for index in queue.messages.indices where taken.count < limit {
        var message = queue.messages[index]
        guard !message.isHeld, message.visible <= now else { continue }
        if let redrive, message.received >= redrive.most {
          dead.append(message)
          continue
        }
        message.received += 1
        message.firstReceived = message.firstReceived ?? now
        message.receipt = Identifier.uuid()
        message.visible = end
        message.isHeld = isHeld
        queue.messages[index] = message
        taken.append(message)
      }
      let gone = Set(dead.map(\.id))
      // Into a queue that is gone nothing is moved: it would be lost.
      if let redrive, !dead.isEmpty, var target = state.queues[Self.name(ofARN: redrive.target)] {
        queue.messages.removeAll { gone.contains($0.id) }
        for message in dead { target.messages.append(message.buried(at: now)) }
        state.queues[target.name] = target
        state.changed.insert(target.name)
        state.arrivals += 1
      }
      state.queues[name] = queue
      if !taken.isEmpty || !dead.isEmpty { state.changed.insert(name) }
      return taken
    }
  }

  /// Ends the receipts of messages that were held: some are done with, the others come back in their time.
  ///
  /// - Parameter isUncounted: whether the rest count as never received and can be received at once.
  func release(
    _ name: String, _ held: [QueueMessage], done: Set<String>, isUncounted: Bool = false, at now: Timestamp
  ) {
    let ids = Set(held.map(\.id))
    messages(name) { queue in
      queue.messages.removeAll { ids.contains($0.id) && done.contains($0.id) }
      for index in queue.messages.indices where ids.contains(queue.messages[index].id) {
        queue.messages[index].isHeld = false
        if isUncounted {
          queue.messages[index].received -= 1
          queue.messages[index].visible = now
        }
      }
    }
  }

  /// Waits for a message to arrive anywhere, or until a moment of the machine's monotonic clock.
  ///
  /// - Parameter known: the number of arrivals that were seen already.
  /// - Returns: the present number.
  func waitForArrival(after known: Int, until deadline: Double) -> Int {
    state.wait(until: deadline) { $0.arrivals > known ? $0.arrivals : nil } ?? known
  }

  /// Writes the messages that have changed.
  func flush() throws(SystemError) {
    let changed = state.update { state -> [QueueRecord] in
      defer { state.changed = [] }
      return state.changed.compactMap { state.queues[$0] }
    }
    for queue in changed { try folder.write(Array(queue.json.text().utf8), to: "\(queue.name).json") }
  }

  private func save(_ queue: QueueRecord?, _ name: String) throws(ServiceError) {
    do throws(SystemError) {
      guard let queue else { return try folder.remove("\(name).json") }
      try folder.write(Array(queue.json.text().utf8), to: "\(name).json")
    } catch {
      throw ServiceError(500, "InternalError", "The sandbox \(error)")
    }
  }

  /// The last part of `arn:aws:sqs:region:account:name`.
  static func name(ofARN arn: String) -> String { arn.split(separator: ":").last.map(String.init) ?? "" }
}

extension QueueMessage {
  /// The same as it arrives in a dead letter queue: it keeps its age and its id.
  fileprivate func buried(at now: Timestamp) -> QueueMessage {
    var copy = self
    copy.visible = now
    copy.received = 0
    copy.firstReceived = nil
    copy.receipt = nil
    copy.isHeld = false
    return copy
  }
}
