internal import AWSClient
internal import Core
internal import Packager
internal import Release

extension PlanCommand: RunnableCommand {
  /// Says what deploy would do. Nothing is written, to AWS or to disk.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .definitions, in: context) {
      session in
      try session.checkDeadMan()
      try await session.checkAccount()
      let inputs = try await DeployInputs(session: session, only: only, codeOnly: codeOnly, create: create)
      let plan = try await inputs.plan()
      let code: ExitCode = detailedExitCode && !plan.isEmpty ? .changes : .done
      let facts = await RunFacts(root: session.workspace.root, in: context)
      let settings = try rollout.settings(session, globals)
      let forecasts = await forecasts(of: plan, settings, session, in: context)
      let older = await Preflight.olderCommits(in: plan, commit: facts.commit, history: session.history)
      if globals.json {
        context.printDocument(
          ReleaseDocument.plan(
            plan, commit: facts.commit, warnings: older, forecasts: forecasts, exitCode: code))
      } else {
        context.output.write(text(plan, in: context))
        for forecast in forecasts {
          context.output.write(forecast.sentence(minInvocations: settings.judge.minInvocations) + "\n")
        }
        for finding in older { context.output.write("Deploy would refuse: \(finding)\n") }
      }
      return code
    }
  }

  /// What the canaries could see, as far as CloudWatch tells; asked only where there would be canaries.
  private func forecasts(
    of plan: ReleasePlan, _ settings: ReleaseSettings, _ session: Session, in context: Context
  ) async -> [PowerForecast] {
    let names = plan.changed.filter { $0.servingVersion != nil }.map { plan in
      FunctionName(function: plan.input.function, functionName: plan.input.functionName)
    }
    guard !names.isEmpty, !settings.plan.steps.isEmpty else { return [] }
    do throws(AWSError) {
      let hours = try await TrafficReader(
        metrics: session.aws.cloudWatch, alias: session.environment.alias
      ).hour(before: session.serverTime() - settings.settle, of: names)
      return names.compactMap { name in
        hours[name.function].flatMap {
          PowerForecast(function: name.function, hour: $0, plan: settings.plan)
        }
      }
    } catch {
      context.errors.write("lamctl: what the canaries could see is not known: \(error)\n")
      return []
    }
  }

  private func text(_ plan: ReleasePlan, in context: Context) -> String {
    let style = context.outputTerminal.style
    let rows = plan.functions.map { plan in
      [
        plan.input.function, plan.change == .none ? "-" : plan.change.rawValue, plan.servingVersion ?? "-",
        (plan.reasons + [Self.condition(plan), plan.unfinished.map(Self.words)].compactMap { $0 })
          .joined(separator: "; "),
      ]
    }
    let table = TextTable([.left("FUNCTION"), .left("CHANGE"), .left("SERVES"), .left("WHY")], rows: rows)
    let changed = plan.changed.count
    let sentence =
      plan.isEmpty
      ? "Nothing would change in \(plan.environment)."
      : "\(changed) of \(plan.functions.count) functions would change in \(plan.environment)."
    return (table.lines(style: style) + [sentence]).joined(separator: "\n") + "\n"
  }

  /// What a deploy would ask for before it does as planned.
  private static func condition(_ plan: FunctionPlan) -> String? {
    guard case .missing = plan.deployed, !plan.input.mayCreate else { return nil }
    return "deploy asks for --create"
  }

  private static func words(_ unfinished: UnfinishedRollout) -> String {
    let canary = unfinished.record.canary ?? "?"
    return switch unfinished.relation {
    case .same: "a rollout of version \(canary) is under way and would go on"
    case .superseded: "a rollout of version \(canary) is under way and would be replaced"
    case .takenBack: "a rollout of version \(canary) is under way and would be ended"
    }
  }
}
