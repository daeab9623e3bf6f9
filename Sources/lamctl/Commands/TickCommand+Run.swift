internal import Release

extension TickCommand: RunnableCommand {
  /// Looks once at every rollout that no run drives, and does what is due.
  func run(in context: Context) async throws -> ExitCode {
    try await RolloutRun(
      schema: Self.schema, globals: globals, environment: environment, only: only, direct: direct,
      rollout: rollout
    ).run(.tick, in: context)
  }
}
