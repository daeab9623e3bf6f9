internal import AWSClient
internal import Core

/// Reads an alias after a write of it was refused. AWS may need some seconds until every reader sees a write, and who
/// takes what was there before it for what is there now gives up an alias that is its own.
struct FreshRead: Sendable {
  /// How often to look at most, the pauses between adding up to 3.75 s.
  private static let looks = 5
  private static let firstPause = 0.25

  let lambda: any LambdaAliases
  let alias: String
  let clock: any WallClock

  /// The alias of a function, as soon as it is seen at another revision than the one that was refused; as it is seen
  /// then where that does not happen in time.
  ///
  /// - Throws: ``ReleaseError/aws(_:function:)``.
  func alias(of name: FunctionName, past refused: String?) async throws(ReleaseError) -> AliasConfiguration {
    var pause = Self.firstPause
    for _ in 1..<Self.looks {
      let seen = try await read(name)
      guard let refused, seen.revisionID == refused else { return seen }
      do { try await clock.sleep(for: .seconds(pause)) } catch { return seen }
      pause *= 2
    }
    return try await read(name)
  }

  private func read(_ name: FunctionName) async throws(ReleaseError) -> AliasConfiguration {
    do throws(AWSError) {
      return try await lambda.getAlias(name.functionName, name: alias)
    } catch {
      throw .aws(error, function: name.function)
    }
  }
}
