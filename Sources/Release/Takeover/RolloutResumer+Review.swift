internal import AWSClient
internal import Core

extension RolloutResumer {
  /// Judges every release under way among `subjects` as a run that drives it would now, and acts on nothing: a living
  /// run is not disturbed.
  ///
  /// - Parameter subjects: all functions of the environment, so that no release is split.
  /// - Returns: the releases, the oldest first; none where nothing is under way.
  /// A rollout that was begun with other steps is judged by its record, which does not tell how long the step under way
  /// is to last: nothing is acted upon.
  ///
  /// - Throws: ``ReleaseError`` when Lambda cannot be read.
  package func review(_ subjects: [RolloutSubject]) async throws(ReleaseError) -> [Review] {
    var reviews: [Review] = []
    for rollout in try await rollouts(subjects) {
      var resumer = self
      if let recorded = rollout.recorded(besides: settings.plan) {
        resumer.settings.plan = recorded
        services.report(
          .note(
            nil,
            "release \(rollout.release) was not begun with the steps \(settings.plan): it is judged by its record, which "
              + "does not tell how long its step lasts"))
      }
      let timed = try await timed(rollout)
      let journal = ReleaseJournal(ReleaseReport(environment: "", alias: "")) { _ in }
      var runner = resumer.runner(for: timed, mode: .tick, alarms: try await watchAlarms(), journal: journal)
      reviews.append(Review(release: rollout.release, await runner.review()))
    }
    return reviews
  }
}
