internal import AWSClient
internal import Core
internal import Packager
internal import Release
internal import Triggers

extension PlanCommand: RunnableCommand {
  /// Says what deploy would do. Nothing is written, to AWS or to disk.
  func run(in context: Context) async throws -> ExitCode {
    try await Session.with(globals, environment: environment, need: .definitions, in: context) {
      session in
      try session.checkDeadMan()
      try await session.checkAccount()
      let inputs = try await DeployInputs(release, session: session, in: context)
      try inputs.refuseUnreleasable()
      let facts = await RunFacts(root: session.workspace.root, in: context)
      let settings = try await release.settings(session, globals)
      var result = try await result(
        of: try await inputs.plan(readsAllAliases: true), settings, facts, session, in: context)
      result.leftovers = try await inputs.leftovers()
      let stage = session.triggerStage(release.triggers, owner: "") { _ in }
      result.edges = try await stage.survey(result.plan) + stage.planned(result.plan, arn: session.futureARN)
      let released = result.plan.changed.filter { $0.unfinished.map { $0.relation == .superseded } ?? true }
      result.powers = await stage.forecasts(
        released, result.edges, plan: settings.plan, zone: SystemZones.rules(of:))
      let isEmpty = result.plan.isEmpty && !result.edges.contains(where: \.differs)
      let code: ExitCode = detailedExitCode && !isEmpty ? .changes : .done
      context.ending.withLock { $0.outcome = isEmpty ? "unchanged" : "changes" }
      let markdown = PlanText.markdown(
        result, settings: settings, facts: facts)
      await RunPublisher(globals: globals, context: context)
        .publish(summary: markdown, of: result.plan.environment, level: .notice)
      if globals.json {
        context.printDocument(
          ReleaseDocument.plan(
            result.plan, drift: settings.drift, course: result.course, findings: result.findings,
            forecasts: result.forecasts, powers: result.powers, edges: result.edges,
            leftovers: result.leftovers.map {
              LeftoverText.json($0, alias: session.environment.alias, region: session.aws.region)
            }, commit: facts.commit, exitCode: code, secrets: context.secrets))
      } else {
        context.show(text(result, settings, in: context))
        // The commands are whole already: they delete what no configuration names.
        context.output.write(Self.text(result.leftovers, session))
      }
      return code
    }
  }

  /// Everything that can be known before anything is uploaded.
  private func result(
    of plan: ReleasePlan, _ settings: ReleaseSettings, _ facts: RunFacts, _ session: Session,
    in context: Context
  ) async throws -> PlanResult {
    let services = session.services { event in
      if case .note(_, let text) = event { context.remark(text) }
    }
    let plan = try await AdoptionReader(
      services: services, alias: session.environment.alias, parallel: session.parallel
    ).completed(plan)
    let course = Course(plan, settings: settings, at: session.serverTime())
    let stage = PreflightStage(services: services, settings: settings, alias: session.environment.alias)
    let fresh = plan.changed.filter { $0.unfinished.map { $0.relation == .superseded } ?? true }
    var (findings, hours) = try await stage.examine(fresh, functions: fresh.count)
    let rest = plan.functions.filter { function in
      !fresh.contains { $0.input.function == function.input.function }
    }
    findings += rest.flatMap(Preflight.inferences)
    if !fresh.isEmpty, let finding = await stage.unknownAlarms() { findings.append(finding) }
    if !release.allowOlder {
      findings += await Preflight.olderCommits(in: plan, commit: facts.commit, history: session.history)
    }
    let forecasts = fresh.compactMap { function in
      hours[function.input.function].flatMap {
        PowerForecast(
          function: function.input.function, hour: $0, plan: settings.plan, functions: fresh.count)
      }
    }
    return PlanResult(plan: plan, course: course, findings: findings, forecasts: forecasts)
  }

  /// What becomes of the aliases beside the environment's.
  private static func text(_ companions: CompanionAliases) -> String {
    let clauses = [
      companions[.canary].map { "\($0) names a new version from before its first weight on" },
      companions[.stable].map { "\($0) names it after its bake" },
    ]
    return "Companions: \(clauses.compactMap { $0 }.joined(separator: ", ")); 2 to 3 UpdateAlias a function."
  }

  /// What the configuration does not know any more. The commands stand alone, so that they can be copied.
  private static func text(_ leftovers: [Leftover], _ session: Session) -> String {
    leftovers.map { leftover in
      let sentence = LeftoverText.sentence(leftover, alias: session.environment.alias)
      let commands = LeftoverText.commands(leftover, region: session.aws.region)
      return "\(PlainText.line(sentence)). lamctl deletes nothing; this would:\n"
        + commands.map { "  \(PlainText.line($0))\n" }.joined()
    }.joined()
  }

  private func text(_ result: PlanResult, _ settings: ReleaseSettings, in context: Context) -> String {
    var lines = [table(result.plan, settings.drift, in: context), result.headline + "\n"]
    if diff {
      for function in result.plan.functions {
        let changes = SettingLines(context.secrets).lines(function.differences + function.own)
        guard !changes.isEmpty else { continue }
        lines.append("\(function.input.function) (\(function.input.functionName)):\n")
        lines += changes.map { "  \($0)\n" }
      }
    }
    if let ignored = PlanText.ignored(result.plan) { lines.append(ignored + "\n") }
    lines += CourseText.lines(result.course).map { $0 + "\n" }
    lines += TriggerText.lines(result.edges).map { $0 + "\n" }
    if !result.plan.changed.isEmpty, let companions = settings.companions {
      lines.append(Self.text(companions) + "\n")
    }
    for function in result.plan.functions {
      guard let adoption = function.adoption else { continue }
      let sentences = adoption.sentences(
        alias: result.plan.alias, updatesLatest: settings.updatesLatest)
      lines += sentences.map { "\(function.input.function): \($0).\n" }
    }
    lines += PlanText.findings(result.findings)
    lines += PlanText.forecasts(result.forecasts, minInvocations: settings.judge.minInvocations)
    lines += PlanText.powers(result.powers)
    return lines.joined()
  }

  static let columns: [TextTable.Column] = [
    .names("FUNCTION"), .left("CHANGE").whole, .left("SERVES").whole, .left("WHY").cut(1),
  ]

  private func table(_ plan: ReleasePlan, _ drift: DriftPolicy, in context: Context) -> String {
    let style = context.outputTerminal.style
    let rows = plan.functions.map { plan in
      [
        plan.input.function,
        plan.change != .none ? plan.change.rawValue : plan.own.isEmpty ? "-" : "settings",
        plan.servingVersion ?? "-",
        (plan.reasons(drift) + [Self.condition(plan), plan.unfinished.map(Self.words)].compactMap { $0 })
          .joined(separator: "; "),
      ]
    }
    let table = TextTable(
      Self.columns, rows: rows)
    return table.lines(style: style, limit: context.tableLimit).joined(separator: "\n") + "\n"
  }

  /// What a deploy would ask for before it does as planned.
  private static func condition(_ plan: FunctionPlan) -> String? {
    guard case .missing = plan.deployed, !plan.input.mayCreate else { return nil }
    return "deploy asks for --create"
  }

  private static func words(_ unfinished: UnfinishedRollout) -> String {
    let canary = unfinished.record.canary ?? "?"
    return switch unfinished.relation {
    case .same where unfinished.record.state == .hold(.pause):
      "a rollout of version \(canary) is held (pause) and would stay so"
    case .same: "a rollout of version \(canary) is under way and would go on"
    case .superseded: "a rollout of version \(canary) is under way and would be replaced"
    case .takenBack: "a rollout of version \(canary) is under way and would be ended"
    }
  }
}
