internal import AWSClient
internal import Core

/// Reads an alias back after its traffic was taken back. AWS may need some seconds until every reader sees a write: a
/// reading that is older than the write's own answer says nothing against it.
struct RoutingCheck: Sendable {
  /// How often it is worth looking when there is time, the pauses between adding up to 3.5 s.
  static let attempts = 4
  private static let firstPause = 0.5

  /// What is checked: the alias of a function as a write has left it.
  struct Subject: Sendable {
    let name: FunctionName
    /// The version that is to have everything.
    let version: String
    /// The release in whose record the rollback was written down.
    let release: ReleaseID
    /// What this run knows of the alias.
    let known: KnownAlias
  }

  let services: ReleaseServices
  let alias: String
  let parallel: Int
  /// Told of what is found.
  let report: @Sendable (ReleaseEvent) -> Void

  /// Looks at each of `subjects`, up to `attempts` times, and tells what it found.
  func verify(_ subjects: [Subject], attempts: Int) async {
    _ = await Concurrent.map(subjects, limit: parallel) { subject in
      do throws(ReleaseError) {
        if try await verify(subject, attempts: attempts) { report(.verified(subject.name.function)) }
      } catch {
        report(.failed(subject.name.function, error))
      }
    }
  }

  /// - Returns: whether the alias gives the version everything. False also where that cannot be read, where one look was
  ///   not enough, and where a later release, or Lambda itself, has moved the alias since.
  /// - Throws: ``ReleaseError/notTakenBack(function:alias:wanted:found:)``.
  private func verify(_ subject: Subject, attempts: Int) async throws(ReleaseError) -> Bool {
    let name = subject.name
    var pause = Self.firstPause
    var found: AliasConfiguration?
    for attempt in 1...max(1, attempts) {
      do throws(AWSError) {
        let seen = try await services.lambda.getAlias(name.functionName, name: alias)
        if seen.functionVersion == subject.version, seen.others.isEmpty {
          report(.note(name.function, "verified: version \(subject.version) serves everything"))
          return true
        }
        found = seen
      } catch {
        report(.note(name.function, "the alias \(alias) cannot be read back: \(error)"))
        return false
      }
      guard attempt < attempts else { break }
      do { try await services.clock.sleep(for: .seconds(pause)) } catch { break }
      pause *= 2
    }
    guard let found else { return false }
    let words = found.routingWords
    guard !subject.known.isPast(found) else {
      report(
        .note(
          name.function, "not verified: AWS has taken the write and still shows the alias as it was, \(words)"
        ))
      return false
    }
    if let record = AliasSnapshot(found).record, record.release != subject.release {
      report(.note(name.function, "release \(record.release) has moved the alias since: \(words)"))
      return false
    }
    guard attempts > 1, !Task.isCancelled else {
      report(.note(name.function, "not verified: right after the rollback the alias reads \(words)"))
      return false
    }
    if found.functionVersion == subject.version {
      do throws(AWSError) {
        // While Lambda moves it, an alias has weights that nobody has set.
        let provisioned = try await services.lambda.getProvisionedConcurrencyConfig(
          name.functionName, qualifier: alias)
        guard provisioned == nil else {
          report(.note(name.function, "Lambda is moving the alias's provisioned concurrency: \(words)"))
          return false
        }
      } catch {
        report(
          .note(
            name.function,
            "not verified: the alias reads \(words), and whether that is Lambda moving its provisioned concurrency "
              + "cannot be read: \(error)"))
        return false
      }
    }
    throw .notTakenBack(function: name.function, alias: alias, wanted: subject.version, found: words)
  }
}
