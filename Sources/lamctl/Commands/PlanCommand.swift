/// Options of `lamctl plan`.
struct PlanCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Whether changes are told by exit code 2.
  var detailedExitCode = false
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  var codeOnly = false
  var create = false
  /// What may have changed without being released.
  var deferral: Deferral?
  /// Whether every setting that would change is shown with both values.
  var diff = false
  /// As `deploy --dry-run` was given them.
  var artifacts: ArtifactPlace?
  var retry = false
  var allowOlder = false
  var cutDescription = false
  var updateLatest = false
  /// How the traffic would move.
  var rollout = RolloutOptions()

  /// What is done about triggers.
  var triggers = TriggerOptions()

  static let name = "plan"
  static let summary = "Show what deploy would do and why; write nothing"

  static var parameters: [Parameter<PlanCommand>] {
    [.environment(\.environment)] + RolloutOptions.strategies.map { $0.lifted(into: \.rollout) } + [
      .only(\.only),
      .flag("code-only", \.codeOnly, "Leave all configuration out of the comparison"),
      .flag("create", \.create, "Plan with 'deploy --create'"),
      .ignore(\.deferral),
      .flag("diff", \.diff, "Show every setting that would change, old and new value; secrets as tokens"),
      .flag(
        "detailed-exitcode", \.detailedExitCode,
        "Exit with 2 when there are changes, with 0 when there are none"),
    ]
  }

  static let examples = [
    Example("lamctl plan prod", "What a deploy to prod would change"),
    Example("lamctl plan prod --diff", "The same, with every setting's old and new value"),
    Example("lamctl plan prod --detailed-exitcode --json", "The same for a script"),
  ]
}
