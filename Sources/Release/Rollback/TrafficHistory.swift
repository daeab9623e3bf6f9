internal import AWSClient
internal import Core

/// Finds out from CloudWatch which versions have served, where no record tells.
struct TrafficHistory: Sendable {
  /// How far back CloudWatch can still tell days apart from nothing, and how many versions are asked for.
  private static let days = 15
  private static let versions = 50

  let services: ReleaseServices
  let alias: String
  let parallel: Int

  /// For each of `subjects`, which serve the versions beside them, the newest older version that had traffic through
  /// the alias: one ListVersionsByFunction each and one GetMetricData. Functions without one are left out.
  func former(_ subjects: [(name: FunctionName, serving: String)]) async throws(ReleaseError)
    -> [FormerVersion]
  {
    let lists = await Concurrent.map(subjects, limit: parallel) {
      subject -> Result<[String], ReleaseError> in
      do throws(AWSError) {
        let all = try await services.lambda.listVersions(subject.name.functionName).compactMap {
          Int($0.version)
        }
        let serving = Int(subject.serving) ?? .max
        return .success(all.filter { $0 < serving }.sorted(by: >).prefix(Self.versions).map(String.init))
      } catch {
        return .failure(.aws(error, function: subject.name.function))
      }
    }
    var candidates: [(former: FormerVersion, query: MetricQuery)] = []
    for (subject, list) in zip(subjects, lists) {
      for version in try list.get() {
        let id = "v\(candidates.count)"
        let former = FormerVersion(
          function: subject.name.function, serving: subject.serving, version: version, invocations: 0)
        candidates.append(
          (
            former,
            .lambda(
              id, "Invocations", "Sum", of: subject.name.functionName, called: alias, executed: version,
              period: 86_400)
          ))
      }
    }
    guard !candidates.isEmpty else { return [] }
    let now = services.serverTime().startOfMinute
    let series: [MetricSeries]
    do throws(AWSError) {
      series = try await services.metrics.getMetricData(
        candidates.map(\.query), from: now - .minutes(Double(Self.days * 1_440)), to: now)
    } catch {
      throw .aws(error, function: nil)
    }
    let totals = Dictionary(
      series.map { ($0.id, $0.points.reduce(0) { $0 + $1.value }) }, uniquingKeysWith: { first, _ in first })
    var found: [String: FormerVersion] = [:]
    for (former, query) in candidates where found[former.function] == nil {
      guard let total = totals[query.id], total > 0 else { continue }
      found[former.function] = FormerVersion(
        function: former.function, serving: former.serving, version: former.version,
        invocations: Int(min(total, 1e12)))
    }
    return found.values.sorted { $0.function.utf8.lexicographicallyPrecedes($1.function.utf8) }
  }
}
