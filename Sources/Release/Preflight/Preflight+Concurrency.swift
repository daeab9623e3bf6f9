package import AWSClient
internal import Core

extension Preflight {
  /// SnapStart and provisioned concurrency exclude each other, so that an alias with the latter cannot move to a
  /// version with the former, in steps or at once.
  static func snapStart(_ facts: PreflightFacts) -> PreflightFinding? {
    guard facts.provisioned != nil, facts.next.usesSnapStart else { return nil }
    return .refusal(
      facts.name.function,
      "\(facts.next.label) uses SnapStart, and the alias \(facts.alias) has provisioned concurrency: "
        + "Lambda does not give a version both",
      fix: "take the provisioned concurrency off the alias, or set \"snapStart\": {\"applyOn\": \"None\"}")
  }

  static func provisioned(_ facts: PreflightFacts) -> PreflightFinding? {
    // With SnapStart there is no way at all, which another rule says.
    guard facts.heaviest != nil, !facts.next.usesSnapStart, let provisioned = facts.provisioned else {
      return nil
    }
    return self.provisioned(provisioned, on: facts.alias, of: facts.name.function)
  }

  /// Whether steps are impossible because the alias has provisioned concurrency: Lambda refuses weights beside it.
  package static func provisioned(
    _ provisioned: ProvisionedConcurrency, on alias: String, of function: String
  ) -> PreflightFinding {
    .refusal(
      function,
      "the alias \(alias) has provisioned concurrency (\(provisioned.requested)), and Lambda gives no such alias "
        + "weights: its traffic cannot move in steps",
      fix: "put the provisioned concurrency on the version, or deploy with --all-at-once")
  }

  /// Whether the function's own share of the concurrency is enough while both versions serve.
  static func reservedConcurrency(_ facts: PreflightFacts) -> PreflightFinding? {
    guard facts.heaviest != nil, let reserved = facts.reserved else { return nil }
    guard reserved > 0 else {
      return .warning(
        facts.name.function,
        "its reserved concurrency is 0, so that Lambda throttles every invocation: the canary will see no traffic",
        fix: "raise the reserved concurrency, or take it away")
    }
    let needed = facts.concurrencyNeeded
    guard needed > reserved else { return nil }
    return .warning(
      facts.name.function,
      "it may need \(needed) concurrent executions while both versions serve (\(facts.traffic?.mostConcurrent ?? 0) "
        + "in the last hour), and \(reserved) are reserved for it",
      fix: "raise the reserved concurrency, begin with a smaller weight, or release at a quieter time")
  }

  /// The concurrency of an account that AWS has only just opened; every other has more:
  /// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  static let smallestAccount = 10

  /// What the functions that have no concurrency of their own may need together while both versions of each serve.
  static func unreservedNeed(_ facts: [PreflightFacts]) -> Int {
    facts.filter { $0.reserved == nil }.map(\.concurrencyNeeded).reduce(0, +)
  }

  /// Whether what functions without a reservation share is enough while both versions of each serve.
  ///
  /// - Parameter unreserved: the account's concurrency that no function has reserved.
  static func unreservedConcurrency(_ facts: [PreflightFacts], unreserved: Int) -> PreflightFinding? {
    let needed = unreservedNeed(facts)
    guard needed > unreserved else { return nil }
    let sharing = facts.filter { $0.reserved == nil }
    let most = sharing.compactMap(\.traffic?.mostConcurrent).reduce(0, +)
    let names = sharing.filter { $0.concurrencyNeeded > 0 }.map(\.name.function).joined(separator: ", ")
    return .warning(
      nil,
      "\(names) may need \(needed) concurrent executions while both versions serve (\(most) in the last hour), and "
        + "the account has \(unreserved) that are not reserved",
      fix: "ask AWS for more, begin with a smaller weight, or release at a quieter time")
  }
}
