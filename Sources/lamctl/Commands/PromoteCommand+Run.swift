internal import Release

extension PromoteCommand: RunnableCommand {
  /// Takes a held rollout over its hold and watches it from there.
  func run(in context: Context) async throws -> ExitCode {
    try await RolloutRun(
      schema: Self.schema, globals: globals, environment: environment, only: only, direct: direct,
      rollout: rollout
    ).run(.promote, in: context)
  }
}
