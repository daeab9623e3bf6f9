internal import AWSClient
internal import Core

/// The lease on one alias while its edges are written: the same record and the same compare-and-swap that keep rollouts
/// apart, in the state `triggers`.
struct TriggerLease: Sendable {
  private let lambda: any LambdaAliases
  private let name: FunctionName
  private let alias: String
  private let services: ReleaseServices
  /// What the record said before.
  private let before: RolloutRecord
  /// What it says now.
  private var held: RolloutRecord
  private let userText: String
  private var known: AliasConfiguration

  private static let attempts = 3

  /// Takes it.
  ///
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` where another run has it, and
  ///   ``ReleaseError/standing(function:alias:version:isHeld:)`` where a rollout is under way that nobody drives.
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
      if let present, present.state.isUnderWay, present.state.isHold || present.isLeaseOver(at: now) {
        throw .standing(
          function: name.function, alias: alias, version: present.canary ?? snapshot.version,
          isHeld: present.state.isHold)
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
          lambda: services.lambda, name: name, alias: alias, services: services, before: before, held: record,
          userText: snapshot.content.userText, known: written)
      } catch {
        failure = .aws(error, function: name.function)
        guard error.isPreconditionFailed || error.mayHaveBeenProcessed else { throw failure }
      }
    }
    throw failure
  }

  /// Gives it back; whoever has taken the alias since has the last word.
  func giveBack() async throws(ReleaseError) {
    do throws(AWSError) {
      _ = try await Self.write(before, userText: userText, over: known, name, alias, lambda)
    } catch {
      guard error.isPreconditionFailed else { throw .aws(error, function: name.function) }
      // What else was changed of the alias, such as its policy, may have moved its revision.
      let snapshot = try await Self.read(name, alias, services)
      guard isHeld(by: snapshot) else { return }
      do throws(AWSError) {
        _ = try await Self.write(before, userText: userText, over: snapshot.alias, name, alias, lambda)
      } catch {
        guard !error.isPreconditionFailed else { return }
        throw .aws(error, function: name.function)
      }
    }
  }

  private func isHeld(by snapshot: AliasSnapshot) -> Bool {
    snapshot.record?.release == held.release && snapshot.record?.state == .triggers
  }

  /// Makes it last longer, where it ends before long.
  ///
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` where somebody else has the alias by now.
  mutating func renew() async throws(ReleaseError) {
    let now = services.serverTime()
    let left = RolloutRecord.leaseLength.seconds - RolloutRecord.leaseRenewal.seconds
    guard let end = held.leaseEnd, end < now + .seconds(left) else { return }
    var record = held
    record.leaseEnd = Timestamp(seconds: (now + RolloutRecord.leaseLength).seconds.rounded(.down))
    do throws(AWSError) {
      known = try await Self.write(record, userText: userText, over: known, name, alias, lambda)
    } catch {
      // What else was changed of the alias, such as its policy, may have moved its revision.
      guard error.isPreconditionFailed || error.mayHaveBeenProcessed else {
        throw .aws(error, function: name.function)
      }
      let snapshot = try await Self.read(name, alias, services)
      guard isHeld(by: snapshot) else {
        throw .owned(function: name.function, alias: alias, by: snapshot.content.ownerWords)
      }
      do throws(AWSError) {
        known = try await Self.write(
          record, userText: userText, over: snapshot.alias, name, alias, lambda)
      } catch {
        throw .aws(error, function: name.function)
      }
    }
    held = record
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
