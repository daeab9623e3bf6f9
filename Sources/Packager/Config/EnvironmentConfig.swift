package import Core

/// Where and how to release: one entry of `environments` with what it inherits.
package struct EnvironmentConfig: Sendable {
  /// Name, as in `lamctl deploy NAME`.
  package let name: String
  /// Alias whose traffic is shifted; the name by default.
  package private(set) var alias: String
  /// AWS region, if the configuration names one.
  package let region: String?
  /// The only account that may be deployed to: 12 digits.
  package let account: String?
  /// Branches that may be deployed from; empty for any.
  package let branches: [String]
  /// What becomes of settings that others have changed.
  package let drift: DriftPolicy
  /// Bucket for packages above 50 MB.
  package let bucket: String?
  /// The sandbox or another endpoint; nil for AWS itself.
  package let endpoint: EndpointSetting?
  /// How releases move traffic.
  package let rollout: RolloutConfig
  /// Aliases kept beside ``alias``.
  package private(set) var companions: CompanionConfig
  /// Program and arguments to run before the first weight.
  package let beforeTraffic: [String]?
  /// Program and arguments to run once all traffic has moved.
  package let afterTraffic: [String]?
  /// `defaults` of the environment, not interpolated.
  let defaults: ConfigValue?

  /// Reads an interpolated entry. `value` is nil for an environment that no file declares.
  init(
    name: String, value: ConfigValue?, rollout: RolloutConfig, hooks: ConfigValue?,
    companions: CompanionConfig = CompanionConfig()
  ) {
    let reader = ConfigReader(value)
    self.name = name
    alias = reader.string("alias") ?? name
    region = reader.string("region")
    account = reader.string("account")
    branches = reader.strings("branches")
    drift = reader.choice("drift") ?? .tell
    bucket = reader.string("bucket")
    endpoint = reader.string("endpoint").flatMap(EndpointSetting.init(parsing:))
    self.rollout = rollout
    self.companions = companions
    beforeTraffic = hooks?["beforeTraffic"]?.strings
    afterTraffic = hooks?["afterTraffic"]?.strings
    defaults = value?["defaults"]
  }

  /// Whether `text` can be the name of an alias.
  package static func isAlias(_ text: String) -> Bool { TextRule.alias.fault(in: text) == nil }

  /// The same for another alias, which has no companions.
  package func at(alias: String) -> EnvironmentConfig {
    var other = self
    if alias != other.alias { other.companions = CompanionConfig() }
    other.alias = alias
    return other
  }
}
