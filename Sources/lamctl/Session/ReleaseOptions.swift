internal import Core
internal import Packager
internal import Release

/// What is released and how: what `deploy` does by, and what `plan` and `deploy --dry-run` tell of it.
struct ReleaseOptions: Equatable, Sendable {
  /// How the traffic moves and is watched.
  var rollout = RolloutOptions()
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  /// Where the packages were built; nil to build what is needed.
  var artifacts: ArtifactPlace?
  var codeOnly = false
  var create = false
  /// What may have changed without being released.
  var deferral: Deferral?
  var retry = false
  var allowOlder = false
  var cutDescription = false
  var updateLatest = false
  /// What is done about triggers.
  var triggers = TriggerOptions()

  /// What they mean in the environment of `session`.
  func settings(_ session: Session, _ globals: GlobalOptions) async throws(UnitError) -> ReleaseSettings {
    var settings = try await rollout.settings(session, globals)
    settings.retriesRolledBack = retry
    settings.allowsOlder = allowOlder
    settings.cutsDescription = cutDescription
    settings.updatesLatest = updateLatest
    return settings
  }
}
