internal import Core

/// The releases of living runs that a newer release is to take the place of.
struct Supersession: Sendable {
  /// Name of the environment.
  let environment: String
  /// All functions of the environment; those that are selected belong to such a release.
  let subjects: [RolloutSubject]

  /// - Parameters:
  ///   - all: all functions of the environment, so that no release is split.
  ///   - now: AWS's time. A rollout whose lease is over needs nobody to end it: the next run goes on from it.
  /// - Returns: nil where no living run stands in the way with something else than this run wants.
  init?(_ plan: ReleasePlan, among all: [FunctionName], at now: Timestamp) {
    let inTheWay = plan.functions.filter { function in
      function.unfinished.map { $0.relation != .same && !$0.record.isLeaseOver(at: now) } ?? false
    }
    guard !inTheWay.isEmpty else { return nil }
    let releases = Set(inTheWay.compactMap(\.unfinished?.record.release))
    let selected = Set(
      plan.functions.filter { $0.unfinished.map { releases.contains($0.record.release) } ?? false }
        .map(\.input.function))
    environment = plan.environment
    subjects = all.map { name in
      RolloutSubject(name: name, isSelected: selected.contains(name.function), isSmoked: false)
    }
  }
}
