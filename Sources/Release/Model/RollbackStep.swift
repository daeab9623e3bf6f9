/// What a rollback does to one function.
package enum RollbackStep: Hashable, Sendable {
  /// A canary loses its traffic.
  case endCanary(canary: String, stable: String)
  /// Weights that no release of ours has set are taken away: the version that the alias names has everything then. Nothing
  /// is said of the version that had them.
  case clear(version: String, serving: String)
  /// The version before takes all traffic again.
  case goBack(from: String, to: String)
  /// Nothing: the version that is wanted serves; nil where no other was taken back for it.
  case alreadyBack(bad: String?, serving: String)
  /// Nothing: it belongs to another release.
  case notInRelease
  /// Nothing: there is no alias.
  case absent
  /// What served before this version is for CloudWatch to tell, and for a person to confirm.
  case unrecorded(serving: String)
  /// It cannot go back, and why.
  case noTarget(reason: String, fix: String)
}
