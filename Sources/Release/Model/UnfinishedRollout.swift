/// A rollout that a record in the alias tells of.
package struct UnfinishedRollout: Hashable, Sendable {
  /// How it stands to what the repository says now.
  package enum Relation: Hashable, Sendable {
    /// Its canary was made from the very inputs of this run: the rollout can go on.
    case same
    /// Its canary was made from other inputs: this run's version takes its place.
    case superseded
    /// The inputs are those of the stable version again: the canary must end.
    case takenBack
  }

  /// What the record says.
  package let record: RolloutRecord
  /// How it stands to what the repository says now.
  package let relation: Relation
}
