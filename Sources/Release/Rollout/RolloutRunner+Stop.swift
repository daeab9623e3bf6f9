internal import AWSClient
internal import Core

extension RolloutRunner {
  /// Makes the traffic safe after a signal or a failure, where this run may still touch it.
  ///
  /// - Throws: `error`, unless a signal was all that happened.
  func stop(after error: ReleaseError, into report: inout ReleaseReport) async throws(ReleaseError) {
    let wasInterrupted = Task.isCancelled
    report.wasInterrupted = wasInterrupted
    var isTheirs = false
    if case .owned = error { isTheirs = true }
    // Another run, or a person, has taken the release over in its middle: it is theirs.
    if isTheirs, hasBegun {
      await withdrawConvicted()
      throw await lost(error, into: &report)
    }
    if hasPassed { return try await conclude(error, into: &report) }
    // In a task of its own: everything in the cancelled one would end at its first await.
    let (failure, verified) = await Task { [self, isTheirs] () async -> (ReleaseError?, Set<String>) in
      // The next look is as good as this one: a rollout that is looked after by many short runs outlives each.
      if extent == .oneLook, convicted == nil { return (nil, []) }
      return wasInterrupted && settings.onInterrupt == .leave && convicted == nil
        ? (await releaseLeases(), []) : await makeSafe(onlyOurs: isTheirs)
    }.value
    // Made for weights that never came to be, unless whoever was faster needs them.
    if !hasBegun, !isTheirs {
      let idle = current.filter { !$0.isExposed }
      await Task { [self] in await deadMan?.withdraw(idle.map(\.name)) }.value
    }
    let exposed = current.contains { $0.isToBeWithdrawn(onlyOurs: isTheirs) }
    let left: Outcome = wasInterrupted || extent == .oneLook ? .detached : .held
    let safe: Outcome = hasBegun ? .rolledBack : .failed
    report.end(exposed ? left : safe, members: current) { member in
      member.isToBeWithdrawn(onlyOurs: isTheirs) ? left : safe
    }
    report.markVerified(verified)
    guard wasInterrupted else { throw error }
    if let failure { throw failure }
  }

  /// What the judge has found to be bad goes back on every alias that is still this run's, although one of them is not.
  private func withdrawConvicted() async {
    guard let found = convicted else { return }
    await Task { [self] in try? await retract(reason: found.reason, culprit: found.culprit) }.value
  }

  /// Tells what serves now that the release is somebody else's.
  private func lost(_ error: ReleaseError, into report: inout ReleaseReport) async -> ReleaseError {
    let members = current
    let reader = AliasReader(lambda: services.lambda, alias: writer.alias, parallel: settings.parallel)
    let aliases = (try? await reader.read(members.map(\.name))) ?? [:]
    var isBack = !aliases.isEmpty
    for member in members {
      let alias = aliases[member.function]
      let record = alias.flatMap { RolloutRecord.decode($0.description).record }
      var wasTakenBack = false
      if case .rolledBack = record?.state, record?.release == release { wasTakenBack = true }
      isBack = isBack && wasTakenBack
      report.update(member.function) { report in
        report.toVersion = member.canary
        report.serving = alias?.shares ?? [:]
        report.outcome = wasTakenBack ? .rolledBack : .failed
      }
    }
    report.outcome = isBack ? .rolledBack : .failed
    guard case .owned(let function, let alias, let owner) = error else { return error }
    return .takenOver(function: function, alias: alias, by: owner)
  }

  /// The release has passed, and only goes forward: nothing is taken back because a write failed that was to say so. It
  /// is tried once more; what then is left the next run brings to its end.
  private func conclude(_ error: ReleaseError, into report: inout ReleaseReport) async throws(ReleaseError) {
    // In a task of its own: everything in a cancelled one would end at its first await.
    let failure = await Task { [self] () async -> ReleaseError? in
      do throws(ReleaseError) {
        try await finish()
        return nil
      } catch {
        return error
      }
    }.value
    report.end(.promoted, members: current) { $0.isSplit ? .detached : .promoted }
    if let failure { throw failure }
  }

  /// - Returns: why that failed, and the functions whose aliases read so.
  private func makeSafe(onlyOurs: Bool) async -> (ReleaseError?, Set<String>) {
    let found = convicted
    let exposed = current.filter { $0.isToBeWithdrawn(onlyOurs: onlyOurs) }
    do throws(ReleaseError) {
      try await retract(reason: found?.reason ?? .interrupt, culprit: found?.culprit, onlyOurs: onlyOurs)
      // One look, and one round of them: a run that was told to stop has seconds.
      guard exposed.count <= settings.parallel else { return (nil, []) }
      return (nil, await verify(exposed, attempts: 1).verified)
    } catch {
      services.report(.note(nil, "the traffic could not be taken back: \(error)"))
      return (error, [])
    }
  }

  /// Leaves the weights, and nobody's lease on them.
  func releaseLeases() async -> ReleaseError? {
    let failure = await write(current.filter(\.isExposed)) { member in
      var record = member.record
      record.leaseEnd = nil
      return record
    }
    if let failure { services.report(.note(nil, "the lease could not be released: \(failure)")) }
    return failure
  }
}
