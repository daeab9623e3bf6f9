internal import Core
internal import Packager
internal import Release
internal import Triggers

extension DeployCommand: RunnableCommand {
  /// Plans, builds, publishes, shifts, watches, and promotes or rolls back.
  func run(in context: Context) async throws -> ExitCode {
    if dryRun {
      var plan = PlanCommand()
      plan.globals = globals
      plan.environment = environment
      plan.only = only
      plan.artifacts = artifacts
      plan.codeOnly = codeOnly
      plan.create = create
      plan.deferral = deferral
      plan.rollout = rollout
      plan.retry = retry
      plan.allowOlder = allowOlder
      plan.cutDescription = cutDescription
      plan.updateLatest = updateLatest
      plan.triggers = triggers
      return try await plan.run(in: context)
    }
    return try await Session.with(
      globals, environment: environment, need: preview == nil ? .definitions : .preview(isWhole: true),
      in: context
    ) { session in
      try await deploy(session, in: context)
    }
  }

  private func deploy(_ session: Session, in context: Context) async throws -> ExitCode {
    // A rehearsal's own time, as beside every line above the result.
    let clock = session.place.clock
    let began = clock.now()
    let facts = await RunFacts(root: session.workspace.root, in: context)
    let settings = try await settings(session)
    let wish = try preview.map { try session.previewWish($0) }
    if wish == nil {
      if !forceBranch {
        try facts.checkBranch(of: session.environment.name, among: session.environment.branches)
      }
      try session.checkDeadMan()
    }
    try await session.checkAccount()
    let progress = Progress(globals, in: context.paced(by: session))
    let narrator = Narrator(
      progress: progress, events: EventLog.open(globals, in: context), isVerbose: globals.verbose,
      longestExtension: settings.maxWait, serverTime: session.serverTime)
    let markup = LogMarkup(CISystem(environment: context.environment))
    if progress.mode == .lines {
      context.errors.write(markup.beginFold("lamctl deploy: progress", id: "lamctl_deploy", at: began))
    }
    let guarded = GuardedRun(
      session, in: context, progress: progress, narrator: narrator,
      course: settings.onInterrupt == .leave || wish != nil ? .leaves : .takesBack)

    let outcome = await guarded.outcome { () async throws -> (ReleaseReport, DeployInputs) in
      try await progress.during {
        let inputs = try await DeployInputs(self, session: session, in: context)
        try inputs.refuseUnreleasable()
        if let wish {
          return (try await show(wish, inputs, session, settings, facts, narrator, progress), inputs)
        }
        let stage = session.triggerStage(triggers, owner: facts.identity.owner) { narrator.tell($0) }
        let carriedOut = Lock<ReleasePlan?>(nil)
        let early = Lock<[EdgeResult]>([])
        let binding = BakeWork { release, functions in
          guard let plan = carriedOut.withLock({ $0 }) else { return }
          let results = await stage.carryOut(plan, promoted: functions, by: release)
          early.withLock { $0 += results }
        }
        let releaser = Releaser(
          services: session.services(declared: inputs.declaredVariables) { narrator.tell($0) },
          settings: settings, identity: facts.identity, alias: session.environment.alias,
          besideBake: session.environment.rollout.triggersAt == .promotion ? binding : nil)
        var report = try await releaser.deploy(
          waitingAtMost: waitLock, among: supersede ? try await inputs.allNames() : [],
          packages: inputs.packages { line, function in progress.event(line, function: function) }
        ) {
          let plan = try await inputs.plan()
          narrator.begin(plan, title: "\(session.environment.name): \(settings.plan)", facts: facts)
          guarded.concerns(plan.concerned)
          if let ignored = PlanText.ignored(plan) { progress.event(ignored, function: nil) }
          // What could not be bound afterwards is told before anything is written.
          try stage.refuse(try await stage.survey(plan) + stage.planned(plan))
          carriedOut.withLock { $0 = plan }
          return plan
        }
        if let plan = carriedOut.withLock({ $0 }) {
          await stage.carryOut(plan, early: early.withLock { $0 }, into: &report)
        }
        return (report, inputs)
      }
    }
    if progress.mode == .lines {
      context.errors.write(markup.endFold(id: "lamctl_deploy", at: context.clock.now()))
    }
    let next = NextCommand(globals: globals, rollout: rollout.words, endsHeld: rollout.noPromote)
    switch outcome {
    case .ended(let signal):
      return await guarded.abandon(by: signal, schema: Self.schema, globals: globals, next: next)
    case .finished(let finished):
      let (report, inputs) = try finished.get()
      do {
        try inputs.remember(report)
      } catch {
        context.warn("the next plan cannot name the files that differ: \(error)")
      }
      let result = DeployResult(
        report: report, facts: facts, duration: clock.now() - began,
        signal: context.interruption.received, kind: wish == nil ? .deploy : .preview, goesOn: detach,
        next: next)
      await result.print(schema: Self.schema, globals: globals, in: context)
      return result.exitCode
    }
  }

  private func settings(_ session: Session) async throws -> ReleaseSettings {
    var settings = try await rollout.settings(session, globals)
    settings.retriesRolledBack = retry
    settings.allowsOlder = allowOlder
    settings.cutsDescription = cutDescription
    settings.updatesLatest = updateLatest
    settings.detaches = detach
    settings.supersedes = supersede
    settings.perFunction = perFunction
    return settings
  }
}

extension Context {
  /// The same, with the clock of the endpoint that a session works with.
  func paced(by session: Session) -> Context {
    var context = self
    context.clock = session.place.clock
    return context
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
