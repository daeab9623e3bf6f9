internal import AWSClient
internal import Core

extension Preflight {
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
