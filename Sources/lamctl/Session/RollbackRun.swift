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
      try await session.checkAccount()
      // Half a rollback is the worst place to stop at.
      let run = await TrafficRun(session, globals, schema: schema, course: .goesOn, in: context)
      let (narrator, guarded) = (run.narrator, run.guarded)
      let runner = RollbackRunner(
        services: session.services { narrator.tell($0) }, environment: session.environment.name,
        alias: session.environment.alias, owner: run.facts.owner, parallel: session.parallel,
        deadMan: session.deadMan, companions: session.companions, timeout: globals.timeout ?? .minutes(10))
      narrator.begin(
        title: "\(session.environment.name): \(kind == .abort ? "abort" : "rollback")",
        facts: run.facts.about(nil))
      return try await run.conduct(kind) { try await work(session, runner, guarded) }
    }
  }
}
