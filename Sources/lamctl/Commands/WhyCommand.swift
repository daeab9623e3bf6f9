internal import Core
internal import Packager
internal import Release

/// Options of `lamctl why`.
struct WhyCommand: Command {
  var globals = GlobalOptions()
  /// The environment where a function follows, else the function.
  var first: String?
  var second: String?

  static let name = "why"
  static let summary =
    "Show every input of a function with its digest, and what differs from the deployed version"

  static func operations(_ needs: PolicyNeeds) -> [Operation] { Operation.comparing(needs) }

  static var parameters: [Parameter<WhyCommand>] {
    [
      .environment(\.first),
      .positional(
        "FUNCTION", \.second, "Logical name of the function; alone, the environment is the default one"),
    ]
  }

  static let examples = [
    Example("lamctl why prod orders", "Why a deploy would change orders, and of what it is made")
  ]
}

extension WhyCommand: RunnableCommand {
  /// Tells what a function is made of. Nothing is written.
  func run(in context: Context) async throws -> ExitCode {
    guard let name = second ?? first else {
      throw Failure(.usage, "no function is named", fix: "'lamctl list' names them: lamctl why FUNCTION")
    }
    let environment = second == nil ? nil : first
    return try await Session.with(globals, environment: environment, need: .definitions, in: context) {
      session in
      try await session.checkAccount()
      let names = try await session.functions(only: []).map(\.name)
      guard names.contains(name) else {
        throw Failure(
          .usage, "there is no function '\(name)'",
          fix: Suggestion.nearest(to: name, in: names).map { "did you mean '\($0)'?" }
            ?? "'lamctl list' names them")
      }
      let inputs = try await DeployInputs(session: session, only: [name])
      let plan = try await inputs.plan()
      guard let function = plan.functions.first(where: { $0.input.function == name }),
        let digests = inputs.digests(of: function, provenance: function.provenance)
      else { throw Failure(.usage, "there is no function '\(name)'", fix: "'lamctl list' names them") }
      let answer = WhyAnswer(
        plan: function, now: digests.now, deployed: digests.deployed,
        environment: plan.environment, alias: plan.alias, secrets: context.secrets)
      if globals.json {
        context.printDocument(answer.document(schema: Self.schema))
      } else {
        context.show(answer.lines.map { $0 + "\n" }.joined())
      }
      return .done
    }
  }
}
