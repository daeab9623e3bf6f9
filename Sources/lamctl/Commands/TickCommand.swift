internal import Release

/// Options of `lamctl tick`.
struct TickCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes. A release is never split.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// The same steps as of the deploy that began the rollout.
  var rollout = RolloutOptions()

  static let name = "tick"
  static let summary = "Do at most one step of a rollout that no run drives, for a cron job"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.goingOn(needs) }

  static var parameters: [Parameter<TickCommand>] {
    let options: [Parameter<RolloutOptions>] =
      RolloutOptions.strategies + [
        .bake, .noPromote, .takeOver, .onLowTraffic,
      ]
    return [.environment(\.environment)] + options.map { $0.lifted(into: \.rollout) } + [.only(\.only)]
      + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl tick prod", "Every few minutes, after 'lamctl deploy prod --detach'")
  ]

  func validate() throws(UsageError) { try direct.validate() }
}

extension TickCommand: RunnableCommand {
  /// Looks once at every rollout that no run drives, and does what is due.
  func run(in context: Context) async throws -> ExitCode {
    try await RolloutRun(
      schema: Self.schema, globals: globals, environment: environment, only: only, direct: direct,
      rollout: rollout
    ).run(.tick, in: context)
  }
}
