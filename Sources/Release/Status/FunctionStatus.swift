public import Core

/// How one function stands in an environment.
public struct FunctionStatus: Sendable {
  /// Logical name.
  public let function: String
  /// Name of the Lambda function.
  public let functionName: String
  /// How the alias stands; nil where there is none.
  public let alias: AliasStatus?
  /// What others have changed in `$LATEST`; nil where nobody has, or nobody has looked.
  public var drift: ForeignChanges?
}

/// How an alias stands.
public struct AliasStatus: Sendable {
  /// The version that the alias names.
  public let version: String
  /// The share of traffic of each version, 0 to 1; they add up to 1.
  public let weights: [String: Double]
  /// What the record says; nil where lamctl has written none.
  public let record: RolloutRecord?
  /// How somebody has moved the alias by hand since the record was written; nil where nobody has.
  public let move: AliasMove?
  /// Where the main version comes from; nil where lamctl did not make it.
  public let provenance: VersionProvenance?
  /// When the main version was made.
  public let published: Timestamp?
  /// Invocations and errors of each version with traffic over the last hour.
  public let lastHour: [String: Counts]

  /// The word for where the rollout stands; `idle` where nothing is under way.
  public var state: String { record?.state.word ?? "idle" }
}
