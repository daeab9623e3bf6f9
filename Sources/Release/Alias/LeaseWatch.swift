internal import AWSClient
internal import Core

/// Finds out whether the run that holds a lease still lives.
///
/// A living run renews its lease every two minutes, and each renewal changes the alias. A lease that runs out with
/// the alias unchanged belonged to a run that is dead.
struct LeaseWatch: Sendable {
  private static let pause = TimeSpan.seconds(10)

  let reader: AliasReader
  let clock: any WallClock
  let serverTime: @Sendable () -> Timestamp
  let report: @Sendable (ReleaseEvent) -> Void

  /// Returns as soon as nobody holds the lease in `seen` any more.
  ///
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` as soon as the alias changes under our eyes.
  func waitForEnd(of name: FunctionName, _ seen: AliasSnapshot) async throws(ReleaseError) {
    guard let record = seen.record, let end = record.leaseEnd, !record.isLeaseOver(at: serverTime()) else {
      return
    }
    report(.leaseWatched(name.function, owner: record.owner?.description ?? "unknown", until: end))
    repeat {
      let left = end - serverTime()
      do {
        try await clock.sleep(for: max(.seconds(1), min(Self.pause, left)))
      } catch {
        throw .interrupted
      }
      let now = try await reader.read(name)
      // The Description is compared too, because not every endpoint renews the RevisionId.
      guard let now, now.alias.revisionID == seen.alias.revisionID,
        now.alias.description == seen.alias.description
      else {
        throw .owned(
          function: name.function, alias: reader.alias,
          by: now?.content.ownerWords ?? "somebody has deleted the alias")
      }
    } while !record.isLeaseOver(at: serverTime())
  }
}
