public import LambdaSettings
public import Triggers

/// What a deploy or rollback did to one function.
public struct FunctionReport: Sendable {
  /// Logical name.
  public let function: String
  /// Name of the Lambda function.
  public let functionName: String
  /// What was to be done.
  public var change: Change
  /// Why.
  public var reasons: [String]
  /// The version that served before; nil before the first deploy.
  public var fromVersion: String?
  /// The version that was made, or gone back to.
  public var toVersion: String?
  /// `CodeSha256` of that version.
  public var codeSHA256: String?
  /// Its `src`, `pkg` and `cfg`, each 32 hexadecimal digits; `pkg` is nil where nothing was built.
  public var digests: (source: String, package: String?, configuration: String)?
  /// How it ended.
  public var outcome: Outcome
  /// Why it failed, where that is this function's own affair.
  public var failure: ReleaseError?
  /// The settings that were to change.
  public var settings: [SettingDifference] = []
  /// The share of traffic of each version, 0 to 1, as far as this run has seen or set it; empty where there is no
  /// alias.
  public var serving: [String: Double] = [:]
  /// What the judge said last.
  public var verdict: Verdict?
  /// What others have changed, as its reasons say it.
  var foreign: [String] = []
  /// Whether going back is what the repository wanted of it.
  var isAbandoned = false
  /// Whether what follows a promotion has been done already.
  var isTidied = false
  /// Whether the alias was read back after a rollback and gives the version before all traffic.
  public var isVerified = false
  /// The first distinct errors that the new version logged, where it was taken back.
  public var errors: [LoggedError] = []
  /// What the new version cost, where it was taken back and that is known.
  public var cost: CostComparison?
  /// What became of its triggers; nil where they were not looked at.
  public var edges: EdgeResult?
  /// The address of its preview; nil where it has none.
  public var url: String?
}
