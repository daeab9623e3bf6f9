internal import Release

extension AbortCommand: RunnableCommand {
  /// Takes the traffic of rollouts under way back at once.
  func run(in context: Context) async throws -> ExitCode {
    let run = RollbackRun(
      globals: globals, environment: environment, direct: direct, schema: Self.schema, kind: .abort)
    return try await run.run(in: context) { session, runner, guarded in
      let subjects = try await session.rolloutSubjects(only: only)
      guarded.concerns(subjects.map(\.name))
      return await runner.abort(subjects)
    }
  }
}
