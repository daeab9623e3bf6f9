internal import Release

extension ResumeCommand: RunnableCommand {
  /// Takes rollouts to their end that their runs have left.
  func run(in context: Context) async throws -> ExitCode {
    try await RolloutRun(
      schema: Self.schema, globals: globals, environment: environment, only: only, direct: direct,
      rollout: rollout
    ).run(.resume, in: context)
  }
}
