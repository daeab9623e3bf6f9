/// A verdict that nothing follows from.
package struct Review: Sendable {
  /// The release that was looked at; nil for versions that somebody has named.
  package let release: ReleaseID?
  /// What the verdict rests on, minute by minute.
  package let evidence: EvidenceFile
  /// The verdict.
  package let verdict: ReleaseVerdict

  init(release: ReleaseID?, _ look: Observation) {
    self.release = release
    evidence = look.evidence
    verdict = look.verdict
  }
}
