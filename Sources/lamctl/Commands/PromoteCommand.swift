internal import Release

/// Options of `lamctl promote`.
struct PromoteCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes. A release is never split.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// The same steps as of the deploy that began the rollout.
  var rollout = RolloutOptions()

  static let name = "promote"
  static let summary = "Let a held rollout go to its next step, or to 100 % after the last, and watch on"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.goingOn(needs) }

  static var parameters: [Parameter<PromoteCommand>] {
    let options: [Parameter<RolloutOptions>] =
      RolloutOptions.strategies + [
        .bake, .takeOver, .onInterrupt, .onLowTraffic,
      ]
    return [.environment(\.environment)] + options.map { $0.lifted(into: \.rollout) } + [.only(\.only)]
      + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl promote prod", "After a pause, --no-promote, or a hold that a person has looked into"),
    Example(
      "lamctl promote prod --steps 1%:5m,pause,50%:10m",
      "With the steps that the deploy was given as an option"),
  ]

  func validate() throws(UsageError) { try direct.validate() }
}

extension PromoteCommand: RunnableCommand {
  /// Takes a held rollout over its hold and watches it from there.
  func run(in context: Context) async throws -> ExitCode {
    try await RolloutRun(
      schema: Self.schema, globals: globals, environment: environment, only: only, direct: direct,
      rollout: rollout
    ).run(.promote, in: context)
  }
}
