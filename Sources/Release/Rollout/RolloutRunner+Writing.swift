internal import AWSClient
internal import Core

extension RolloutRunner {
  /// Writes a record for each of some targets; each target that was written is remembered as it then is, also when others
  /// fail. Once the run was told to stop its writes are those that make the traffic safe, and nothing cancels them.
  ///
  /// - Returns: what that means for the rollout where not all are written; nil where they are.
  mutating func write(
    _ chosen: [RolloutTarget], priority: RequestPriority = .normal,
    _ record: (RolloutTarget) -> RolloutRecord
  ) async -> RolloutMachine.Event? {
    guard !chosen.isEmpty else { return nil }
    let writes = chosen.map { (target: $0, record: record($0)) }
    let writer = writer
    // A cancelled task ends every call at its first await; one of its own does not.
    let isShielded = machine.isStopped || priority == .rollback || machine.isDecided
    let outcomes =
      isShielded
      ? await Task { await writer.write(writes, priority: priority) }.value
      : await writer.write(writes, priority: priority)
    let event = take(outcomes)
    let written = Set(chosen.map(\.function))
    await deadMan?.arm(targets.filter { written.contains($0.function) && $0.isOurs && isGuarded($0) })
    return event
  }

  /// Takes in what became of writes and readings.
  ///
  /// - Returns: the worst of it; nil where all is well.
  mutating func take(_ outcomes: [AliasWriter.Outcome]) -> RolloutMachine.Event? {
    var event: RolloutMachine.Event?
    for outcome in outcomes {
      switch outcome {
      case .written(let target):
        replace(target)
        failures[target.function] = nil
        journal.tell(.serves(target.function, target.known.present.shares))
      case .failed(let target, let error):
        replace(target)
        event = event ?? .failed
        // Of a release that only goes forward, or back, every write is tried again.
        if machine.isDecided {
          failures[target.function] = error
        } else if !Task.isCancelled || machine.isStopped {
          journal.tell(.failed(target.function, error))
        }
      case .foreign(var target, let seen, let hand):
        target.foreign = hand
        replace(target)
        journal.tell(.serves(target.function, seen?.alias.shares ?? [:]))
        let error = hand.error(
          function: target.function, alias: writer.alias, hasBegun: machine.hasBegun)
        journal.tell(.failed(target.function, error))
        if case .otherRun = hand { event = .lost } else if event != .lost { event = .touched }
      }
    }
    return event
  }

  private mutating func replace(_ target: RolloutTarget) {
    guard let index = targets.firstIndex(where: { $0.function == target.function }) else { return }
    targets[index] = target
  }

  /// Whether its traffic is to go back where no run looks after it any more. What is decided without a bake only goes
  /// forward.
  private func isGuarded(_ target: RolloutTarget) -> Bool {
    if case .passed = machine.phase { return false }
    return target.isLookedAfter && !(target.record.state == .commit && settings.bake <= .zero)
  }

  /// `record` with this run's name and a fresh lease; without one where the run ends with this write.
  func leased(_ record: RolloutRecord, at now: Timestamp) -> RolloutRecord {
    var record = record
    record.release = release
    record.functions = max(record.functions, targets.count)
    record.owner = owner
    record.leaseEnd =
      machine.settings.extent == .oneLook
      ? nil : Timestamp(seconds: (now + RolloutRecord.leaseLength).seconds.rounded(.down))
    return record
  }
}
