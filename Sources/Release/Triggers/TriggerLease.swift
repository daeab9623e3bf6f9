internal import AWSClient
internal import Core

/// The lease on one alias while its edges are written: the same record and the same compare-and-swap that keep rollouts
/// apart, in the state `triggers`.
struct TriggerLease: Sendable {
  private let lambda: any LambdaAliases
  private let name: FunctionName
  private let alias: String
  /// What the record said before.
  private let before: RolloutRecord
  private let userText: String
  private let known: AliasConfiguration

  private static let attempts = 3

  /// Takes it.
  ///
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` where another run has it, or a rollout is under way.
  static func take(
    _ name: FunctionName, alias: String, services: ReleaseServices, owner: String, release: ReleaseID
  ) async throws(ReleaseError) -> TriggerLease {
    var failure: ReleaseError = .unseen(function: name.function, alias: alias)
    for _ in 0..<attempts {
      let snapshot = try await read(name, alias, services)
      let now = services.serverTime()
      if let reason = snapshot.content.unreadable {
        throw .unreadableRecord(function: name.function, alias: alias, reason: reason)
      }
      let present = snapshot.record
      let isOthers = present.map {
        $0.state == .triggers && !$0.isLeaseOver(at: now) && $0.release != release
      }
      if present?.state.isUnderWay ?? false || isOthers ?? false {
        throw .owned(function: name.function, alias: alias, by: snapshot.content.ownerWords)
      }
      var before = present ?? RolloutRecord(release: release, state: .idle)
      before.stable = before.stable ?? snapshot.version
      if before.state == .triggers { before.state = .idle }
      before.leaseEnd = nil
      var record = before
      record.state = .triggers
      record.release = release
      record.owner = RecordOwner(owner)
      record.leaseEnd = Timestamp(seconds: (now + RolloutRecord.leaseLength).seconds.rounded(.down))
      do throws(AWSError) {
        let written = try await write(
          record, userText: snapshot.content.userText, over: snapshot.alias, name, alias, services.lambda)
        return TriggerLease(
          lambda: services.lambda, name: name, alias: alias, before: before,
          userText: snapshot.content.userText, known: written)
      } catch {
        failure = .aws(error, function: name.function)
        guard error.isPreconditionFailed || error.mayHaveBeenProcessed else { throw failure }
      }
    }
    throw failure
  }

  /// Gives it back; whoever has written the alias since has the last word.
  func giveBack() async throws(ReleaseError) {
    do throws(AWSError) {
      _ = try await Self.write(before, userText: userText, over: known, name, alias, lambda)
    } catch {
      guard !error.isPreconditionFailed else { return }
      throw .aws(error, function: name.function)
    }
  }

  private static func read(
    _ name: FunctionName, _ alias: String, _ services: ReleaseServices
  ) async throws(ReleaseError) -> AliasSnapshot {
    let reader = AliasReader(lambda: services.lambda, alias: alias, parallel: 1)
    guard let snapshot = try await reader.read(name) else {
      throw .touched(function: name.function, alias: alias, what: "it was deleted")
    }
    return snapshot
  }

  private static func write(
    _ record: RolloutRecord, userText: String, over present: AliasConfiguration, _ name: FunctionName,
    _ alias: String, _ lambda: any LambdaAliases
  ) async throws(AWSError) -> AliasConfiguration {
    try await lambda.updateAlias(
      name.functionName, name: alias, version: present.functionVersion, weights: present.others,
      description: record.encoded(userText: userText).text, revisionID: present.revisionIfKnown,
      priority: .normal)
  }
}
