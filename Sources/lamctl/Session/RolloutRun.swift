internal import Core
internal import Packager
internal import Release

/// One run of a command that goes on with rollouts under way.
struct RolloutRun: Sendable {
  let schema: String
  let globals: GlobalOptions
  let environment: String?
  let only: [String]
  let direct: DirectOptions
  let rollout: RolloutOptions

  /// Goes on with them and prints what became of them.
  func run(_ mode: RolloutResumer.Mode, in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .names(direct), in: context) {
      session in
      try await run(mode, session, in: context)
    }
  }

  private func run(
    _ mode: RolloutResumer.Mode, _ session: Session, in context: Context
  ) async throws -> ExitCode {
    context.remember(rollout)
    let settings = try await rollout.settings(session, globals)
    // The next look is as good as one that is cut short.
    let leaves = mode == .tick || settings.onInterrupt == .leave
    let run = await TrafficRun(
      session, globals, schema: schema, course: leaves ? .leaves : .takesBack,
      longestExtension: settings.maxWait, in: context)
    let (facts, narrator) = (run.facts, run.narrator)
    try await session.checkAccount()
    let functions = try await session.names(only: [])
    let subjects = try Session.subjects(functions, only: only)
    let takeover = RolloutResumer(
      services: session.services(
        declared: session.declaredVariables(of: functions), timeout: globals.timeout
      ) {
        narrator.tell($0)
      }, settings: settings,
      environment: session.environment.name, alias: session.environment.alias, owner: facts.owner)
    narrator.begin(title: "\(session.environment.name): \(settings.plan)", facts: facts.about(nil))
    run.guarded.concerns(subjects.map(\.name))
    return try await run.conduct(.takeover, goesOn: mode == .tick) {
      var report = await takeover.run(subjects, mode: mode)
      await bindTriggers(session, by: facts, narrator, into: &report)
      return report
    }
  }
}

extension RolloutRun {
  /// Binds what is to call the functions that this run has promoted, as a deploy would have at its end.
  private func bindTriggers(
    _ session: Session, by facts: RunFacts, _ narrator: Narrator, into report: inout ReleaseReport
  ) async {
    let promoted = report.functions.filter { $0.outcome == .promoted }.map(\.function)
    guard !promoted.isEmpty, session.direct == nil else { return }
    do {
      let project = session.workspace.config.project
      let wishes = try await session.functions(only: promoted).compactMap { definition -> TriggerWish? in
        let edges = definition.edges(project: project)
        guard let edges, edges.triggers != nil || edges.eventInvoke != nil else { return nil }
        return TriggerWish(
          name: FunctionName(function: definition.name, functionName: definition.functionName), edges: edges)
      }
      await session.triggerStage(TriggerOptions(), owner: facts.identity.owner) { narrator.tell($0) }
        .carryOut(wishes, by: facts.identity, into: &report)
    } catch {
      report.warnings.append(
        "whether triggers are to be bound cannot be told here; the next deploy does it: \(error)")
    }
  }
}

extension Session {
  /// What functions are declared to need of this process's variables.
  static func declaredVariables(of definitions: [FunctionDefinition]) -> [String: String] {
    definitions.reduce(into: [:]) { all, definition in
      all.merge(definition.build.variables.compactMapValues { $0 }) { first, _ in first }
    }
  }

  /// The same, of functions that are known by their names.
  func declaredVariables(of functions: [NamedFunction]) -> [String: String] {
    let needed = Set(functions.flatMap(\.neededVariables))
    return workspace.environment.filter { needed.contains($0.key) }
  }
}
