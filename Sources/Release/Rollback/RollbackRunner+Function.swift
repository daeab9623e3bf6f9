internal import AWSClient
internal import Core

// One function's way back.
extension RollbackRunner {
  /// Does what `step` says, and tells how that went.
  ///
  /// - Parameters:
  ///   - event: what a version that sleeps is woken with.
  ///   - decide: what to do where the alias has changed since `step` was decided on.
  func perform(
    _ step: RollbackStep, on subject: FunctionName, alias seen: AliasConfiguration?, event: [UInt8]?,
    deciding decide: (AliasConfiguration) -> RollbackStep
  ) async -> (FunctionReport?, ReleaseError?) {
    switch step {
    case .absent, .notInRelease, .unrecorded: return (nil, nil)
    case .alreadyBack(let bad, let serving):
      tellAlreadyBack(subject, bad: bad, serving: serving)
      return (entry(subject, from: nil, to: serving, .unchanged, serving: seen?.shares ?? [:]), nil)
    case .noTarget(let reason, let fix):
      let error = ReleaseError.noTarget(function: subject.function, reason: reason, fix: fix)
      return (
        entry(
          subject, from: seen?.functionVersion, to: nil, .failed, serving: seen?.shares ?? [:], failure: error
        ),
        error
      )
    case .endCanary(let bad, let good), .goBack(let bad, let good):
      guard let seen else { return (nil, nil) }
      let done: Move
      do throws(ReleaseError) {
        done = try await move(
          Move(from: bad, to: good), of: subject, seen: seen, event: event, deciding: decide)
      } catch {
        return (
          entry(subject, from: bad, to: nil, .failed, serving: seen.shares, failure: error), error
        )
      }
      return await verified(done, of: subject)
    }
  }

  /// The way of one alias's traffic.
  private struct Move {
    let from: String
    let to: String
    /// The release in whose record it is written down; nil where somebody else has done it.
    var release: ReleaseID?
  }

  private func verified(_ move: Move, of subject: FunctionName) async -> (FunctionReport?, ReleaseError?) {
    guard let release = move.release else {
      tellAlreadyBack(subject, bad: move.from, serving: move.to)
      return (entry(subject, from: nil, to: move.to, .unchanged, serving: [move.to: 1]), nil)
    }
    services.report(.rolledBack(subject.function, from: move.from, to: move.to))
    var entry = entry(subject, from: move.from, to: move.to, .rolledBack, serving: [move.to: 1])
    do throws(ReleaseError) {
      entry.isVerified = try await RoutingCheck(services: services, alias: alias)
        .verify(subject, serves: move.to, release: release, attempts: RoutingCheck.attempts)
      return (entry, nil)
    } catch {
      entry.failure = error
      return (entry, error)
    }
  }

  /// Writes the alias. Whoever holds the lease is fenced off: a rollback goes before everything else. Where the release
  /// has moved on meanwhile, it is decided anew; where another release has come, it was not meant: it may be the fix.
  private func move(
    _ wanted: Move, of subject: FunctionName, seen: AliasConfiguration, event: [UInt8]?,
    deciding decide: (AliasConfiguration) -> RollbackStep
  ) async throws(ReleaseError) -> Move {
    var move = wanted
    var current = seen
    var attempts = 3
    try await prepare(move.to, of: subject, event: event)
    while true {
      if case .newer = RolloutRecord.decode(current.description) {
        throw .unreadableRecord(function: subject.function, alias: alias, reason: "a later lamctl wrote it")
      }
      do throws(AWSError) {
        return try await write(move, of: subject, over: current)
      } catch {
        attempts -= 1
        guard error.isPreconditionFailed, attempts > 0 else { throw .aws(error, function: subject.function) }
      }
      current = try await FreshRead(lambda: services.lambda, alias: alias, clock: services.clock)
        .alias(of: subject, past: current.revisionID)
      let content = RolloutRecord.decode(current.description)
      guard content.record?.release == RolloutRecord.decode(seen.description).record?.release else {
        throw .owned(function: subject.function, alias: alias, by: content.ownerWords)
      }
      switch decide(current) {
      case .endCanary(let bad, let good), .goBack(let bad, let good):
        if good != move.to { try await prepare(good, of: subject, event: event) }
        move = Move(from: bad, to: good)
      case .alreadyBack(let bad, let serving):
        return Move(from: bad ?? move.from, to: serving)
      case .unrecorded(let serving) where serving == move.from: break
      case .absent, .notInRelease, .unrecorded, .noTarget:
        throw .owned(function: subject.function, alias: alias, by: content.ownerWords)
      }
    }
  }

  private func write(
    _ move: Move, of subject: FunctionName, over seen: AliasConfiguration
  ) async throws(AWSError) -> Move {
    let content = RolloutRecord.decode(seen.description)
    var record =
      content.record
      ?? RolloutRecord(
        release: ReleaseID(
          time: services.serverTime(), commit: nil,
          random: (0..<4).map { _ in UInt8.random(in: 0 ... .max) }),
        state: .idle)
    record.canary = move.from
    record.stable = move.to
    record.owner = owner
    _ = try await services.lambda.updateAlias(
      subject.functionName, name: alias, version: move.to, weights: [:],
      description: record.rolledBack(for: reason).encoded(userText: content.userText).text,
      revisionID: seen.revisionIfKnown, priority: .rollback)
    return Move(from: move.from, to: move.to, release: record.release)
  }

  private func tellAlreadyBack(_ subject: FunctionName, bad: String?, serving: String) {
    let text =
      bad.map { "version \($0) was taken back already; version \(serving) serves" }
      ?? "version \(serving) serves already"
    services.report(.note(subject.function, text))
  }

  private func entry(
    _ subject: FunctionName, from: String?, to: String?, _ outcome: Outcome, serving: [String: Double],
    failure: ReleaseError? = nil
  ) -> FunctionReport {
    FunctionReport(
      function: subject.function, functionName: subject.functionName, change: .none, reasons: [],
      fromVersion: from, toVersion: to, codeSHA256: nil, digests: nil, outcome: outcome, failure: failure,
      serving: serving)
  }
}
