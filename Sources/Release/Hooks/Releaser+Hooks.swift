internal import Core

extension Releaser {
  /// Runs the hooks of new versions that have no traffic yet. The first that fails ends the release.
  func runBeforeTraffic(
    _ publications: [Publication], release: ReleaseID, environment: String
  ) async throws(ReleaseError) {
    let wishes = publications.compactMap { publication -> (arguments: [String], subject: HookCall.Subject)? in
      let input = publication.work.plan.input
      return input.hooks.beforeTraffic.map { arguments in
        (
          arguments,
          HookCall.Subject(
            function: input.function, functionName: input.functionName,
            fromVersion: publication.work.plan.servingVersion, toVersion: publication.version.version)
        )
      }
    }
    for call in HookCall.calls(
      .beforeTraffic, wishes, environment: environment, alias: alias, release: release)
    {
      do throws(HookFailure) {
        try await services.hooks.run(call)
      } catch {
        if Task.isCancelled { throw .interrupted }
        throw .hookFailed(
          program: call.arguments[0], functions: call.subjects.map(\.function), reason: error.reason)
      }
    }
  }

  /// Runs the hooks of everything that this run has promoted. What they say changes nothing any more: a failure is
  /// reported.
  func runAfterTraffic(_ plan: ReleasePlan, report: inout ReleaseReport) async {
    guard let release = report.release else { return }
    let inputs = Dictionary(
      plan.functions.map { ($0.input.function, $0.input) }, uniquingKeysWith: { first, _ in first })
    let wishes = report.functions.compactMap { report -> (arguments: [String], subject: HookCall.Subject)? in
      guard report.outcome == .promoted, let version = report.toVersion,
        let arguments = inputs[report.function]?.hooks.afterTraffic
      else { return nil }
      return (
        arguments,
        HookCall.Subject(
          function: report.function, functionName: report.functionName, fromVersion: report.fromVersion,
          toVersion: version)
      )
    }
    for call in HookCall.calls(
      .afterTraffic, wishes, environment: plan.environment, alias: alias, release: release)
    {
      do throws(HookFailure) {
        try await services.hooks.run(call)
      } catch {
        let text = "the afterTraffic hook \(call.arguments[0]) failed: \(error.reason); the release stands"
        services.report(.note(nil, text))
        report.warnings.append(text)
      }
    }
  }
}
