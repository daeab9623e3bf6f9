/// How a run, or one function in it, ended.
package enum Outcome: String, Hashable, Sendable, CaseIterable {
  /// There was nothing to do.
  case unchanged
  /// Settings were written that need no version.
  case updated
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
