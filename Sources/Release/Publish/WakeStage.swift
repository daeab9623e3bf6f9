internal import AWSClient
internal import Core

/// Wakes the versions of a release that Lambda has put to sleep. The new ones could not pass their smoke tests; where
/// both serve, the stable ones would fail for no fault of theirs, and be no measure.
struct WakeStage: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings

  /// - Throws: ``ReleaseError`` for the first that does not wake.
  func wake(_ candidates: [Candidate]) async throws(ReleaseError) {
    let isStepped = !settings.plan.steps.isEmpty
    let asleep = candidates.flatMap { candidate -> [(input: FunctionInput, version: String)] in
      let (new, stable) = (candidate.publication.version, candidate.serving.description.configuration)
      let versions =
        (isStepped && stable.state == "Inactive" ? [stable.version] : [])
        + (new.isAsleep ? [new.version] : [])
      return versions.map { (candidate.publication.plan.input, $0) }
    }
    let call = WakeUpCall(services, timeout: settings.timeout)
    _ = try await Concurrent.map(asleep, limit: settings.parallel) { input, version throws(ReleaseError) in
      try await call.wake(input.name, version: version, event: input.smokeTests.first?.event)
    }
  }
}
