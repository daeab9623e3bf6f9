internal import AWSClient
internal import Core

extension Releaser {
  private var reader: PreflightReader {
    PreflightReader(services: services, alias: alias, settle: settings.settle, parallel: settings.parallel)
  }

  /// Refuses to replace what serves by something older.
  ///
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)``.
  func refuseOlder(_ plan: ReleasePlan) async throws(ReleaseError) {
    guard !settings.allowsOlder, let history = services.history else { return }
    try refuse(await Preflight.olderCommits(in: plan, commit: identity.commit, history: history))
  }

  /// Refuses to touch weights that nobody knows the reason of.
  ///
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)``.
  func refuseForeignWeights(_ alias: AliasConfiguration, of name: FunctionName) async throws(ReleaseError) {
    guard alias.weights.contains(where: { $0.value != 0 }) else { return }
    let provisioned = await reader.provisioned([name])[name.function]
    try Preflight.foreignWeights(alias, provisioned: provisioned, function: name.function)?.enforce()
  }

  /// Checks that every candidate may get traffic; what is only worth knowing is told of.
  ///
  /// - Parameter functions: how many functions the release moves.
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)`` naming the first rule that does not hold, and
  ///   ``ReleaseError/interrupted``.
  func preflight(
    _ candidates: [Candidate], functions: Int, report: inout ReleaseReport
  ) async throws(ReleaseError) {
    guard !candidates.isEmpty else { return }
    let facts = await reader.completed(candidates.map(facts))
    if Task.isCancelled { throw .interrupted }
    var findings = facts.flatMap(Preflight.findings)
    if Preflight.unreservedNeed(facts) > Preflight.smallestAccount,
      let unreserved = await reader.unreserved(),
      let finding = Preflight.unreservedConcurrency(facts, unreserved: unreserved)
    {
      findings.append(finding)
    }
    if !settings.adoptsDescription {
      let now = services.serverTime()
      findings += candidates.compactMap {
        Preflight.userText(of: $0.member, settings: settings, functions: functions, at: now)
      }
    }
    if Task.isCancelled { throw .interrupted }
    for finding in findings where finding.severity == .warning {
      services.report(.note(finding.function, "warning: \(finding.rule); \(finding.fix)"))
      report.warnings.append(finding.description)
    }
    try refuse(findings)
    try await wake(candidates)
  }

  private func facts(_ candidate: Candidate) -> PreflightFacts {
    let input = candidate.publication.work.plan.input
    return PreflightFacts(
      name: input.name, alias: alias, stable: candidate.serving.description.configuration,
      published: candidate.publication.version, heaviest: settings.plan.heaviest,
      reserved: input.ownsConfiguration
        ? input.configuration.reservedConcurrency ?? candidate.serving.description.reservedConcurrency
        : candidate.serving.description.reservedConcurrency)
  }

  /// Ends the release with the first finding that refuses it, after the others were told of.
  private func refuse(_ findings: [PreflightFinding]) throws(ReleaseError) {
    let refusals = findings.filter { $0.severity == .refusal }
    for finding in refusals.dropFirst() { services.report(.note(finding.function, finding.rule)) }
    try refusals.first?.enforce()
  }

  /// Wakes the versions that Lambda has put to sleep. The new ones could not pass their smoke tests; where both serve,
  /// the stable ones would fail for no fault of theirs, and be no measure.
  private func wake(_ candidates: [Candidate]) async throws(ReleaseError) {
    let isStepped = !settings.plan.steps.isEmpty
    let asleep = candidates.flatMap { candidate -> [(input: FunctionInput, version: String)] in
      let (new, stable) = (candidate.publication.version, candidate.serving.description.configuration)
      let versions =
        (isStepped && stable.state == "Inactive" ? [stable.version] : [])
        + (new.isAsleep ? [new.version] : [])
      return versions.map { (candidate.publication.work.plan.input, $0) }
    }
    let call = WakeUpCall(services, timeout: settings.timeout)
    let results = await Concurrent.map(asleep, limit: settings.parallel) {
      input, version -> Result<Void, ReleaseError> in
      do throws(ReleaseError) {
        try await call.wake(input.name, version: version, event: input.smokeTests.first?.event)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    for result in results { try result.get() }
  }
}

extension StepPlan {
  /// The largest share of a step; nil without steps, where all traffic moves at once.
  fileprivate var heaviest: Weight? {
    steps.compactMap { step in
      guard case .traffic(let weight, _) = step else { return nil }
      return weight
    }.max()
  }
}
