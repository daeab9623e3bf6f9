internal import AWSClient
internal import Core

/// Finds out what versions that were taken back have logged and what they cost. The traffic is safe by then: what cannot
/// be read is told and changes nothing.
struct RolloutExplanation: Sendable {
  /// For how many functions a report has errors and costs; the others have their verdicts.
  private static let explained = 10

  let services: ReleaseServices
  let settings: ReleaseSettings
  let alias: String
  let journal: ReleaseJournal

  /// Tells of each of `targets` whose canary had errors.
  ///
  /// - Parameter targets: as they were before the traffic went back.
  func explain(_ targets: [RolloutTarget]) async {
    let now = services.serverTime()
    let verdicts = Dictionary(
      journal.report.functions.compactMap { function in function.verdict.map { (function.function, $0) } }
    ) { first, _ in first }
    let suspects = targets.filter { target in
      verdicts[target.function].map { $0.kind == .rollback || $0.canary.errors > 0 } ?? false
    }.prefix(Self.explained)
    guard !suspects.isEmpty else { return }
    let start = suspects.compactMap(\.record.started).min() ?? now
    do throws(AWSError) {
      let means = try await means(of: Array(suspects), from: start, to: now)
      for target in suspects {
        let canary = try await configuration(of: target, target.canary)
        let stable = try await configuration(of: target, target.stable)
        let cost = CostComparison(
          canary: RunningCost(means[subject(target, target.canary)], canary),
          stable: RunningCost(means[subject(target, target.stable)], stable))
        let errors = try await ErrorLog(logs: services.logs).errors(
          of: canary, version: target.canary, from: target.record.started ?? start, to: now)
        journal.tell(.explained(target.function, errors: errors, cost: cost))
      }
    } catch {
      journal.tell(.note(nil, "what the new versions logged and cost cannot be told: \(error)"))
    }
  }

  private func means(
    of targets: [RolloutTarget], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [VersionMetrics.Subject: Double] {
    let subjects = targets.flatMap { [subject($0, $0.canary), subject($0, $0.stable)] }
    return try await VersionMetrics(metrics: services.metrics, alias: alias).means(
      of: subjects, from: from.startOfMinute, to: to.startOfMinute + .minutes(1))
  }

  private func subject(_ target: RolloutTarget, _ version: String) -> VersionMetrics.Subject {
    VersionMetrics.Subject(function: target.function, functionName: target.functionName, version: version)
  }

  private func configuration(
    of target: RolloutTarget, _ version: String
  ) async throws(AWSError) -> FunctionConfiguration {
    try await services.lambda.getFunction(target.functionName, qualifier: version).configuration
  }
}
