/// How a run, or one function in it, ended.
public enum Outcome: String, Hashable, Sendable, CaseIterable {
  /// There was nothing to do.
  case unchanged
  /// A version was made and has no traffic.
  case published
  /// The new version has all traffic.
  case promoted
  /// All traffic is back on the version before.
  case rolledBack
  /// The rollout stands still and waits for a person.
  case held
  /// It did not work; the traffic is where it was.
  case failed
  /// The rollout goes on without this run.
  case detached
}

/// What a deploy or rollback did.
public struct ReleaseReport: Sendable {
  /// Name of the environment.
  public let environment: String
  /// Name of its alias.
  public let alias: String
  /// The release; nil when nothing was released.
  public var release: ReleaseID?
  /// How it ended as a whole.
  public var outcome: Outcome
  /// Every selected function.
  public var functions: [FunctionReport]
  /// What the judge said last of the release as a whole, where there is more than one function.
  public var verdict: Verdict?
  /// What the last verdict rests on, minute by minute; nil where nothing was judged.
  public var evidence: EvidenceFile?
  /// Why it ended as it did, where it did not end well.
  public var error: ReleaseError?
  /// What went wrong without changing how it ended, one sentence each.
  public var warnings: [String] = []
  /// Whether a signal ended it.
  public var wasInterrupted = false
  /// Whether it ended well for some functions and not for others, or not for all in the same way.
  public var isPartial = false
  /// Whether new versions have had traffic through this run.
  public var hasMovedTraffic = false
}

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
  /// The share of traffic of each version, 0 to 1, as far as this run has seen or set it; empty where there is no
  /// alias.
  public var serving: [String: Double] = [:]
  /// What the judge said last.
  public var verdict: Verdict?
  /// Whether what follows a promotion has been done already.
  var isSettled = false
  /// Whether the alias was read back after a rollback and gives the version before all traffic.
  public var isVerified = false
  /// The first distinct errors that the new version logged, where it was taken back.
  public var errors: [LoggedError] = []
  /// What the new version cost, where it was taken back and that is known.
  public var cost: CostComparison?
}
