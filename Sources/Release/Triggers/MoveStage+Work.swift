internal import AWSClient
internal import Core
package import Triggers

/// What the work on a journal came to.
package struct MoveOutcome: Sendable {
  /// The journal as it is now.
  package let journal: MoveJournal
  /// By logical name, why a function was not worked on to its end.
  package let failures: [String: EdgeError]
  /// What was left alone when moves were taken back.
  package let left: [EdgeError]
  /// What is to be told.
  package let notes: [String]
}

extension MoveStage {
  /// The name of a run that begins now, by which its leases are known.
  package func newRelease() -> ReleaseID {
    ReleaseID(
      time: services.serverTime(), commit: nil, random: (0..<4).map { _ in UInt8.random(in: 0 ... .max) })
  }

  /// Carries the moves of a journal out, or takes them back, under the leases of the aliases concerned.
  ///
  /// - Parameters:
  ///   - log: the journal; what it came to is in it, and saved.
  ///   - course: which way.
  /// - Throws: ``ReleaseError`` when a lease cannot be had or the journal not be saved: then nothing was written.
  package func work(_ log: MoveLog, _ course: MoveJournal.Course) async throws(ReleaseError) -> MoveOutcome {
    let journal = log.journal
    var seen: Set<EdgeScope> = []
    let scopes = journal.entries.map(\.move.scope).filter { seen.insert($0).inserted }
    guard let first = scopes.first else {
      return MoveOutcome(journal: journal, failures: [:], left: [], notes: [])
    }
    guard let release = ReleaseID(parsing: journal.release) else {
      throw .edge(
        EdgeError(first, nil, "the journal names no release that can hold a lease: \(journal.release)"),
        isBefore: true)
    }
    let keeper = LeaseKeeper()
    do throws(ReleaseError) {
      for scope in scopes {
        let name = FunctionName(function: scope.function, functionName: scope.functionName)
        await keeper.keep(
          try await TriggerLease.take(
            name, alias: alias, services: services, owner: owner, release: release), of: scope)
      }
      try Self.saving(first) { () throws(SystemError) in try log.open(course) }
    } catch {
      _ = await Task { await keeper.giveBack() }.value
      throw error
    }
    let run = MoveRun(edges, log: log, parallel: parallel) { scope throws(EdgeError) in
      guard !Task.isCancelled else { throw EdgeError(scope, nil, "the run was ended by a signal") }
      try await keeper.renew(scope)
    }
    var failures: [String: EdgeError] = [:]
    var left: [EdgeError] = []
    switch course {
    case .forward: failures = await run.carryOut()
    case .back: left = await run.takeBack()
    }
    // Also after a signal: a lease that nobody needs is given back, and the journal is on the disk.
    let open = await Task { await keeper.giveBack() }.value
    try Self.saving(first) { () throws(SystemError) in try log.close() }
    return MoveOutcome(
      journal: log.journal, failures: failures, left: left, notes: run.notes + open.map { "\($0)" })
  }

  private static func saving(
    _ scope: EdgeScope, _ save: () throws(SystemError) -> Void
  ) throws(ReleaseError) {
    do throws(SystemError) { try save() } catch {
      throw .edge(EdgeError(scope, nil, "the journal cannot be saved: \(error)"), isBefore: true)
    }
  }
}
