package import LambdaSettings
package import Triggers

/// What a deploy or rollback did to one function.
package struct FunctionReport: Sendable {
  /// Logical name.
  package let function: String
  /// Name of the Lambda function.
  package let functionName: String
  /// What was to be done.
  package var change: Change
  /// Why.
  package var reasons: [String]
  /// The version that served before; nil before the first deploy.
  package var fromVersion: String?
  /// The version that was made, or gone back to.
  package var toVersion: String?
  /// `CodeSha256` of that version.
  package var codeSHA256: String?
  /// Its `src`, `pkg` and `cfg`, each 32 hexadecimal digits; `pkg` is nil where nothing was built.
  package var digests: (source: String, package: String?, configuration: String)?
  /// How it ended.
  package var outcome: Outcome
  /// Why it failed, where that is this function's own affair.
  package var failure: ReleaseError?
  /// The settings that were to change.
  package var settings: [SettingDifference] = []
  /// The share of traffic of each version, 0 to 1, as far as this run has seen or set it; empty where there is no
  /// alias.
  package var serving: [String: Double] = [:]
  /// What the judge said last.
  package var verdict: Verdict?
  /// What others have changed, as its reasons say it.
  var foreign: [String] = []
  /// How somebody has moved its alias, where this run had nothing to release there; nil where nobody has.
  package var moved: AliasMove?
  /// Whether its rollout waits for a person by its record.
  package var isHeld = false
  /// Who drives its rollout, where this run has left it to them; nil where it has not.
  package var driver: String?
  /// Whether its rollout stood in a pause before this run, and is none of what it has released.
  var wasInPause = false
  /// Whether going back is what the repository wanted of it.
  var isAbandoned = false
  /// Whether what follows a promotion has been done already.
  var isTidied = false
  /// Whether the alias was read back after a rollback and gives the version before all traffic.
  package var isVerified = false
  /// The first distinct errors that the new version logged, where it was taken back.
  package var errors: [LoggedError] = []
  /// What the new version cost, where it was taken back and that is known.
  package var cost: CostComparison?
  /// What became of its triggers; nil where they were not looked at.
  package var edges: EdgeResult?
  /// The address of its preview; nil where it has none.
  package var url: String?
}
