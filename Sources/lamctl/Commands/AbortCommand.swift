internal import Release

/// Options of `lamctl abort`.
struct AbortCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes. A release is never split.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()

  static let name = "abort"
  static let summary = "End a rollout under way: all traffic back to the stable versions"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.goingBack(needs) }

  static var parameters: [Parameter<AbortCommand>] {
    [.environment(\.environment), .only(\.only)] + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl abort prod", "Take the canary back and mark its version as bad, whoever drives it")
  ]

  func validate() throws(UsageError) { try direct.validate() }
}

extension AbortCommand: RunnableCommand {
  static var leadsBack: Bool { true }

  /// Takes the traffic of rollouts under way back at once.
  func run(in context: Context) async throws -> ExitCode {
    let run = RollbackRun(
      globals: globals, environment: environment, direct: direct, schema: Self.schema, kind: .abort)
    return try await run.run(in: context) { session, runner, guarded in
      let subjects = try await session.rolloutSubjects(only: only, isWayBack: true)
      guarded.concerns(subjects.map(\.name))
      return await runner.abort(subjects)
    }
  }
}
