internal import Core
internal import Packager
internal import Release
internal import Triggers

extension DeployCommand: RunnableCommand {
  /// Plans, builds, publishes, shifts, watches, and promotes or rolls back.
  func run(in context: Context) async throws -> ExitCode {
    if dryRun {
      return try await PlanCommand(globals: globals, environment: environment, release: release)
        .run(in: context)
    }
    return try await Session.with(
      globals, environment: environment, need: preview == nil ? .definitions : .preview(isWhole: true),
      in: context
    ) { session in
      try await deploy(session, in: context)
    }
  }

  private func deploy(_ session: Session, in context: Context) async throws -> ExitCode {
    context.remember(release.rollout)
    let settings = try await settings(session)
    let wish = try preview.map { try session.previewWish($0) }
    let run = await TrafficRun(
      session, globals, schema: Self.schema,
      course: settings.onInterrupt == .leave || wish != nil ? .leaves : .takesBack,
      longestExtension: settings.maxWait, in: context)
    if wish == nil {
      if !forceBranch {
        try run.facts.checkBranch(of: session.environment.name, among: session.environment.branches)
      }
      try session.checkDeadMan()
    }
    try await session.checkAccount()
    return try await run.conduct(wish == nil ? .deploy : .preview, goesOn: detach, fold: Self.name) {
      let inputs = try await DeployInputs(release, session: session, in: context)
      try inputs.refuseUnreleasable()
      var report =
        if let wish { try await show(wish, inputs, settings, run) } else {
          try await carryOut(inputs, settings, run)
        }
      do {
        try inputs.remember(report)
      } catch {
        report.warnings.append("the next plan cannot name the files that differ: \(error)")
      }
      return report
    }
  }

  /// Makes the release, and binds what is to call the functions.
  private func carryOut(
    _ inputs: DeployInputs, _ settings: ReleaseSettings, _ run: TrafficRun
  ) async throws -> ReleaseReport {
    let (session, facts, narrator, progress) = (run.session, run.facts, run.narrator, run.progress)
    let stage = session.triggerStage(release.triggers, owner: facts.identity.owner) { narrator.tell($0) }
    let carriedOut = Lock<ReleasePlan?>(nil)
    let early = Lock<[EdgeResult]>([])
    let binding = BakeWork { release, functions in
      guard let plan = carriedOut.withLock({ $0 }) else { return }
      let results = await stage.carryOut(plan, promoted: functions, by: release)
      early.withLock { $0 += results }
    }
    let releaser = Releaser(
      services: session.services(declared: inputs.declaredVariables, timeout: globals.timeout) {
        narrator.tell($0)
      },
      settings: settings, identity: facts.identity, alias: session.environment.alias,
      besideBake: session.environment.rollout.triggersAt == .promotion ? binding : nil)
    var report = try await releaser.deploy(
      waitingAtMost: waitLock, among: supersede ? try await inputs.allNames() : [],
      packages: inputs.packages { line, function in progress.event(line, function: function) }
    ) {
      let plan = try await inputs.plan()
      narrator.begin(plan, title: "\(session.environment.name): \(settings.plan)", facts: facts)
      run.guarded.concerns(plan.concerned)
      if let ignored = PlanText.ignored(plan) { progress.event(ignored, function: nil) }
      // What could not be bound afterwards is told before anything is written.
      try stage.refuse(try await stage.survey(plan) + stage.planned(plan, arn: session.futureARN))
      carriedOut.withLock { $0 = plan }
      return plan
    }
    if let plan = carriedOut.withLock({ $0 }) {
      await stage.carryOut(
        plan, early: early.withLock { $0 }, isApart: settings.perFunction, into: &report)
    }
    return report
  }

  private func settings(_ session: Session) async throws -> ReleaseSettings {
    var settings = try await release.settings(session, globals)
    settings.detaches = detach
    settings.supersedes = supersede
    settings.perFunction = perFunction
    return settings
  }
}

extension ReleasePlan {
  /// The functions whose traffic a deploy would move, or whose rollout it would go on with.
  fileprivate var concerned: [FunctionName] {
    functions.filter { $0.change != .none || $0.unfinished != nil }.map { plan in
      FunctionName(function: plan.input.function, functionName: plan.input.functionName)
    }
  }
}

extension StepPlan {
  /// How long the first step with traffic lasts.
  var firstDuration: TimeSpan? {
    for case .traffic(_, let duration) in steps { return duration }
    return nil
  }
}
