internal import AWSClient
internal import Core

/// Reads an alias back after its traffic was taken back. AWS may need some seconds until every reader sees a write.
struct RoutingCheck: Sendable {
  /// How often it is worth looking when there is time, the pauses between adding up to 3.5 s.
  static let attempts = 4
  private static let firstPause = 0.5

  let services: ReleaseServices
  let alias: String

  /// Looks up to `attempts` times whether the alias gives `version` everything, and tells what it found.
  ///
  /// - Parameter release: the release in whose record the rollback was written down.
  /// - Returns: whether it does. False also where that cannot be read, where one look was not enough, and where a
  ///   later release, or Lambda itself, has moved the alias since.
  /// - Throws: ``ReleaseError/notTakenBack(function:alias:wanted:found:)``.
  func verify(
    _ name: FunctionName, serves version: String, release: ReleaseID, attempts: Int
  ) async throws(ReleaseError) -> Bool {
    var pause = Self.firstPause
    var found: AliasConfiguration?
    for attempt in 1...max(1, attempts) {
      do throws(AWSError) {
        let seen = try await services.lambda.getAlias(name.functionName, name: alias)
        if seen.functionVersion == version, seen.others.isEmpty {
          services.report(.note(name.function, "verified: version \(version) serves everything"))
          return true
        }
        found = seen
      } catch {
        services.report(.note(name.function, "the alias \(alias) cannot be read back: \(error)"))
        return false
      }
      guard attempt < attempts else { break }
      do { try await services.clock.sleep(for: .seconds(pause)) } catch { break }
      pause *= 2
    }
    guard let found else { return false }
    let words = found.routingWords
    if let record = RolloutRecord.decode(found.description).record, record.release != release {
      services.report(.note(name.function, "release \(record.release) has moved the alias since: \(words)"))
      return false
    }
    guard attempts > 1, !Task.isCancelled else {
      services.report(.note(name.function, "not verified: right after the rollback the alias reads \(words)"))
      return false
    }
    if found.functionVersion == version, await hasProvisionedConcurrency(name) {
      services.report(.note(name.function, "Lambda is moving the alias's provisioned concurrency: \(words)"))
      return false
    }
    throw .notTakenBack(function: name.function, alias: alias, wanted: version, found: words)
  }

  /// While Lambda moves it, an alias has weights that nobody has set.
  private func hasProvisionedConcurrency(_ name: FunctionName) async -> Bool {
    let found = try? await services.lambda.getProvisionedConcurrencyConfig(
      name.functionName, qualifier: alias)
    return found != nil
  }
}
