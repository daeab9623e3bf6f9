package import AWSClient

/// What AWS has of one function.
package enum Deployed: Sendable {
  /// No Lambda function of that name.
  case missing
  /// The Lambda function exists, but the environment's alias does not.
  case withoutAlias(latest: FunctionDescription)
  /// The alias exists; its main version serves.
  case serving(ServingFunction)
}

/// A function behind its alias.
package struct ServingFunction: Sendable {
  /// The version that the alias names, as GetFunction describes it.
  package let description: FunctionDescription
  /// What lamctl wrote when it published that version; nil when somebody else made it.
  package let provenance: VersionProvenance?
  /// The alias, in a reading that agrees with ``description``. Read only where something is to be done, or where `$LATEST`
  /// differs from the alias's version: a rollout may have been left behind there, or taken back.
  package let snapshot: AliasSnapshot?

  /// The number of the version that serves.
  package var version: String { description.configuration.version }

  /// What the alias's Description says of rollouts.
  package var record: RolloutRecord? { snapshot?.record }
}
