internal import AWSClient
internal import Core

/// Reads how the functions of an environment stand. Writes nothing.
public struct StatusReader: Sendable {
  private let services: ReleaseServices
  private let alias: String
  private let parallel: Int

  /// A reader for one alias.
  public init(services: ReleaseServices, alias: String, parallel: Int) {
    self.services = services
    self.alias = alias
    self.parallel = parallel
  }

  /// The status of `subjects`, in their order.
  ///
  /// - Throws: ``ReleaseError`` when Lambda cannot be read. Without metrics the last hour is empty.
  public func read(_ subjects: [FunctionName]) async throws(ReleaseError) -> [FunctionStatus] {
    let results = await Concurrent.map(subjects, limit: parallel) { subject in await self.found(subject) }
    var found: [(FunctionName, Found?)] = []
    for (subject, result) in zip(subjects, results) { found.append((subject, try result.get())) }
    let hour = await lastHour(found)
    return found.map { subject, found in
      FunctionStatus(
        function: subject.function, functionName: subject.functionName,
        alias: found.map { status($0, of: subject, hour: hour) })
    }
  }

  private struct Found: Sendable {
    let alias: AliasConfiguration
    let main: FunctionConfiguration

    var versions: [String] { [alias.functionVersion] + alias.weights.keys.sorted() }
  }

  private func found(_ subject: FunctionName) async -> Result<Found?, ReleaseError> {
    do throws(AWSError) {
      let alias = try await services.lambda.getAlias(subject.functionName, name: alias)
      let main = try await services.lambda.getFunction(subject.functionName, qualifier: alias.functionVersion)
      return .success(Found(alias: alias, main: main.configuration))
    } catch {
      return error.isNotFound ? .success(nil) : .failure(.aws(error, function: subject.function))
    }
  }

  private func lastHour(
    _ found: [(FunctionName, Found?)]
  ) async -> [VersionMetrics.Subject: VersionMinutes] {
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
      return try await metrics.minutes(
        of: subjects, from: (now - .minutes(60)).startOfMinute, to: now.startOfMinute + .minutes(1))
    } catch {
      services.report(.note(nil, "no error rates: \(error)"))
      return [:]
    }
  }

  private func status(
    _ found: Found, of subject: FunctionName, hour: [VersionMetrics.Subject: VersionMinutes]
  ) -> AliasStatus {
    var weights = found.alias.weights
    weights[found.alias.functionVersion] = 1 - weights.values.reduce(0, +)
    var counts: [String: Counts] = [:]
    for version in found.versions {
      let minutes = hour[
        VersionMetrics.Subject(
          function: subject.function, functionName: subject.functionName, version: version)]
      if let minutes, !minutes.counts.isEmpty { counts[version] = Counts.sum(minutes.counts.values) }
    }
    return AliasStatus(
      version: found.alias.functionVersion, weights: weights,
      record: RolloutRecord.decode(found.alias.description).record,
      provenance: VersionProvenance.decode(found.main.description).provenance,
      published: found.main.lastModified, lastHour: counts)
  }
}
