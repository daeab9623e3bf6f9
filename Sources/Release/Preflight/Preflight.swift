internal import AWSClient
internal import Core

/// The rules of Lambda and of caution that must hold before a new version gets its first traffic. Each is a pure
/// function: facts in, finding out.
public enum Preflight {
  /// Everything that speaks against giving one function's new version traffic.
  static func findings(_ facts: PreflightFacts) -> [PreflightFinding] {
    let rules: [(PreflightFacts) -> PreflightFinding?] = [
      publishedStable, sameRole, sameDeadLetterTarget, snapStart, provisioned, reservedConcurrency, bypass,
    ]
    return rules.compactMap { $0(facts) }
  }

  /// Whether a function that is to be made has what Lambda does not make a function without.
  static func creation(_ plan: FunctionPlan) -> PreflightFinding? {
    guard case .missing = plan.deployed, plan.input.configuration.members["Role"] == nil else { return nil }
    return .refusal(
      plan.input.function,
      "the Lambda function does not exist yet, and nothing says which execution role it is to have",
      fix: "set \"role\" in lamctl.json or in its function.json")
  }
}
