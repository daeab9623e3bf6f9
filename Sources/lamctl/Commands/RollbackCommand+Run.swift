internal import Core
internal import Packager
internal import Release

extension RollbackCommand: RunnableCommand {
  /// Takes all traffic back at once.
  func run(in context: Context) async throws -> ExitCode {
    let destination = try destination
    let run = RollbackRun(
      globals: globals, environment: environment, direct: direct, schema: Self.schema, kind: .rollback)
    return try await run.run(in: context) { session, runner, guarded in
      let functions = try await session.names(only: [])
      guarded.concerns(try Selection(only).select(functions, name: \.name).map(\.inRelease))
      return await runner.rollBack(
        try Session.subjects(functions, only: only), to: destination, events: Self.events(functions)
      ) { versions in
        yes || (context.interruption.received == nil && Self.confirm(versions, in: context))
      }
    }
  }

  /// The first smoke event of each function; one that cannot be read is no reason to leave traffic where it is.
  private static func events(_ functions: [NamedFunction]) -> [String: [UInt8]] {
    let events = functions.compactMap { function in
      function.smokeEvents.first.flatMap { try? Files.read($0, limit: 6 << 20) }.map { (function.name, $0) }
    }
    return Dictionary(events, uniquingKeysWith: { first, _ in first })
  }

  /// Shows where functions would go that no record tells of, and asks; no where nobody can answer.
  private static func confirm(_ versions: [FormerVersion], in context: Context) -> Bool {
    context.errors.write("No record tells what served before. By the traffic of the last 15 days:\n")
    for former in versions {
      context.errors.write(
        "  \(former.function): from version \(former.serving) to \(former.version), "
          + "which had \(former.invocations) invocations\n")
    }
    return context.asks("Go back to \(versions.count == 1 ? "it" : "them")?")
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
