internal import AWSClient
internal import Core

/// Drives the rollout of one release: performs what ``RolloutMachine`` asks for on all aliases of the release, and tells
/// the machine what came of it, until it says that this run is over.
struct RolloutRunner {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let release: ReleaseID
  let owner: RecordOwner
  let journal: ReleaseJournal
  let writer: AliasWriter
  /// Nil where none is wanted.
  let deadMan: DeadManSwitch?
  /// Nil where none are wanted.
  let companions: CompanionWriter?
  private let evidence: EvidenceCollector
  let besideBake: BakeWork?
  /// What is under way beside the bake.
  var bakeTask: Task<Void, Never>?
  var machine: RolloutMachine
  /// The functions of the release, by name in byte order: the first is its leader.
  var targets: [RolloutTarget]
  /// The targets as they were before anything was taken back.
  private var before: [RolloutTarget] = []
  /// What was seen last.
  private var last: Observation?
  /// What has failed at last of what is tried again.
  var failures: [String: ReleaseError] = [:]
  /// From where on aliases are read at the next look, where there are more than one look reads.
  var nextRead = 0

  /// - Parameters:
  ///   - services: report to `journal`.
  ///   - isHeld: whether the rollout waits for a person, and this run is none.
  init(
    services: ReleaseServices, settings: ReleaseSettings, alias: String, owner: RecordOwner,
    release: ReleaseID, extent: RolloutMachine.Extent = .toEnd, targets: [RolloutTarget],
    alarms: AlarmWatch?, journal: ReleaseJournal, besideBake: BakeWork? = nil
  ) {
    self.services = services
    self.settings = settings
    self.release = release
    self.owner = owner
    self.journal = journal
    self.besideBake = besideBake
    writer = AliasWriter(
      lambda: services.lambda, alias: alias, release: release, clock: services.clock,
      parallel: settings.parallel)
    // Where all traffic moves at once and nothing is watched, a dead run leaves nothing half done.
    let isImmediate = settings.plan.steps.isEmpty && settings.bake <= .zero
    deadMan = DeadManSwitch(
      services, isImmediate ? nil : settings.deadMan, alias: alias, parallel: settings.parallel)
    companions = CompanionWriter(services, settings.companions, alias: alias, parallel: settings.parallel)
    evidence = EvidenceCollector(
      metrics: VersionMetrics(metrics: services.metrics, alias: alias, extra: settings.metrics),
      alarms: alarms, settle: settings.settle)
    self.targets = targets.sorted { $0.function.utf8.lexicographicallyPrecedes($1.function.utf8) }
    for index in self.targets.indices { self.targets[index].isInherited = self.targets[index].isExposed }
    let longest = targets.map(\.timeout).max() ?? .zero
    machine = RolloutMachine(
      RolloutMachine.Settings(
        steps: settings.plan.steps, bake: settings.bake, settle: settings.settle,
        drain: longest > settings.settle ? longest : .zero, maxHold: settings.maxWait,
        stopsBeforePromotion: settings.stopsBeforePromotion, onInterrupt: settings.onInterrupt,
        extent: extent,
        isHeld: extent == .oneLook && targets.allSatisfy(\.isHeld), isGroup: targets.count > 1))
  }

  /// Takes the rollout from where it stands to the end of this run's part in it.
  ///
  /// - Parameter hasPassed: whether the release has come to its good end for some of its functions.
  mutating func run(hasPassed: Bool = false) async {
    let place = place(hasPassed: hasPassed)
    if place != .fresh { announceResumption() }
    if let failure = await prepareSwitch() {
      journal.tell(.failed(failure.function, failure))
      return await conclude(.failed)
    }
    await perform(from: .entered(place, at: services.serverTime()))
  }

  /// Takes the release back, for good.
  mutating func takeBack(_ reason: RecordReason) async {
    await perform(from: .condemned(reason))
  }

  /// Feeds the machine until it has enough.
  private mutating func perform(from event: RolloutMachine.Event) async {
    var action = machine.on(event)
    while true {
      if case .end(let end) = action { return await conclude(end) }
      if Task.isCancelled, !machine.isStopped {
        journal.tell(.interrupted)
        action = machine.on(.stopped(by: .signal))
        continue
      }
      let event = await perform(action)
      // What was read, or failed, because the run was told to stop says nothing.
      if Task.isCancelled, !machine.isStopped, !event.isDone { continue }
      action = machine.on(event)
      announce(event)
    }
  }

  private mutating func perform(_ action: RolloutMachine.Action) async -> RolloutMachine.Event {
    switch action {
    case .lease: return await lease()
    case .shift(let step, let weight): return await shift(to: weight, step: step)
    case .observe(let moment): return await observe(at: moment)
    case .promote:
      let event = await promote()
      if case .promoted = event { beginBesideBake() }
      return event
    case .finish:
      if let event = await settleBesideBake() { return event }
      return await finish()
    case .hold(let reason):
      bakeTask?.cancel()
      return await hold(for: reason)
    case .withdraw(let withdrawal):
      bakeTask?.cancel()
      return await withdraw(withdrawal)
    case .release:
      bakeTask?.cancel()
      return await releaseLeases()
    case .keepWatch:
      await rearm()
      return .released
    case .end: return .released
    }
  }

  /// Where this run comes to the rollout.
  func place(hasPassed: Bool) -> RolloutMachine.Place {
    let begun = targets.filter(\.isExposed)
    guard !begun.isEmpty else { return .fresh }
    let isWhole = begun.count == targets.count
    // Without a bake the release has passed with its first promotion. What never had traffic cannot have passed.
    let isDecided = settings.bake <= .zero && targets.contains { $0.record.state == .commit }
    if hasPassed || isDecided, isWhole { return .passed }
    if begun.contains(where: \.isDecided) {
      return .promoted(pending: !unpromoted.isEmpty, since: promotionTime)
    }
    let step = targets.map { $0.isExposed ? max(0, $0.record.step - 1) : 0 }.min() ?? 0
    let since =
      targets.compactMap { $0.record.recordedSteps.last?.firstMinute }.max() ?? services.serverTime()
    let weights = Set(targets.map { $0.isExposed ? $0.record.weight : nil })
    guard weights.count == 1, step < settings.plan.steps.count,
      case .traffic(let weight, _) = settings.plan.steps[step], weights == [weight]
    else { return .otherStep(step, isWhole: isWhole) }
    return .step(step, since: since - .minutes(1), isWhole: isWhole)
  }

  /// When the canaries got the weight that they have, to the minute; now where the records do not tell.
  private var promotionTime: Timestamp {
    targets.compactMap { $0.record.recordedSteps.last?.firstMinute }.max().map { $0 - .minutes(1) }
      ?? services.serverTime()
  }

  // Looks.

  private mutating func observe(at moment: Timestamp) async -> RolloutMachine.Event {
    if let end = settings.credentialsEnd, moment >= end - ReleaseSettings.credentialsMargin {
      journal.tell(.failed(nil, .credentialsEnd(at: end)))
      return .stopped(by: .credentials)
    }
    do {
      try await services.clock.sleep(for: moment - services.serverTime())
    } catch {
      return .failed
    }
    if machine.settings.extent != .oneLook, let event = await lookAfterAliases() { return event }
    let seen = await look()
    return .observed(seen.finding, at: services.serverTime())
  }

  /// Reads the evidence and has it judged.
  private mutating func look() async -> Observation {
    let now = services.serverTime()
    let isOver = now >= machine.phaseEnd
    let ours = targets.filter { $0.foreign == nil }
    let found = await evidence.evidence(on: ours, now: now, phaseIsOver: isOver)
    var judge = settings.judge
    judge.plannedSteps = max(1, settings.plan.steps.count)
    judge.maxWait = settings.maxWait
    judge.smoked = ours.allSatisfy(\.isSmoked)
    judge.waited = isOver ? now - machine.phaseEnd : .zero
    let seen = Observation(EvidenceFile(functions: found, settings: judge))
    for (function, verdict) in seen.verdict.functions.sorted(by: { $0.key < $1.key }) {
      journal.tell(.judged(function, verdict))
    }
    if found.count > 1 { journal.tell(.judgedRelease(seen.verdict.verdict)) }
    journal.tell(.observed(seen.evidence, seen.verdict.verdict))
    last = seen
    return seen
  }

  /// One look at the rollout as if this run had taken it over, which changes nothing.
  mutating func review() async -> Observation {
    _ = machine.on(.entered(place(hasPassed: false), at: services.serverTime()))
    if case .promoted(true, let since) = place(hasPassed: false) { _ = machine.on(.promoted(at: since)) }
    return await look()
  }

  // The end.

  /// Takes all traffic of the release back, the failing function's first, then those with the most at stake.
  private mutating func withdraw(_ withdrawal: RolloutMachine.Withdrawal) async -> RolloutMachine.Event {
    if before.isEmpty { before = targets }
    let exposed = targets.filter { $0.isToBeWithdrawn(onlyOurs: withdrawal.onlyOurs) }
    let errors = last?.verdict.functions.mapValues(\.canary.errors) ?? [:]
    let order = exposed.sorted { a, b in
      (b.function == withdrawal.culprit ? 1 : 0, errors[b.function] ?? 0, b.record.weight?.fraction ?? 0)
        < (a.function == withdrawal.culprit ? 1 : 0, errors[a.function] ?? 0, a.record.weight?.fraction ?? 0)
    }
    _ = await write(order, priority: .rollback) { target in
      let isToBlame = withdrawal.culprit == nil || target.function == withdrawal.culprit
      return target.record.rolledBack(for: isToBlame ? withdrawal.reason : .peer)
    }
    for target in targets where !target.isExposed && target.foreign == nil && isNew(target) {
      journal.tell(.rolledBack(target.function, from: target.canary, to: target.stable))
    }
    // Not before all traffic is back: nothing else may keep it waiting. What could not be taken back stays guarded.
    await disarm(
      targets.filter { target in exposed.contains { $0.function == target.function } && !target.isLookedAfter
      })
    return .withdrawn(isSafe: !targets.contains { $0.isToBeWithdrawn(onlyOurs: withdrawal.onlyOurs) })
  }

  /// Whether it is new that a target has no traffic.
  private func isNew(_ target: RolloutTarget) -> Bool {
    before.contains { $0.function == target.function && $0.isExposed } || target.isOurs
  }

  /// Tells how it has ended for each function, and what can be told about that now that the traffic is safe.
  private mutating func conclude(_ end: RolloutMachine.End) async {
    bakeTask?.cancel()
    if Task.isCancelled, !machine.isStopped { journal.tell(.interrupted) }
    let outcome = await report(end)
    for (function, error) in failures.sorted(by: { $0.key < $1.key }) {
      journal.tell(.failed(function, error))
    }
    if !machine.hasBegun, end != .lost {
      // Made for weights that never came to be.
      let idle = targets.filter { !$0.isExposed }.map(\.name)
      await Task { [deadMan] in await deadMan?.withdraw(idle) }.value
    }
    if outcome == .rolledBack { await checkAndExplain() }
    await settleCompanions(end)
    await endBesideBake()
    journal.tell(.concluded(outcome))
  }

  /// A run that was told to stop has seconds: one look, and one round of them.
  private func checkAndExplain() async {
    let back = targets.filter { target in
      target.foreign == nil && before.contains { $0.function == target.function && $0.isExposed }
    }
    guard !machine.isStopped || back.count <= settings.parallel else { return }
    let check = RoutingCheck(
      services: services, alias: writer.alias, parallel: settings.parallel, report: journal.tell)
    let subjects = back.map {
      RoutingCheck.Subject(name: $0.name, version: $0.stable, release: release, known: $0.known)
    }
    let attempts = machine.isStopped ? 1 : RoutingCheck.attempts
    await Task { await check.verify(subjects, attempts: attempts) }.value
    guard !machine.isStopped else { return }
    await RolloutExplanation(services: services, settings: settings, alias: writer.alias, journal: journal)
      .explain(before.filter { target in back.contains { $0.function == target.function } })
  }
}

extension RolloutMachine.Event {
  /// Whether it is something that this run has done, and not something that it has read or failed to do.
  fileprivate var isDone: Bool {
    switch self {
    case .observed, .failed: false
    default: true
    }
  }
}
