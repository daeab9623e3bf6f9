internal import Core

/// Something wrong in a repository that does not keep the rest from being seen.
struct UnitFault: Sendable {
  /// The unit that it is about; nil for the repository as a whole.
  let unit: RepositoryPath?
  let error: PackagerError
}
