internal import AWSClient
internal import Core

extension RolloutRunner {
  /// For how many functions a report has errors and costs; the others have their verdicts.
  private static let explained = 10

  /// Adds to the report what the canaries that were taken back have logged and what they cost. The traffic is safe by
  /// now: what cannot be read is told and changes nothing.
  ///
  /// - Parameter members: as they were before the traffic went back.
  func explain(_ members: [RolloutTarget], in report: inout ReleaseReport) async {
    let now = services.serverTime()
    let suspects = members.filter { member in
      let verdict = report.functions.first { $0.function == member.function }?.verdict
      return verdict.map { $0.kind == .rollback || $0.canary.errors > 0 } ?? false
    }.prefix(Self.explained)
    guard !suspects.isEmpty else { return }
    let start = suspects.compactMap(\.record.started).min() ?? now
    do throws(AWSError) {
      let means = try await means(of: Array(suspects), from: start, to: now)
      for member in suspects {
        let canary = try await configuration(of: member, member.canary)
        let stable = try await configuration(of: member, member.stable)
        let cost = CostComparison(
          canary: RunningCost(means[subject(member, member.canary)], canary),
          stable: RunningCost(means[subject(member, member.stable)], stable))
        let errors = try await ErrorLog(logs: services.logs).errors(
          of: canary, version: member.canary, from: member.record.started ?? start, to: now)
        report.update(member.function) { report in
          report.cost = cost
          report.errors = errors
        }
      }
    } catch {
      services.report(.note(nil, "what the new versions logged and cost cannot be told: \(error)"))
    }
  }

  private func means(
    of members: [RolloutTarget], from: Timestamp, to: Timestamp
  ) async throws(AWSError) -> [VersionMetrics.Subject: Double] {
    let subjects = members.flatMap { [subject($0, $0.canary), subject($0, $0.stable)] }
    return try await VersionMetrics(metrics: services.metrics, alias: writer.alias).means(
      of: subjects, from: from.startOfMinute, to: to.startOfMinute + .minutes(1))
  }

  private func subject(_ member: RolloutTarget, _ version: String) -> VersionMetrics.Subject {
    VersionMetrics.Subject(function: member.function, functionName: member.functionName, version: version)
  }

  private func configuration(
    of member: RolloutTarget, _ version: String
  ) async throws(AWSError) -> FunctionConfiguration {
    try await services.lambda.getFunction(member.functionName, qualifier: version).configuration
  }
}
