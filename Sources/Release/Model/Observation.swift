/// One look at a rollout: what was seen, and what the judge said of it.
struct Observation: Sendable {
  /// The evidence and the settings, with which anybody can judge again.
  let evidence: EvidenceFile
  /// The verdict on them.
  let verdict: ReleaseVerdict

  /// Has `evidence` judged.
  init(_ evidence: EvidenceFile) {
    self.evidence = evidence
    verdict = evidence.judged()
  }
}
