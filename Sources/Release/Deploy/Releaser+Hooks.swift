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
}
