internal import Core
internal import Packager
internal import Release

/// What `rollback` and `abort` share: a session, a runner, and a result that is told.
struct RollbackRun {
  let globals: GlobalOptions
  /// The environment; nil for the default one.
  let environment: String?
  let direct: DirectOptions
  /// Name of the document that `--json` prints.
  let schema: String
  let kind: DeployResult.Kind

  /// Opens the environment and takes traffic back in it as `work` says.
  func run(
    in context: Context,
    _ work: @escaping @Sendable (Session, RollbackRunner, GuardedRun) async throws -> ReleaseReport
  ) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .names(direct), in: context) {
      session in
      // A rehearsal's own time, as beside every line above the result.
      let began = session.place.clock.now()
      try await session.checkAccount()
      let facts = await RunFacts(root: session.workspace.root, in: context)
      let progress = Progress(globals, in: context.paced(by: session))
      let narrator = Narrator(
        progress: progress, events: EventLog.open(globals, in: context), isVerbose: globals.verbose,
        serverTime: session.serverTime)
      let runner = RollbackRunner(
        services: session.services { narrator.tell($0) }, environment: session.environment.name,
        alias: session.environment.alias, owner: facts.owner, parallel: session.parallel,
        deadMan: session.deadMan, companions: session.companions, timeout: globals.timeout ?? .minutes(10))
      // Half a rollback is the worst place to stop at.
      let guarded = GuardedRun(session, in: context, progress: progress, narrator: narrator, course: .goesOn)
      let next = NextCommand(globals: globals, direct: direct)
      switch await guarded.outcome(of: { try await work(session, runner, guarded) }) {
      case .ended(let signal):
        return await guarded.abandon(by: signal, schema: schema, globals: globals, next: next)
      case .finished(let report):
        let result = DeployResult(
          report: try report.get(), facts: facts, duration: session.place.clock.now() - began,
          signal: context.interruption.received, kind: kind,
          next: next)
        await result.print(schema: schema, globals: globals, in: context)
        return result.exitCode
      }
    }
  }
}
