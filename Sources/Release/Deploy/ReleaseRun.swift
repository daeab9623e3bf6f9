internal import AWSClient
internal import Core

/// One run of one release, from its course to the end of its rollout.
struct ReleaseRun: Sendable {
  /// Report to ``journal``.
  let services: ReleaseServices
  let settings: ReleaseSettings
  let identity: RunIdentity
  let alias: String
  let plan: ReleasePlan
  let journal: ReleaseJournal
  /// Nil where nothing is to be done beside the bake.
  let besideBake: BakeWork?

  private var companions: CompanionWriter? {
    CompanionWriter(services, settings.companions, alias: alias, parallel: settings.parallel)
  }

  private var owner: RecordOwner { RecordOwner(identity.owner) }

  /// Takes the course of the plan.
  ///
  /// - Throws: ``ReleaseError/outdated(release:)`` where something had to be brought to its end first.
  func carryOut(
    packages: any PackageSource, release: ReleaseID, isBuilt: Bool
  ) async throws(ReleaseError) {
    let course = Course(plan, settings: settings, at: services.serverTime())
    try await refuse(course)
    let left = LeftBehind(run: self)
    guard let work = try await clear(course, left) else { return }
    if course.isRepair {
      let releases = plan.functions.compactMap { $0.record?.release }
      throw .outdated(release: "\(releases.max() ?? release)")
    }
    do throws(ReleaseError) {
      try await releaseAll(
        work, as: release, packages: packages, isBuilt: isBuilt)
    } catch {
      await left.endReplaced()
      throw error
    }
    if [.rolledBack, .failed].contains(journal.report.outcome) { await left.endReplaced() }
  }

  /// What is left to do once everything of others is out of the way.
  private struct Remainder {
    var resumed: [FunctionPlan] = []
    /// Those whose rollouts stay held.
    var held: [FunctionPlan] = []
    /// Those of which only settings are written that need no version.
    var updated: [FunctionPlan] = []
    var fresh: [FunctionPlan] = []
  }

  /// Takes the steps of the course that deal with what others have left.
  ///
  /// - Returns: the work of this run; nil where a release of others did not come to its promised end.
  private func clear(_ course: Course, _ left: LeftBehind) async throws(ReleaseError) -> Remainder? {
    var work = Remainder()
    for step in course.steps {
      switch step {
      case .refuse(let error):
        await left.endReplaced()
        journal.tell(.failed(error.function, error))
        throw error
      case .wait(let function, _): try await left.wait(for: function)
      case .finishFirst(let release, let functions):
        guard try await conclude(functions, release) else { return nil }
      case .endFirst(_, let functions, let reason): try await left.end(functions, for: reason)
      case .abandon(let functions): try await left.abandon(functions)
      case .override(let function, let move):
        journal.tell(.warning(function.input.function, "\(move.words); this release takes its place"))
      case .leave(let function, let move):
        let name = function.input.function
        journal.tell(.warning(name, "\(move.words); it stays as it is: \(move.remedy(function: name))"))
      case .keepHeld(_, let functions): work.held += functions
      case .replace(let function, let version):
        journal.tell(
          .note(
            function.input.function,
            "version \(version), which another run has left on trial, gives way to a newer one"))
      case .goOn(_, let functions): work.resumed += functions
      case .update(let functions): work.updated = functions
      case .begin(let functions): work.fresh = functions
      }
    }
    return work
  }

  /// Ends the run with the first thing that speaks against all of it, after the others were told of.
  private func refuse(_ course: Course) async throws(ReleaseError) {
    let stage = PreflightStage(services: services, settings: settings, alias: alias)
    var errors: [ReleaseError] = []
    for error in course.obstacles { errors.append(await stage.explain(error, of: plan)) }
    if !settings.allowsOlder, let history = services.history {
      errors += await Preflight.olderCommits(in: plan, commit: identity.commit, history: history)
        .map(\.error)
    }
    guard let first = errors.first else { return }
    for error in errors {
      if let function = error.function { journal.tell(.ended(function, .failed)) }
      journal.tell(.failed(error.function, error))
    }
    throw first
  }

  /// From the first package to the last weight.
  private func releaseAll(
    _ work: Remainder, as name: ReleaseID, packages: any PackageSource, isBuilt: Bool
  ) async throws(ReleaseError) {
    // Before anything is built or uploaded: a name that is another's is for a person to clear.
    try await companions?.check(work.fresh.map(\.input.name))
    let built = try await PackageStage(services: services, settings: settings, journal: journal)
      .build(work.fresh, packages: packages, isBuilt: isBuilt)
    // What cannot be built is told before anything is written.
    try await update(work.updated)
    let resumed = work.resumed + (try await keepServing(built.identical))
    guard !built.work.isEmpty || !resumed.isEmpty else {
      if let release = work.held.compactMap(\.unfinished?.record.release).max() {
        journal.tell(.release(release))
      }
      return conclude(.unchanged, holding: work.held)
    }
    // A name that is wrong is told before anything is published; how the alarms stand counts right before the traffic.
    _ = try await AlarmWatch.begin(settings.alarms, with: services.alarms) { _ in }
    let release = resumed.compactMap { $0.unfinished?.record.release }.max() ?? name
    journal.tell(.release(release))
    let targets = try await targets(built.work, resumed: resumed, release)
    guard !targets.isEmpty else {
      let isFirst = journal.report.functions.contains { $0.outcome == .promoted }
      return conclude(isFirst ? .promoted : .unchanged, holding: work.held)
    }
    try await roll(targets, release: release, extent: settings.detaches ? .firstWeight : .toEnd, isOwn: true)
    if !work.held.isEmpty { conclude(journal.report.outcome, holding: work.held) }
  }

  /// The run has ended so, but for `held`, which it has left as they stand: nothing that went well is done while somebody
  /// is waited for.
  private func conclude(_ outcome: Outcome, holding held: [FunctionPlan]) {
    for function in held {
      journal.tell(.held(function.input.function, reason: RecordReason.pause.word))
    }
    let isWell = [.unchanged, .updated, .published, .promoted].contains(outcome)
    journal.tell(.concluded(isWell && !held.isEmpty ? .held : outcome))
  }

  /// Who gets weights: what goes on, and what is published and tested now.
  private func targets(
    _ work: [Work], resumed: [FunctionPlan], _ release: ReleaseID
  ) async throws(ReleaseError) -> [RolloutTarget] {
    try await examine(work.map(\.plan), functions: work.count + resumed.count)
    let stage = PublishStage(
      services: services, settings: settings, identity: identity, alias: alias, release: release,
      journal: journal)
    let published = try await stage.publish(work)
    var targets = resumed.compactMap(RolloutTarget.init(resuming:))
    var candidates = published.compactMap { Candidate($0, release: release) }
    for candidate in candidates {
      for finding in Preflight.findings(
        candidate.publication.version, of: candidate.publication.plan, alias: alias,
        heaviest: settings.plan.heaviest)
      {
        try finding.enforce()
      }
    }
    if settings.cutsDescription {
      let forecast = RecordForecast(settings: settings, functions: targets.count + candidates.count)
      for index in candidates.indices {
        candidates[index].target.userText = forecast.lastingRoom(
          of: candidates[index].target, at: services.serverTime())
      }
    }
    try await WakeStage(services: services, settings: settings).wake(candidates)
    try await SmokeStage(services: services, settings: settings, journal: journal)
      .run(published.map { ($0.plan.input, $0.version.version) })
    let known = Set(candidates.map(\.target.function))
    let first = published.filter { publication in
      guard case .serving = publication.plan.deployed else { return true }
      return false
    }
    let same = published.filter { publication in
      guard case .serving = publication.plan.deployed else { return false }
      return !known.contains(publication.plan.input.function)
    }
    for publication in same {
      let version = publication.version.version
      journal.tell(
        .note(publication.plan.input.function, "version \(version) already is what was to be published"))
      journal.tell(.ended(publication.plan.input.function, .unchanged))
    }
    targets += try await keepServing(same.map(\.plan)).compactMap(RolloutTarget.init(resuming:))
    targets += candidates.map(\.target)
    try await stage.runBeforeTraffic(
      first + candidates.map(\.publication), environment: plan.environment)
    for publication in first { try await stage.createAlias(for: publication) }
    return targets
  }

  /// Everything about new versions that can be known before they are made.
  private func examine(_ plans: [FunctionPlan], functions: Int) async throws(ReleaseError) {
    let stage = PreflightStage(services: services, settings: settings, alias: alias)
    let (findings, _) = try await stage.examine(plans, functions: functions)
    for finding in findings where finding.severity == .warning {
      journal.tell(.warning(finding.function, "\(finding.rule); \(finding.fix)"))
    }
    let refusals = findings.filter { $0.severity == .refusal }
    for finding in refusals { journal.tell(.failed(finding.function, finding.error)) }
    if let first = refusals.first { throw first.error }
  }

  /// What serves is what is wanted: ends the canaries of something else, where there are any.
  ///
  /// - Returns: the functions where what serves is still in the bake of a run that has ended.
  private func keepServing(_ plans: [FunctionPlan]) async throws(ReleaseError) -> [FunctionPlan] {
    var baking: [FunctionPlan] = []
    for var plan in plans {
      guard let unfinished = plan.unfinished else { continue }
      if unfinished.record.canary == plan.servingVersion {
        plan.unfinished = UnfinishedRollout(record: unfinished.record, relation: .same)
        baking.append(plan)
      } else {
        try await LeftBehind(run: self).abandon([plan])
      }
    }
    return baking
  }

  /// - Parameter isOwn: whether it is what this run was asked for, and not what another has left.
  private func roll(
    _ targets: [RolloutTarget], release: ReleaseID, extent: RolloutMachine.Extent, isOwn: Bool
  ) async throws(ReleaseError) {
    let hasPassed = plan.functions.compactMap(\.record)
      .contains { $0.release == release && $0.functions > 1 && $0.state == .idle }
    let alarms = try await AlarmWatch.begin(
      settings.alarms, with: services.alarms, report: services.report)
    var runner = RolloutRunner(
      services: services, settings: settings, alias: alias, owner: owner, release: release, extent: extent,
      targets: targets, alarms: alarms, journal: journal, besideBake: isOwn ? besideBake : nil)
    await runner.run(hasPassed: hasPassed)
  }

  /// Takes what another run has left of `release` to its end.
  ///
  /// - Returns: whether that was its promotion, so that this run may go on.
  private func conclude(_ functions: [FunctionPlan], _ release: ReleaseID) async throws(ReleaseError) -> Bool
  {
    let targets = functions.compactMap(RolloutTarget.init(resuming:))
    journal.tell(.release(release))
    // What serves since a promotion is not what the release has come from.
    for target in targets {
      journal.tell(
        .candidate(target.function, from: target.stable, to: target.canary, codeSHA256: nil))
    }
    try await roll(targets, release: release, extent: .toEnd, isOwn: false)
    let report = journal.report
    guard report.outcome == .promoted, report.error == nil, !report.wasInterrupted else { return false }
    await tidy()
    return true
  }

  /// Does what follows the promotions so far.
  func tidy() async {
    let hooks = plan.functions.map { ($0.input.function, $0.input.hooks) }
    await Aftermath(services: services, settings: settings, alias: alias)
      .carryOut(Dictionary(hooks) { first, _ in first }, journal: journal)
    await letGo()
  }

  /// Puts the companions right of what was taken back by a run, or a schedule, that did not come to them.
  func mend() async {
    guard !Task.isCancelled else { return }
    let back = plan.functions.filter { function in
      guard case .rolledBack = function.record?.state else { return false }
      return true
    }
    await settleCompanions(back.map(\.input.name))
  }

  /// Puts the companions of functions right, by what their aliases say now.
  func settleCompanions(_ names: [FunctionName]) async {
    for failure in await companions?.settle(names) ?? [] {
      journal.tell(
        .warning(failure.function, "a companion stays as it is until the next run: \(failure.error)"))
    }
  }
}
