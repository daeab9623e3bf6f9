internal import Release

/// Options of `lamctl resume`.
struct ResumeCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes. A release is never split.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// The same steps as of the deploy that began the rollout.
  var rollout = RolloutOptions()

  static let name = "resume"
  static let summary = "Take over a rollout whose runner died and run it to its end, without building"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.goingOn(needs) }

  static var parameters: [Parameter<ResumeCommand>] {
    let options: [Parameter<RolloutOptions>] =
      RolloutOptions.strategies + [
        .bake, .noPromote, .takeOver, .onInterrupt, .onLowTraffic,
      ]
    return [.environment(\.environment)] + options.map { $0.lifted(into: \.rollout) } + [.only(\.only)]
      + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl resume prod", "Wait until the dead run's lease is over, then go on"),
    Example("lamctl resume prod --take-over", "Without waiting for the lease"),
  ]

  func validate() throws(UsageError) { try direct.validate() }
}

extension ResumeCommand: RunnableCommand {
  /// Takes rollouts to their end that their runs have left.
  func run(in context: Context) async throws -> ExitCode {
    try await RolloutRun(
      schema: Self.schema, globals: globals, environment: environment, only: only, direct: direct,
      rollout: rollout
    ).run(.resume, in: context)
  }
}
