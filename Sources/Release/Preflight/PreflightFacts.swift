internal import AWSClient
internal import Core

/// What matters of a version on trial beside the stable one.
struct NextVersion: Hashable, Sendable {
  /// Its number in words: `version 42`, or `the new version` before it has one.
  let label: String
  /// The execution role, which two versions of one alias must share.
  let role: String
  /// Where failed asynchronous events go, which they must share too.
  let deadLetterTarget: String?
  /// Whether it starts from a snapshot, which excludes provisioned concurrency.
  let usesSnapStart: Bool

  /// One that Lambda has made.
  init(_ version: PublishedVersion) {
    label = "version \(version.version)"
    role = version.role
    deadLetterTarget = version.deadLetterTarget
    usesSnapStart = version.usesSnapStart
  }

  /// The one that `plan` will come to: what the manifest states, and else what `$LATEST` has, but for settings that only
  /// another version of ours brought.
  init(_ plan: FunctionPlan, serving: FunctionConfiguration) {
    let stated = plan.configures ? plan.input.configuration.members : JSONObject()
    func member(_ name: String) -> JSON? {
      if let value = stated[name] { return value }
      guard let latest = plan.latest else { return serving.members[name] }
      guard plan.configures, let base = plan.base, !Comparison.differing(latest, base).contains(name) else {
        return latest.members[name]
      }
      return serving.members[name]
    }
    label = "the new version"
    role = member("Role")?.string ?? serving.role
    let target = member("DeadLetterConfig")?["TargetArn"]?.string
    deadLetterTarget = target?.isEmpty == false ? target : nil
    usesSnapStart = member("SnapStart")?["ApplyOn"]?.string == "PublishedVersions"
  }
}

/// What is known of a function whose new version is about to get traffic.
struct PreflightFacts: Sendable {
  /// Its names.
  let name: FunctionName
  /// The alias whose traffic moves.
  let alias: String
  /// The version that serves.
  let stable: FunctionConfiguration
  /// The version on trial, as far as it is known before it is published.
  var next: NextVersion
  /// The largest share that the version on trial gets beside the stable one; nil where all traffic moves at once.
  let heaviest: Weight?
  /// Whether what serves becomes a version first.
  var isAdopted = false
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

extension PreflightFacts {
  /// What `plan` tells by itself.
  ///
  /// - Parameter heaviest: the largest share that the version on trial gets beside the stable one.
  /// - Returns: nil where no version takes the place of another.
  init?(_ plan: FunctionPlan, alias: String, heaviest: Weight?) {
    guard plan.change != .none else { return nil }
    let live: FunctionDescription
    switch plan.deployed {
    case .missing: return nil
    case .withoutAlias(let latest):
      // Without an adoption there is nothing to compare with.
      guard plan.adoption != nil else { return nil }
      live = latest
    case .serving(let serving): live = serving.description
    }
    name = plan.input.name
    self.alias = alias
    stable = live.configuration
    next = NextVersion(plan, serving: live.configuration)
    self.heaviest = heaviest
    isAdopted = plan.adoption.map { $0.stage != .begun } ?? false
    let stated = plan.input.ownsConfiguration ? plan.input.configuration.reservedConcurrency : nil
    reserved = stated ?? live.reservedConcurrency
  }
}
