internal import Core
internal import Packager
internal import Release

/// One run of a command that goes on with rollouts under way.
struct RolloutRun: Sendable {
  let schema: String
  let globals: GlobalOptions
  let environment: String?
  let only: [String]
  let rollout: RolloutOptions

  /// Goes on with them and prints what became of them.
  func run(_ mode: RolloutResumer.Mode, in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, in: context) { session in
      try await run(mode, session, in: context)
    }
  }

  private func run(
    _ mode: RolloutResumer.Mode, _ session: Session, in context: Context
  ) async throws -> ExitCode {
    let began = context.clock.now()
    let facts = await RunFacts(root: session.workspace.root, in: context)
    try await session.checkAccount()
    let subjects = try await session.rolloutSubjects(only: only)
    let progress = Progress(globals, in: context.paced(by: session))
    let events = try globals.events.map { try EventLog(target: $0, in: context) }
    let narrator = Narrator(
      progress: progress, events: events, isVerbose: globals.verbose, serverTime: session.serverTime)
    let settings = try await rollout.settings(session, globals)
    let takeover = RolloutResumer(
      services: session.services { narrator.tell($0) }, settings: settings,
      environment: session.environment.name, alias: session.environment.alias, owner: facts.owner)
    narrator.begin(title: "\(session.environment.name): \(settings.plan)")
    let interrupted = context.interruption
    let work = Task { () async -> ReleaseReport in
      await progress.during { await takeover.run(subjects, mode: mode) }
    }
    let listener = Task {
      for await _ in interrupted.signals() { work.cancel() }
    }
    defer { listener.cancel() }
    let result = DeployResult(
      report: await work.value, facts: facts, duration: context.clock.now() - began,
      signal: interrupted.received, kind: .takeover)
    try result.print(schema: schema, globals: globals, in: context)
    return result.exitCode
  }
}

extension Session {
  /// All functions of the environment, with those marked that the globs select.
  ///
  /// - Throws: as ``functions(only:)``.
  func rolloutSubjects(only globs: [String]) async throws -> [RolloutSubject] {
    let all = try await functions(only: [])
    let selected = Set(try Selection(globs).select(all, name: \.name).map(\.name))
    return all.map { definition in
      RolloutSubject(
        name: FunctionName(function: definition.name, functionName: definition.functionName),
        isSelected: selected.contains(definition.name), isSmoked: !definition.smoke.isEmpty,
        hooks: definition.hooks)
    }
  }
}
