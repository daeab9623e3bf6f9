internal import Core
internal import Packager
internal import Release
internal import Triggers

/// Options of `lamctl triggers`.
struct TriggersCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  var check = false

  static let name = "triggers"
  static let summary = "Show what is bound to each function's alias: wanted, there, and not lamctl's"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.planning(needs) }

  static var parameters: [Parameter<TriggersCommand>] {
    [
      .environment(\.environment), .only(\.only),
      .flag("check", \.check, "End with 2 where something is not as it is wanted"),
    ]
  }

  static let examples = [
    Example("lamctl triggers prod", "What calls the functions, as AWS has it now"),
    Example("lamctl triggers prod --check --json", "For a job that watches for changes by hand"),
  ]
}

extension TriggersCommand: RunnableCommand {
  /// Reads the edges of every function whose triggers are stated, whatever the tags say, and compares; of one without an
  /// alias, what is in their way. Writes nothing.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .definitions, in: context) { session in
      try await session.checkAccount()
      let inputs = try await DeployInputs(session: session, only: only)
      let plan = try await inputs.plan()
      let stage = session.triggerStage(TriggerOptions(), owner: "") { _ in }
      let surveys =
        try await stage.survey(plan, all: true) + stage.planned(plan, arn: session.futureARN)
      let isBlocked = surveys.contains { !$0.obstacles.isEmpty }
      let differs = surveys.contains(where: \.differs)
      let code: ExitCode = check && differs ? .changes : .done
      if globals.json {
        context.printDocument(document(surveys, code, session))
      } else {
        let lines = TriggerText.lines(surveys, all: true)
        let loses = surveys.contains { $0.steps.contains { $0.loss != nil } }
        let repair =
          context.way.withLock { $0 }.line("deploy", session.environment.name) + " --check-triggers"
          + (loses ? " --yes" : "")
        let sentence =
          surveys.isEmpty
          ? "No function in \(session.environment.name) states triggers."
          : differs
            ? isBlocked
              ? "Something is in the way; mend that, and '\(repair)' makes the rest right."
              : "Something differs; '\(repair)' makes it right."
            : "Everything is as it is wanted."
        context.show((lines + [sentence]).map { $0 + "\n" }.joined())
      }
      return code
    }
  }

  private func document(_ surveys: [EdgeSurvey], _ code: ExitCode, _ session: Session) -> JSON {
    [
      "schema": .string(Self.schema), "environment": .string(session.environment.name),
      "alias": .string(session.environment.alias), "exitCode": .int(Int(code.rawValue)), "error": .null,
      "functions": .array(
        surveys.map { survey in
          [
            "function": .string(survey.subject.scope.function),
            "functionName": .string(survey.subject.scope.functionName),
            "digest": [
              "wanted": .string(survey.subject.digest),
              "recorded": .optional(survey.subject.recorded?.digest),
            ],
            "triggers": TriggerText.json(survey), "foreign": TriggerText.foreign(survey),
            "obstacles": TriggerText.obstacles(survey),
          ]
        }),
    ]
  }
}
