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
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` as soon as the alias changes under our eyes, and
  ///   ``ReleaseError/overtaken(function:alias:by:)`` where no run drives a rollout there any more by then.
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
        let owner = now?.content.ownerWords ?? "somebody has deleted the alias"
        // Its run has come to its end while this one waited, or had come to it before AWS has shown that everywhere.
        let isOver = now?.record.map { !$0.state.isUnderWay } ?? false
        throw isOver
          ? .overtaken(function: name.function, alias: reader.alias, by: owner)
          : .owned(function: name.function, alias: reader.alias, by: owner)
      }
    } while !record.isLeaseOver(at: serverTime())
  }
}
