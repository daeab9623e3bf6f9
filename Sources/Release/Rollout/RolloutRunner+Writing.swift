internal import AWSClient
internal import Core

extension RolloutRunner {
  /// Writes a record for each of some members, at most `settings.parallel` at a time; each member that was written
  /// is remembered as it then is, also when others fail.
  ///
  /// - Returns: the first failure, if there was one.
  func write(
    _ chosen: [RolloutTarget], priority: RequestPriority = .normal,
    _ record: @escaping @Sendable (RolloutTarget) -> RolloutRecord
  ) async -> ReleaseError? {
    let writer = writer
    let results = await Concurrent.map(chosen, limit: settings.parallel) {
      [self]
      member -> Result<RolloutTarget, ReleaseError> in
      let next = record(member)
      do throws(ReleaseError) {
        return .success(try await writer.write(next, for: member, priority: priority))
      } catch {
        if case .aws(let fault, _) = error, fault.mayHaveBeenProcessed { suspect(next, of: member) }
        return .failure(error)
      }
    }
    var failure: ReleaseError?
    var guarded: [RolloutTarget] = []
    for result in results {
      switch result {
      case .success(let written):
        if isGuarded(written) { guarded.append(written) }
        members.withLock { members in
          guard let index = members.firstIndex(where: { $0.function == written.function }) else { return }
          members[index] = written
        }
      case .failure(let error): failure = failure ?? error
      }
    }
    await deadMan?.arm(guarded)
    return failure
  }

  /// Whether its traffic is to go back where no run looks after it any more. What is decided without a bake only goes
  /// forward.
  private func isGuarded(_ member: RolloutTarget) -> Bool {
    member.isLookedAfter && !hasPassed && !(member.record.state == .commit && settings.bake <= .zero)
  }

  /// A write whose answer was lost may have given the canary traffic: it counts as exposed until that is known.
  private func suspect(_ record: RolloutRecord, of member: RolloutTarget) {
    guard record.state.isUnderWay else { return }
    members.withLock { members in
      guard let index = members.firstIndex(where: { $0.function == member.function }) else { return }
      members[index].record = record
      members[index].isOurs = true
    }
  }

  /// `record` with this run's name and a fresh lease; without one where the run ends with this write.
  func leased(_ record: RolloutRecord, at now: Timestamp) -> RolloutRecord {
    var record = record
    record.release = release
    record.functions = max(record.functions, current.count)
    record.owner = owner
    record.leaseEnd =
      extent == .oneLook
      ? nil : Timestamp(seconds: (now + AliasWriter.leaseLength).seconds.rounded(.down))
    return record
  }
}
