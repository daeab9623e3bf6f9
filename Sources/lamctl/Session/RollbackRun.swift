internal import Core
internal import Packager
internal import Release

/// What `rollback` and `abort` share: a session, a runner, and a result that is told.
struct RollbackRun {
  let globals: GlobalOptions
  /// The environment; nil for the default one.
  let environment: String?
  /// Name of the document that `--json` prints.
  let schema: String
  let kind: DeployResult.Kind

  /// Opens the environment and takes traffic back in it as `work` says.
  func run(
    in context: Context, _ work: (Session, RollbackRunner) async throws -> ReleaseReport
  ) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, in: context) { session in
      let began = context.clock.now()
      try await session.checkAccount()
      let facts = await RunFacts(root: session.workspace.root, in: context)
      let progress = Progress(globals, in: context.paced(by: session))
      let events = try globals.events.map { try EventLog(target: $0, in: context) }
      let narrator = Narrator(
        progress: progress, events: events, isVerbose: globals.verbose, serverTime: session.serverTime)
      let runner = RollbackRunner(
        services: session.services { narrator.tell($0) }, environment: session.environment.name,
        alias: session.environment.alias, owner: facts.owner, parallel: session.parallel,
        deadMan: session.deadMan, timeout: globals.timeout ?? .minutes(10))
      // Half a rollback is the worst place to stop at: the first signal waits for the end, a second ends the process.
      let listener = Task {
        for await _ in context.interruption.signals() {
          progress.event("the rollback goes on to its end; a second signal ends it at once")
        }
      }
      defer { listener.cancel() }
      let result = DeployResult(
        report: try await work(session, runner), facts: facts, duration: context.clock.now() - began,
        signal: context.interruption.received, kind: kind)
      try result.print(schema: schema, globals: globals, in: context)
      return result.exitCode
    }
  }
}
