internal import AWSClient
internal import Core

/// Reads an alias after a write of it was refused. AWS may need some seconds until every reader sees a write, and who
/// takes what was there before it for what is there now gives up an alias that is its own.
struct FreshRead: Sendable {
  /// For how long a reading that is older than what this run knows is waited out.
  private static let patience = TimeSpan.seconds(30)
  private static let firstPause = 0.25
  private static let longestPause = 2.0

  let reader: AliasReader
  let clock: any WallClock

  /// The alias of a function, as soon as it is seen at another state than one that is known to be over; as it is seen
  /// then where that does not happen in time, or where the task is cancelled.
  ///
  /// - Parameter isOld: whether a reading, nil where there is no alias, shows a state that is known to be over.
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  func alias(
    of name: FunctionName, unless isOld: (AliasSnapshot?) -> Bool
  ) async throws(ReleaseError) -> AliasSnapshot? {
    let deadline = clock.now() + Self.patience
    var pause = Self.firstPause
    while true {
      let seen = try await reader.read(name)
      guard isOld(seen), clock.now() < deadline else { return seen }
      do { try await clock.sleep(for: .seconds(pause)) } catch { return seen }
      pause = min(pause * 2, Self.longestPause)
    }
  }
}
