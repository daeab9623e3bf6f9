internal import Release

extension AbortCommand: RunnableCommand {
  /// Takes the traffic of rollouts under way back at once.
  func run(in context: Context) async throws -> ExitCode {
    let run = RollbackRun(globals: globals, environment: environment, schema: Self.schema, kind: .abort)
    return try await run.run(in: context) { session, runner in
      await runner.abort(try await session.rolloutSubjects(only: only))
    }
  }
}
