/// What a deploy or rollback did.
package struct ReleaseReport: Sendable {
  /// Name of the environment.
  package let environment: String
  /// Name of its alias.
  package let alias: String
  /// The release; nil when nothing was released.
  package var release: ReleaseID?
  /// How it ended as a whole.
  package var outcome: Outcome
  /// Every selected function.
  package var functions: [FunctionReport]
  /// What the judge said last of the release as a whole, where there is more than one function.
  package var verdict: Verdict?
  /// What the last verdict rests on, minute by minute; nil where nothing was judged.
  package var evidence: EvidenceFile?
  /// Why it ended as it did, where it did not end well.
  package var error: ReleaseError?
  /// What went wrong without changing how it ended, one sentence each.
  package var warnings: [String] = []
  /// The preview that it is about; nil for a release.
  package var preview: PreviewPlace?
  /// Whether a signal ended it.
  package var wasInterrupted = false
  /// Whether new versions have had traffic through this run.
  package var hasMovedTraffic = false
}
