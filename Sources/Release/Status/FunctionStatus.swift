package import Core

/// How one function stands in an environment.
package struct FunctionStatus: Sendable {
  /// Logical name.
  package let function: String
  /// Name of the Lambda function.
  package let functionName: String
  /// How the alias stands; nil where there is none.
  package let alias: AliasStatus?
  /// What others have changed in `$LATEST`; nil where nobody has, or nobody has looked.
  package var drift: ForeignChanges?
}

/// How an alias stands.
package struct AliasStatus: Sendable {
  /// The version that the alias names.
  package let version: String
  /// The share of traffic of each version, 0 to 1; they add up to 1.
  package let weights: [String: Double]
  /// What the record says; nil where lamctl has written none.
  package let record: RolloutRecord?
  /// How somebody has moved the alias by hand since the record was written; nil where nobody has.
  package let move: AliasMove?
  /// Where the main version comes from; nil where lamctl did not make it.
  package let provenance: VersionProvenance?
  /// Where the version comes from that a rollout under way is about; nil where none is, or lamctl did not make it.
  package let trial: VersionProvenance?
  /// When the main version was made.
  package let published: Timestamp?
  /// Invocations and errors of each version with traffic over the last hour.
  package let lastHour: [String: Counts]

  /// The word for where the rollout stands; `idle` where nothing is under way.
  package var state: String { record?.state.word ?? "idle" }
}
