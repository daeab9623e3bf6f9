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
  /// The preview that it is about; nil for a release.
  public var preview: PreviewPlace?
  /// Whether a signal ended it.
  public var wasInterrupted = false
  /// Whether new versions have had traffic through this run.
  public var hasMovedTraffic = false
}
