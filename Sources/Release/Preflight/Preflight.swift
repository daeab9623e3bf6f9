internal import AWSClient
internal import Core

/// The rules of Lambda and of caution that must hold before a new version gets its first traffic. Each is a pure
/// function: facts in, finding out.
package enum Preflight {
  /// Everything that speaks against giving one function's new version traffic.
  static func findings(_ facts: PreflightFacts) -> [PreflightFinding] {
    let rules: [(PreflightFacts) -> PreflightFinding?] = [
      publishedStable, sameRole, sameDeadLetterTarget, snapStart, provisioned, reservedConcurrency, bypass,
    ]
    return rules.compactMap { $0(facts) }
  }

  /// What speaks against a version that Lambda has made, and could be foreseen only so far.
  static func findings(_ candidate: PublishedVersion, of plan: FunctionPlan, alias: String, heaviest: Weight?)
    -> [PreflightFinding]
  {
    guard var facts = PreflightFacts(plan, alias: alias, heaviest: heaviest) else { return [] }
    facts.next = NextVersion(candidate)
    return [sameRole, sameDeadLetterTarget].compactMap { $0(facts) }
  }

  /// Whether credentials that cannot be renewed last as long as the rollout.
  static func credentials(_ settings: ReleaseSettings, from now: Timestamp) -> PreflightFinding? {
    guard let end = settings.credentialsEnd else { return nil }
    let needed = settings.plan.duration + settings.bake + settings.settle * 2
    guard now + needed > end else { return nil }
    return .warning(
      nil,
      "the credentials end at \(end.iso8601) and cannot be renewed, and the rollout takes \(needed) at least: it ends "
        + (settings.onInterrupt == .leave ? "on its way" : "with its traffic taken back")
        + " shortly before that",
      fix: "use credentials that last as long")
  }

  /// Whether a function that is to be made has what Lambda does not make a function without.
  static func creation(_ plan: FunctionPlan) -> PreflightFinding? {
    guard lacksRole(plan), plan.input.configuration.inferred["Role"] == nil else { return nil }
    return .refusal(
      plan.input.function,
      "the Lambda function does not exist yet, and nothing says which execution role it is to have",
      fix: roleFix)
  }

  /// Whether a function is made only because it is a rehearsal: AWS would refuse it.
  static func rehearsedRole(_ plan: FunctionPlan) -> PreflightFinding? {
    guard lacksRole(plan), plan.input.configuration.inferred["Role"] != nil else { return nil }
    return .warning(
      plan.input.function,
      "nothing says which execution role the new function is to have: the sandbox gives it one, and AWS would refuse it",
      fix: roleFix)
  }

  private static let roleFix = "set \"role\" in lamctl.json or in its function.json"

  private static func lacksRole(_ plan: FunctionPlan) -> Bool {
    guard case .missing = plan.deployed else { return false }
    return plan.input.configuration.members["Role"] == nil
  }
}
