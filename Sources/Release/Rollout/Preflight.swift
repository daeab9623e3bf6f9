internal import AWSClient
internal import Core

/// The rules of Lambda and of caution that must hold before a canary gets its first weight.
enum Preflight {
  /// Checks that functions that are to be made have what Lambda does not make a function without.
  ///
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)``.
  static func checkCreations(_ plan: ReleasePlan) throws(ReleaseError) {
    for function in plan.functions {
      guard case .missing = function.deployed, function.input.configuration.members["Role"] == nil else {
        continue
      }
      throw .preflight(
        function: function.input.function,
        rule: "the Lambda function does not exist yet, and nothing says which execution role it is to have",
        fix: "set \"role\" in lamctl.json or in its function.json")
    }
  }

  /// Checks that `published` may stand beside the serving version behind one alias.
  ///
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)`` naming the first rule that does not hold.
  static func check(
    _ serving: ServingFunction, against published: PublishedVersion, function: String
  ) throws(ReleaseError) {
    let stable = serving.description.configuration
    func broken(_ rule: String, _ fix: String) -> ReleaseError {
      .preflight(function: function, rule: rule, fix: fix)
    }
    guard stable.version != "$LATEST" else {
      throw broken(
        "the alias names $LATEST, and weights need published versions on both sides",
        "deploy once with --all-at-once, which gives the alias a version")
    }
    // https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
    guard stable.role == published.role else {
      throw broken(
        "versions \(stable.version) and \(published.version) have different execution roles, which one alias "
          + "cannot weigh against each other", "deploy with --all-at-once")
    }
    let deadLetterTarget = stable.members["DeadLetterConfig"]?["TargetArn"]?.string
    guard deadLetterTarget == published.deadLetterTarget else {
      throw broken(
        "versions \(stable.version) and \(published.version) have different dead-letter targets, which one alias "
          + "cannot weigh against each other", "deploy with --all-at-once")
    }
  }

  /// Checks that an alias still sends its traffic where the record of a rollout under way says: whoever moved it by
  /// hand meant it.
  ///
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)``.
  static func checkRouting(
    _ alias: AliasConfiguration, of record: RolloutRecord, function: String
  ) throws(ReleaseError) {
    let others = alias.weights.filter { $0.value != 0 }
    let isAsRecorded: Bool
    switch record.state {
    case .idle, .rolledBack: return
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
    guard !isAsRecorded else { return }
    throw .preflight(
      function: function,
      rule:
        "somebody has moved the alias \(alias.name) since release \(record.release) set its weights: it names version "
        + "\(alias.functionVersion)\(others.isEmpty ? "" : " with \(shares(others))")",
      fix: "find out who and why, then move it with lamctl rollback --to")
  }

  private static func shares(_ weights: [String: Double]) -> String {
    weights.sorted { $0.key < $1.key }
      .map { "version \($0.key) at \(($0.value * 100).formatted(digits: 2)) %" }.joined(separator: ", ")
  }

  /// Checks that nobody but lamctl has split the alias's traffic.
  ///
  /// - Throws: ``ReleaseError/preflight(function:rule:fix:)``.
  static func checkWeights(_ serving: ServingFunction, function: String) throws(ReleaseError) {
    guard let alias = serving.alias, !alias.weights.isEmpty else { return }
    if let record = serving.record, record.state.isUnderWay { return }
    throw .preflight(
      function: function,
      rule: "the alias has weights that lamctl did not set (\(shares(alias.weights)))",
      fix:
        "find out who set them, and clear them in the console or with aws lambda update-alias --routing-config "
        + "AdditionalVersionWeights={}")
  }
}
