/// Who runs a release, as it is written into versions and records.
package struct RunIdentity: Hashable, Sendable {
  /// The run: `gh-118822`, or a person at a machine.
  package let owner: String
  /// The commit that is released; nil without one.
  package let commit: String?
  /// Whether files differ from the commit.
  package let isDirty: Bool

  /// Names the run.
  package init(owner: String, commit: String?, isDirty: Bool) {
    self.owner = owner
    self.commit = commit
    self.isDirty = isDirty
  }
}
