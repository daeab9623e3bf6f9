internal import AWSClient
internal import Core

extension Planner {
  /// How often version and alias are read again until they agree, the pauses between adding up to some 15 s: AWS may need
  /// as long until every reader sees a write.
  private static let attempts = 8
  private static let firstPause = 0.25
  private static let longestPause = 4.0

  /// The plan of a function whose alias matters, from one reading: what is compared and the revision that guards the write
  /// must be of the same moment, or a version that somebody puts live between the two is overwritten unseen.
  func lookedAt(
    _ input: FunctionInput, _ served: FunctionDescription, latest: FunctionConfiguration?,
    explain: Explanation
  ) async throws(ReleaseError) -> FunctionPlan {
    let reader = AliasReader(lambda: lambda, alias: alias, parallel: parallel)
    let name = input.name
    var served = served
    var pause = Self.firstPause
    for attempt in 1...Self.attempts {
      guard let snapshot = try await reader.read(name) else { return try await absent(input) }
      if snapshot.version == served.configuration.version {
        let plan = comparison(input, served, latest: latest, snapshot: snapshot, explain: explain)
        return try await judged(plan)
      }
      guard attempt < Self.attempts else { break }
      do { try await clock.sleep(for: .seconds(pause)) } catch { throw .interrupted }
      pause = min(pause * 2, Self.longestPause)
      guard let again = try await self.served(name) else { return try await absent(input) }
      served = again
    }
    throw .unseen(function: input.function, alias: alias)
  }

  /// `plan` with what the record in its alias says of rollouts.
  private func judged(_ plan: FunctionPlan) async throws(ReleaseError) -> FunctionPlan {
    var plan = plan
    plan.unfinished = try await unfinished(plan)
    plan.quarantined = try await quarantined(plan)
    return plan
  }

  private func unfinished(_ plan: FunctionPlan) async throws(ReleaseError) -> UnfinishedRollout? {
    // What somebody has moved by hand is no rollout any more, whatever its record says.
    guard let record = plan.record, record.state.isUnderWay, plan.move == nil else { return nil }
    // In bake the canary is the alias's main version, so its inputs have just been compared.
    guard let canary = record.canary, canary != plan.servingVersion else {
      return UnfinishedRollout(record: record, relation: plan.change == .none ? .same : .superseded)
    }
    guard plan.change != .none else { return UnfinishedRollout(record: record, relation: .takenBack) }
    let isWanted = try await isMade(canary, of: plan.input)
    return UnfinishedRollout(record: record, relation: isWanted ?? false ? .same : .superseded)
  }

  /// The version among those that were taken back that was made of just what is wanted now.
  private func quarantined(_ plan: FunctionPlan) async throws(ReleaseError) -> String? {
    guard plan.change != .none, let snapshot = plan.snapshot else { return nil }
    for version in snapshot.takenBack.reversed() where version != plan.servingVersion {
      if try await isMade(version, of: plan.input) ?? false { return version }
    }
    return nil
  }

  /// Whether a version was made from just these inputs; nil where it does not exist any more.
  private func isMade(_ version: String, of input: FunctionInput) async throws(ReleaseError) -> Bool? {
    let description: FunctionDescription
    do throws(AWSError) {
      description = try await lambda.getFunction(input.functionName, qualifier: version)
    } catch {
      if error.isNotFound { return nil }
      throw .aws(error, function: input.function)
    }
    let provenance = VersionProvenance.decode(description.configuration.description).provenance
    let input = input.deferred(to: provenance)
    return provenance?.source == input.sourceDigest
      && Comparison.differences(
        of: input, from: description.configuration, latest: nil, provenance: provenance
      ).isEmpty
  }
}
