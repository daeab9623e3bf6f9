/// A verdict that nothing follows from.
public struct Review: Sendable {
  /// The release that was looked at; nil for versions that somebody has named.
  public let release: ReleaseID?
  /// What the verdict rests on, minute by minute.
  public let evidence: EvidenceFile
  /// The verdict.
  public let verdict: ReleaseVerdict

  init(release: ReleaseID?, _ look: Observation) {
    self.release = release
    evidence = look.evidence
    verdict = look.verdict
  }
}
