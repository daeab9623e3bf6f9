internal import Release

extension RollbackCommand: RunnableCommand {
  /// Takes all traffic back at once.
  func run(in context: Context) async throws -> ExitCode {
    let destination = try destination
    let run = RollbackRun(globals: globals, environment: environment, schema: Self.schema, kind: .rollback)
    return try await run.run(in: context) { session, runner in
      await runner.rollBack(Session.names(try await session.functions(only: only)), to: destination)
    }
  }

  private var destination: RollbackDestination {
    get throws {
      switch target {
      case nil: return .recorded
      case .version(let number): return .version(number)
      case .commit(let commit): return .commit(commit)
      case .release(let text):
        guard let release = ReleaseID(parsing: text) else {
          throw Failure(
            .usage, "--to: '\(text)' is no release", fix: "write for example 20261121T054900Z-3f2a1c9")
        }
        return .release(release)
      }
    }
  }
}
