/// Options of `lamctl plan`.
struct PlanCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Whether changes are told by exit code 2.
  var detailedExitCode = false
  /// What would be released, and how.
  var release = ReleaseOptions()
  /// Whether every setting that would change is shown with both values.
  var diff = false

  static let name = "plan"
  static let summary = "Show what deploy would do and why; write nothing"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.planning(needs) }

  static var parameters: [Parameter<PlanCommand>] {
    [.environment(\.environment)] + RolloutOptions.strategies.map { $0.lifted(into: \.release.rollout) } + [
      .only(\.release.only),
      .flag("code-only", \.release.codeOnly, "Leave all configuration out of the comparison"),
      .flag("create", \.release.create, "Plan with 'deploy --create'"),
      .ignore(\.release.deferral),
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
