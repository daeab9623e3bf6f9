internal import AWSClient
internal import Core

/// Finds out whether the run that holds a lease still lives.
///
/// A living run renews its lease every two minutes, and each renewal changes the alias. A lease that runs out with
/// the alias unchanged belonged to a run that is dead.
struct LeaseWatch: Sendable {
  private static let pause = TimeSpan.seconds(10)

  let lambda: any LambdaAliases
  let alias: String
  let clock: any WallClock
  let serverTime: @Sendable () -> Timestamp
  let report: @Sendable (ReleaseEvent) -> Void

  /// Returns as soon as nobody holds the lease of `record` any more.
  ///
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` as soon as the alias changes under our eyes.
  func waitForEnd(
    of record: RolloutRecord, in seen: AliasConfiguration, function: String, functionName: String
  ) async throws(ReleaseError) {
    guard let end = record.leaseEnd, !record.isLeaseOver(at: serverTime()) else { return }
    report(.leaseWatched(function, owner: record.owner?.description ?? "unknown", until: end))
    repeat {
      let left = end - serverTime()
      do {
        try await clock.sleep(for: max(.seconds(1), min(Self.pause, left)))
      } catch {
        throw .interrupted
      }
      let now: AliasConfiguration
      do throws(AWSError) {
        now = try await lambda.getAlias(functionName, name: alias)
      } catch {
        throw .aws(error, function: function)
      }
      // The Description is compared too, because not every endpoint renews the RevisionId.
      guard now.revisionID == seen.revisionID, now.description == seen.description else {
        throw .owned(
          function: function, alias: alias, by: RolloutRecord.decode(now.description).ownerWords)
      }
    } while !record.isLeaseOver(at: serverTime())
  }
}
