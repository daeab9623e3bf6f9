internal import Core

/// What follows once new versions have all traffic for good. None of it changes how the release has ended.
struct Aftermath: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let alias: String

  /// Runs the hooks of everything that `report` has promoted, and deletes the versions that are old then.
  ///
  /// - Parameter hooks: the hooks of each function by logical name.
  func carryOut(_ hooks: [String: FunctionHooks], report: inout ReleaseReport) async {
    guard report.error == nil, !Task.isCancelled else { return }
    await runAfterTraffic(hooks, report: &report)
    await Pruner.tidy(after: report, services: services, settings: settings)
    for index in report.functions.indices where report.functions[index].outcome == .promoted {
      report.functions[index].isSettled = true
    }
  }

  private func runAfterTraffic(_ hooks: [String: FunctionHooks], report: inout ReleaseReport) async {
    guard let release = report.release else { return }
    let wishes = report.functions.compactMap { report -> (arguments: [String], subject: HookCall.Subject)? in
      guard report.outcome == .promoted, !report.isSettled, let version = report.toVersion,
        let arguments = hooks[report.function]?.afterTraffic
      else { return nil }
      return (
        arguments,
        HookCall.Subject(
          function: report.function, functionName: report.functionName, fromVersion: report.fromVersion,
          toVersion: version)
      )
    }
    for call in HookCall.calls(
      .afterTraffic, wishes, environment: report.environment, alias: alias, release: release)
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
