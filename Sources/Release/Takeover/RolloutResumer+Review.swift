internal import AWSClient
internal import Core

extension RolloutResumer {
  /// Judges every release under way among `subjects` as a run that drives it would now, and acts on nothing: a living
  /// run is not disturbed.
  ///
  /// - Parameter subjects: all functions of the environment, so that no release is split.
  /// - Returns: the releases, the oldest first; none where nothing is under way.
  /// - Throws: ``ReleaseError`` when Lambda cannot be read, or when a rollout was begun with other steps.
  package func review(_ subjects: [RolloutSubject]) async throws(ReleaseError) -> [Review] {
    var reviews: [Review] = []
    for rollout in try await rollouts(subjects) {
      try rollout.check(settings.plan)
      let timed = try await timed(rollout)
      let journal = ReleaseJournal(ReleaseReport(environment: "", alias: "")) { _ in }
      var runner = runner(for: timed, mode: .tick, alarms: try await watchAlarms(), journal: journal)
      reviews.append(Review(release: rollout.release, await runner.review()))
    }
    return reviews
  }
}
