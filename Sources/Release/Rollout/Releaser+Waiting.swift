public import Core

extension Releaser {
  /// How long to leave another run alone that is publishing, before this one plans anew.
  private static let pause = TimeSpan.seconds(10)

  /// Plans and deploys; where another run is at it and nothing was touched, waits until its rollout is over and plans
  /// anew.
  ///
  /// - Parameters:
  ///   - span: how long to wait for other runs in all; nil ends at once with
  ///     ``ReleaseError/owned(function:alias:by:)``.
  ///   - plan: compares with what is deployed then.
  /// - Throws: what `plan` throws.
  public func deploy(
    waitingAtMost span: TimeSpan?, packages: any PackageSource,
    plan: @Sendable () async throws -> ReleasePlan
  ) async throws -> ReleaseReport {
    let deadline = span.map { services.serverTime() + $0 }
    while true {
      let plan = try await plan()
      let report = await deploy(plan, packages: packages)
      guard let deadline, report.isRefused, services.serverTime() < deadline else { return report }
      guard await isFree(plan, until: deadline) else { return report }
    }
  }

  /// Whether the aliases of `plan` have nobody driving them by `deadline`; also not when the wait itself ends early.
  private func isFree(_ plan: ReleasePlan, until deadline: Timestamp) async -> Bool {
    let names = plan.functions.map {
      FunctionName(function: $0.input.function, functionName: $0.input.functionName)
    }
    do {
      try await services.clock.sleep(for: Self.pause)
      return try await OwnerWait(services: services, alias: alias, parallel: settings.parallel)
        .wait(for: names, until: deadline)
    } catch {
      services.report(.note(nil, "the wait for the other run has ended: \(error)"))
      return false
    }
  }
}

extension ReleaseReport {
  /// Whether another run was in the way before this one had touched any traffic.
  fileprivate var isRefused: Bool {
    guard !hasMovedTraffic, !wasInterrupted else { return false }
    switch error {
    case .owned, .changedMeanwhile: return true
    default: return false
    }
  }
}
