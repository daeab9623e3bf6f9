internal import Core

/// What follows once new versions have all traffic for good. None of it changes how the release has ended.
struct Aftermath: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let alias: String

  /// Runs the hooks of everything that `journal` tells to be promoted, and deletes the versions that are old then.
  ///
  /// - Parameter hooks: the hooks of each function by logical name.
  func carryOut(_ hooks: [String: FunctionHooks], journal: ReleaseJournal) async {
    let report = journal.report
    guard report.error == nil, !report.wasInterrupted, !Task.isCancelled else { return }
    await runAfterTraffic(hooks, report, journal)
    await Pruner.tidy(after: report, services: services, settings: settings)
    journal.markTidied(Set(report.functions.filter { $0.outcome == .promoted }.map(\.function)))
  }

  private func runAfterTraffic(
    _ hooks: [String: FunctionHooks], _ report: ReleaseReport, _ journal: ReleaseJournal
  ) async {
    guard let release = report.release else { return }
    let wishes = report.functions.compactMap { report -> (arguments: [String], subject: HookCall.Subject)? in
      guard report.outcome == .promoted, !report.isTidied, let version = report.toVersion,
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
        journal.tell(
          .warning(
            nil, "the afterTraffic hook \(call.arguments[0]) failed: \(error.reason); the release stands"))
      }
    }
  }
}
