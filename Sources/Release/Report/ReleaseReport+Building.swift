internal import AWSClient

extension ReleaseReport {
  /// The report of a deploy that has done nothing yet.
  init(_ plan: ReleasePlan) {
    environment = plan.environment
    alias = plan.alias
    outcome = .unchanged
    functions = plan.functions.map { plan in
      FunctionReport(
        function: plan.input.function, functionName: plan.input.functionName, change: plan.change,
        reasons: plan.reasons, fromVersion: plan.servingVersion, toVersion: plan.unfinished?.record.canary,
        codeSHA256: nil,
        digests: (plan.input.sourceDigest, plan.provenance?.package, plan.input.configurationDigest),
        outcome: .unchanged, serving: plan.serving)
    }
  }

  /// Changes what is said of one function.
  mutating func update(_ function: String, _ change: (inout FunctionReport) -> Void) {
    guard let index = functions.firstIndex(where: { $0.function == function }) else { return }
    change(&functions[index])
  }

  /// Takes over what was seen, and what the judge has said of it.
  mutating func take(_ look: Observation) {
    for (function, verdict) in look.verdict.functions { update(function) { $0.verdict = verdict } }
    verdict = look.verdict.verdict
    evidence = look.evidence
  }

  /// The rollout of `members` has ended.
  mutating func end(_ outcome: Outcome, members: [RolloutTarget]) {
    end(outcome, members: members) { _ in outcome }
  }

  /// The rollout of `members` has ended, for each in its own way.
  mutating func end(_ outcome: Outcome, members: [RolloutTarget], each: (RolloutTarget) -> Outcome) {
    self.outcome = outcome
    for member in members {
      let own = each(member)
      if own != outcome { isPartial = true }
      update(member.function) { report in
        report.outcome = own
        report.toVersion = member.canary
        report.serving = member.routing.shares
      }
    }
  }

  /// The aliases of these functions read as a rollback has left them.
  mutating func markVerified(_ functions: Set<String>) {
    for function in functions { update(function) { $0.isVerified = true } }
  }

  /// The run has failed.
  mutating func fail(with error: ReleaseError) {
    self.error = error
    for index in functions.indices
    where functions[index].outcome == .unchanged && functions[index].change != .none {
      functions[index].outcome = .failed
    }
    if case .interrupted = error { wasInterrupted = true }
    if outcome == .unchanged || outcome == .published { outcome = .failed }
  }
}

extension FunctionPlan {
  /// The share of traffic of each version, as the plan has found it.
  fileprivate var serving: [String: Double] {
    guard case .serving(let serving) = deployed else { return [:] }
    return serving.alias?.shares ?? [serving.version: 1]
  }
}
