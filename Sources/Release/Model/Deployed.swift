public import AWSClient

/// What AWS has of one function.
public enum Deployed: Sendable {
  /// No Lambda function of that name.
  case missing
  /// The Lambda function exists, but the environment's alias does not.
  case withoutAlias(latest: FunctionDescription)
  /// The alias exists; its main version serves.
  case serving(ServingFunction)
}

/// A function behind its alias.
public struct ServingFunction: Sendable {
  /// The version that the alias names, as GetFunction describes it.
  public let description: FunctionDescription
  /// What lamctl wrote when it published that version; nil when somebody else made it.
  public let provenance: VersionProvenance?
  /// The alias, in a reading that agrees with ``description``. Read only where something is to be done, or where `$LATEST`
  /// differs from the alias's version: a rollout may have been left behind there, or taken back.
  public let snapshot: AliasSnapshot?

  /// The number of the version that serves.
  public var version: String { description.configuration.version }

  /// What the alias's Description says of rollouts.
  public var record: RolloutRecord? { snapshot?.record }
}
