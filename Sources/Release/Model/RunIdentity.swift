/// Who runs a release, as it is written into versions and records.
public struct RunIdentity: Hashable, Sendable {
  /// The run: `gh-118822`, or a person at a machine.
  public let owner: String
  /// The commit that is released; nil without one.
  public let commit: String?
  /// Whether files differ from the commit.
  public let isDirty: Bool

  /// Names the run.
  public init(owner: String, commit: String?, isDirty: Bool) {
    self.owner = owner
    self.commit = commit
    self.isDirty = isDirty
  }
}
