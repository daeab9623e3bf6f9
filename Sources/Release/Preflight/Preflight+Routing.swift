internal import AWSClient
internal import Core

extension Preflight {
  /// Whether an alias still sends its traffic where the record of a rollout under way says: whoever moved it by hand
  /// meant it.
  static func movedRouting(
    _ alias: AliasConfiguration, of record: RolloutRecord, function: String
  ) -> PreflightFinding? {
    let others = alias.weights.filter { $0.value != 0 }
    let isAsRecorded: Bool
    switch record.state {
    case .idle, .triggers, .rolledBack: return nil
    case .canary, .hold:
      // Lambda gives back the fraction it was given; the record keeps thousandths of a percent.
      let weight = record.canary.flatMap { others[$0] } ?? 0
      isAsRecorded =
        alias.functionVersion == record.stable && others.count <= 1
        && ((record.weight?.fraction ?? 0) - weight).magnitude < 0.0001
    case .bake, .commit:
      // While provisioned concurrency is moved, Lambda itself leaves a weight on the version before.
      isAsRecorded = alias.functionVersion == record.canary && others.keys.allSatisfy { $0 == record.stable }
    }
    guard !isAsRecorded else { return nil }
    return .refusal(
      function,
      "somebody has moved the alias \(alias.name) since release \(record.release) set its weights: it names version "
        + "\(alias.functionVersion)\(others.isEmpty ? "" : " with \(AliasConfiguration.words(others))")",
      fix: "find out who and why, then move it with lamctl rollback --to")
  }

  /// Whether somebody else than lamctl has split the alias's traffic.
  ///
  /// - Parameter provisioned: the alias's provisioned concurrency. Lambda gives an alias weights of its own while it
  ///   moves that from one version to the next, and refuses everybody else's.
  static func foreignWeights(
    _ alias: AliasConfiguration, provisioned: ProvisionedConcurrency?, function: String
  ) -> PreflightFinding? {
    let others = alias.weights.filter { $0.value != 0 }
    guard !others.isEmpty else { return nil }
    guard let provisioned else {
      return .refusal(
        function, "the alias has weights that lamctl did not set (\(AliasConfiguration.words(others)))",
        fix:
          "find out who set them; lamctl rollback --only \(function) --to \(alias.functionVersion) gives version "
          + "\(alias.functionVersion) all traffic")
    }
    guard provisioned.status != "FAILED" else {
      return .refusal(
        function,
        "Lambda could not move the provisioned concurrency of the alias \(alias.name) to version "
          + "\(alias.functionVersion) and has left weights (\(AliasConfiguration.words(others))): \(provisioned.statusReason ?? "no reason")",
        fix: "mend what Lambda names; lamctl rollback --to takes all traffic to one version")
    }
    return .refusal(
      function,
      "Lambda is still moving the provisioned concurrency of the alias \(alias.name) to version "
        + "\(alias.functionVersion) (\(AliasConfiguration.words(others)))",
      fix: "wait until that is over, and deploy again")
  }
}
