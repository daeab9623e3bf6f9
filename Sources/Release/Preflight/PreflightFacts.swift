internal import AWSClient
internal import Core

/// What is known of a function whose new version is about to get traffic.
struct PreflightFacts: Sendable {
  /// Its names.
  let name: FunctionName
  /// The alias whose traffic moves.
  let alias: String
  /// The version that serves.
  let stable: FunctionConfiguration
  /// The version on trial.
  let published: PublishedVersion
  /// The largest share that the version on trial gets beside the stable one; nil where all traffic moves at once.
  let heaviest: Weight?
  /// Concurrency that only this function may use; nil where it draws on the account's.
  let reserved: Int?
  /// Concurrency that is kept ready for the alias.
  var provisioned: ProvisionedConcurrency?
  /// What CloudWatch counted in the last hour; nil where that is not known.
  var traffic: HourOfTraffic?

  /// The concurrent executions that stable and new version may need together while both serve: the last hour's most,
  /// and the new version's share on top. An upper bound.
  var concurrencyNeeded: Int {
    guard let traffic, let heaviest else { return 0 }
    let more = Double(traffic.mostConcurrent) * heaviest.fraction
    // A tenth of 100 must not come to 11 by the last bit of a product.
    return traffic.mostConcurrent + Int((more - 1e-6).rounded(.up))
  }
}
