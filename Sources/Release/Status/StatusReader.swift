internal import AWSClient
internal import Core

/// Reads how the functions of an environment stand. Writes nothing.
package struct StatusReader: Sendable {
  private let services: ReleaseServices
  private let alias: String
  private let parallel: Int

  /// A reader for one alias.
  package init(services: ReleaseServices, alias: String, parallel: Int) {
    self.services = services
    self.alias = alias
    self.parallel = parallel
  }

  /// The status of `subjects`, in their order.
  ///
  /// - Parameter known: an earlier status whose error rates are shown again; nil to read them.
  /// - Throws: ``ReleaseError`` when Lambda cannot be read. Without metrics the last hour is empty.
  package func read(
    _ subjects: [FunctionName], ratesOf known: [FunctionStatus]? = nil
  ) async throws(ReleaseError) -> [FunctionStatus] {
    let results = await Concurrent.map(subjects, limit: parallel) { subject in await self.found(subject) }
    var found: [(FunctionName, Found?)] = []
    for (subject, result) in zip(subjects, results) { found.append((subject, try result.get())) }
    let rates: [String: [String: Counts]]
    if let known {
      rates = Dictionary(known.map { ($0.function, $0.alias?.lastHour ?? [:]) }) { first, _ in first }
    } else {
      rates = await lastHour(found)
    }
    return found.map { subject, found in
      FunctionStatus(
        function: subject.function, functionName: subject.functionName,
        alias: found.map { status($0, rates: rates[subject.function] ?? [:]) })
    }
  }

  /// `statuses` with what others have changed in `$LATEST`. What cannot be read is told of and left open.
  package func withDrift(_ statuses: [FunctionStatus]) async -> [FunctionStatus] {
    let names = statuses.filter { $0.alias != nil }.map {
      FunctionName(function: $0.function, functionName: $0.functionName)
    }
    do throws(ReleaseError) {
      let changes = try await DriftReader(lambda: services.lambda, alias: alias, parallel: parallel)
        .changes(in: names)
      return statuses.map { status in
        var status = status
        status.drift = changes[status.function]
        return status
      }
    } catch {
      services.report(.note(nil, "what others have changed cannot be read: \(error)"))
      return statuses
    }
  }

  private struct Found: Sendable {
    let snapshot: AliasSnapshot
    let main: FunctionConfiguration
    /// How somebody has moved the alias; nil where nobody has.
    let move: AliasMove?
    /// Where the version on trial comes from; nil where none is, or lamctl did not make it.
    let trial: VersionProvenance?

    var versions: [String] { [snapshot.version] + snapshot.alias.others.keys.sorted() }
  }

  private func found(_ subject: FunctionName) async -> Result<Found?, ReleaseError> {
    do throws(AWSError) {
      let alias = try await services.lambda.getAlias(subject.functionName, name: alias)
      let main = try await services.lambda.getFunction(subject.functionName, qualifier: alias.functionVersion)
      let snapshot = AliasSnapshot(alias)
      let move = await StrayWeights(lambda: services.lambda)
        .move(of: snapshot, functionName: subject.functionName)
      return .success(
        Found(
          snapshot: snapshot, main: main.configuration, move: move,
          trial: try await trial(snapshot, of: subject, main: main.configuration)))
    } catch {
      return error.isNotFound ? .success(nil) : .failure(.aws(error, function: subject.function))
    }
  }

  /// Where the version that a rollout is about comes from: one GetFunction, where it is not the one that the alias names.
  private func trial(
    _ snapshot: AliasSnapshot, of subject: FunctionName, main: FunctionConfiguration
  ) async throws(AWSError) -> VersionProvenance? {
    guard let record = snapshot.record, record.state.isUnderWay, let canary = record.canary else {
      return nil
    }
    guard canary != main.version else { return VersionProvenance.decode(main.description).provenance }
    do throws(AWSError) {
      let found = try await services.lambda.getFunction(subject.functionName, qualifier: canary)
      return VersionProvenance.decode(found.configuration.description).provenance
    } catch {
      // Somebody has deleted it, which is no reason to tell nothing.
      guard error.isNotFound else { throw error }
      return nil
    }
  }

  /// The counts of each function's versions.
  private func lastHour(_ found: [(FunctionName, Found?)]) async -> [String: [String: Counts]] {
    let metrics = VersionMetrics(metrics: services.metrics, alias: alias)
    let subjects = found.flatMap { subject, found in
      (found?.versions ?? []).map {
        VersionMetrics.Subject(
          function: subject.function, functionName: subject.functionName, version: $0)
      }
    }
    guard !subjects.isEmpty else { return [:] }
    let now = services.serverTime()
    do throws(AWSError) {
      let minutes = try await metrics.minutes(
        of: subjects, from: (now - .minutes(60)).startOfMinute, to: now.startOfMinute + .minutes(1))
      var counts: [String: [String: Counts]] = [:]
      for (subject, minutes) in minutes where !minutes.counts.isEmpty {
        counts[subject.function, default: [:]][subject.version] = Counts.sum(minutes.counts.values)
      }
      return counts
    } catch {
      services.report(.note(nil, "no error rates: \(error)"))
      return [:]
    }
  }

  private func status(_ found: Found, rates: [String: Counts]) -> AliasStatus {
    AliasStatus(
      version: found.snapshot.version, weights: found.snapshot.alias.shares,
      record: found.snapshot.record, move: found.move,
      provenance: VersionProvenance.decode(found.main.description).provenance, trial: found.trial,
      published: found.main.lastModified, lastHour: rates)
  }
}
