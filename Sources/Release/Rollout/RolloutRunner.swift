internal import AWSClient
internal import Core

/// Drives the rollout of one release: performs what ``RolloutMachine`` asks for, on all aliases of the release.
///
/// The members are kept where also the clean-up after a cancelled task can reach them.
final class RolloutRunner: Sendable {
  /// How far one run takes a rollout.
  enum Extent: Sendable {
    /// To its end.
    case toEnd
    /// To its first weight; the lease is released then.
    case firstWeight
    /// By one look, and one write of each alias at most. No lease is taken.
    case oneLook
    /// Over the hold that it stands in, as a person has decided, and then to its end.
    case overHold
  }

  let services: ReleaseServices
  let settings: ReleaseSettings
  let release: ReleaseID
  let extent: Extent
  let writer: AliasWriter
  /// Nil where none is wanted.
  let deadMan: DeadManSwitch?
  private let evidence: EvidenceCollector
  let members: Lock<[RolloutTarget]>
  /// Whether all canaries have had traffic: until then the release is withdrawn as a whole.
  private let begun = Lock(false)
  /// Why the release goes back, and whose fault that is, once the judge has said so.
  private let conviction = Lock<(reason: RecordReason, culprit: String?)?>(nil)
  /// Whether the release has passed everything.
  private let passed: Lock<Bool>
  let owner: RecordOwner

  init(
    services: ReleaseServices, settings: ReleaseSettings, alias: String, owner: RecordOwner,
    release: ReleaseID, extent: Extent = .toEnd, hasPassed: Bool = false, members: [RolloutTarget],
    alarms: AlarmWatch?
  ) {
    self.services = services
    self.settings = settings
    self.release = release
    self.extent = extent
    self.owner = owner
    writer = AliasWriter(lambda: services.lambda, alias: alias, clock: services.clock)
    // Where all traffic moves at once and nothing is watched, a dead run leaves nothing half done.
    let isImmediate = settings.plan.steps.isEmpty && settings.bake <= .zero
    deadMan = DeadManSwitch(
      services, isImmediate ? nil : settings.deadMan, alias: alias, parallel: settings.parallel)
    evidence = EvidenceCollector(
      metrics: VersionMetrics(metrics: services.metrics, alias: alias, extra: settings.metrics),
      alarms: alarms,
      settle: settings.settle)
    var members = members.sorted { $0.function.utf8.lexicographicallyPrecedes($1.function.utf8) }
    for index in members.indices { members[index].isInherited = members[index].isExposed }
    self.members = Lock(members)
    // Without a bake the release has passed with its first promotion. What never had traffic cannot have passed.
    let isDecided = settings.bake <= .zero && members.contains { $0.record.state == .commit }
    passed = Lock((hasPassed || isDecided) && members.allSatisfy(\.isExposed))
  }

  var current: [RolloutTarget] { members.withLock { $0 } }

  var hasBegun: Bool { begun.withLock { $0 } }

  var hasPassed: Bool { passed.withLock { $0 } }

  var convicted: (reason: RecordReason, culprit: String?)? { conviction.withLock { $0 } }

  /// Runs the rollout to its end and writes into `report` how that was.
  func run(into report: inout ReleaseReport) async throws(ReleaseError) {
    try await safely(into: &report) { (runner, report) throws(ReleaseError) in
      if runner.extent == .oneLook {
        try await runner.tick(into: &report)
      } else {
        try await runner.drive(into: &report)
      }
    }
  }

  /// Does `work`; when that fails, makes the traffic safe.
  func safely(
    into report: inout ReleaseReport,
    _ work: (RolloutRunner, inout ReleaseReport) async throws(ReleaseError) -> Void
  ) async throws(ReleaseError) {
    do throws(ReleaseError) {
      try await work(self, &report)
      report.hasMovedTraffic = report.hasMovedTraffic || hasBegun
    } catch {
      report.hasMovedTraffic = report.hasMovedTraffic || hasBegun
      try await stop(after: error, into: &report)
    }
  }

  /// A rollout by the settings that has not begun.
  var newMachine: RolloutMachine {
    RolloutMachine(
      RolloutMachine.Settings(
        steps: settings.plan.steps, bake: settings.bake, settle: settings.settle, drain: drain,
        maxHold: settings.maxWait, stopsBeforePromotion: settings.stopsBeforePromotion))
  }

  /// Where an invocation may take longer than its minute takes to settle, those of the last step are waited for.
  private var drain: TimeSpan {
    let longest = current.map(\.timeout).max() ?? .zero
    return longest > settings.settle ? longest : .zero
  }

  /// From here on the release is nobody's to withdraw as if nothing had happened.
  func markBegun() { begun.withLock { $0 = true } }

  /// From here on the release has passed, whatever happens to the last write.
  func markPassed() { passed.withLock { $0 = true } }

  /// From here on the release goes back, whatever happens on the way.
  func convict(_ reason: RecordReason, culprit: String?) {
    conviction.withLock { $0 = (reason, culprit) }
  }

  private func drive(into report: inout ReleaseReport) async throws(ReleaseError) {
    guard !hasPassed else { return try await complete(into: &report) }
    var machine = newMachine
    let isLeft = current.contains { $0.isExposed && ![.bake, .commit].contains($0.record.state) }
    if current.allSatisfy(\.isExposed) { markBegun() }
    try await deadMan?.prepare(current.filter { !$0.isExposed })
    var action = try await start(&machine)
    var last: Observation?
    if isLeft, let next = await looked(before: action, &machine) {
      action = next.action
      last = next.look
      report.take(next.look)
    }
    while true {
      if Task.isCancelled { throw .interrupted }
      switch action {
      case .shift(let step, let weight):
        let moment = try await shift(to: weight, step: step)
        markBegun()
        action = machine.shifted(step: step, at: moment)
        announceShift(weight, step: step, until: machine.phaseEnd)
      case .observe where extent == .firstWeight:
        if let failure = await releaseLeases() { throw failure }
        report.end(.detached, members: current)
        return
      case .observe(let moment):
        try await sleep(until: moment)
        try await renewLeases()
        let look = await look(machine)
        last = look
        report.take(look)
        action = machine.observed(look.finding, at: services.serverTime())
      case .promote:
        let moment = try await promote()
        markBegun()
        action = machine.promoted(at: moment)
        if machine.isBaking { announceBake(until: machine.phaseEnd) }
      case .finish:
        markPassed()
        try await finish()
        report.end(.promoted, members: current)
        return
      case .rollBack:
        try await takeBack(after: last, into: &report)
        return
      case .hold(let reason):
        try await hold(for: reason)
        report.end(.held, members: current)
        return
      }
    }
  }

  /// Ends a release that has passed, whatever a dead run has left of it. There is nothing to look at: some of its
  /// functions are through, and what is not must not go another way.
  func complete(into report: inout ReleaseReport) async throws(ReleaseError) {
    markBegun()
    announceResumption(of: current)
    try await finish()
    report.end(.promoted, members: current)
  }

  /// A look at a canary that another run left, before it is taken on to anything: over a pause as a person has
  /// decided, or to a step of another plan.
  ///
  /// - Returns: nil where the rollout goes on with a look anyway.
  private func looked(
    before action: RolloutMachine.Action, _ machine: inout RolloutMachine
  ) async -> (action: RolloutMachine.Action, look: Observation)? {
    var isLooking = false
    if case .observe = action { isLooking = true }
    guard extent == .overHold || !isLooking else { return nil }
    let look = await look(machine)
    // Only evidence against the canary goes before the decision of a person.
    guard look.finding != .rollback else { return (.rollBack, look) }
    return (isLooking ? machine.decided() : action, look)
  }

  /// Takes the release back for what `look` has shown.
  func takeBack(after look: Observation?, into report: inout ReleaseReport) async throws(ReleaseError) {
    try await takeBack(
      reason: look?.verdict.verdict.reason ?? .errors, culprit: look?.verdict.culprit, into: &report)
  }

  /// Takes the release back, for good: when that fails, it is tried once more.
  func takeBack(
    reason: RecordReason, culprit: String?, into report: inout ReleaseReport
  ) async throws(ReleaseError) {
    convict(reason, culprit: culprit)
    let before = current
    try await retract(reason: reason, culprit: culprit)
    report.end(.rolledBack, members: current)
    let check = await verify(before.filter(\.isExposed), attempts: RoutingCheck.attempts)
    report.markVerified(check.verified)
    report.error = report.error ?? check.failure
    await explain(before, in: &report)
  }

  private func sleep(until moment: Timestamp) async throws(ReleaseError) {
    do {
      try await services.clock.sleep(for: moment - services.serverTime())
    } catch {
      throw .interrupted
    }
  }

  /// Reads the evidence and has it judged.
  func look(_ machine: RolloutMachine) async -> Observation {
    let now = services.serverTime()
    let isOver = now >= machine.phaseEnd
    let found = await evidence.evidence(on: current, now: now, phaseIsOver: isOver)
    var judge = settings.judge
    judge.plannedSteps = max(1, settings.plan.steps.count)
    judge.maxWait = settings.maxWait
    judge.smoked = current.allSatisfy(\.isSmoked)
    judge.waited = isOver ? now - machine.phaseEnd : .zero
    let look = Observation(EvidenceFile(functions: found, settings: judge))
    for (function, verdict) in look.verdict.functions.sorted(by: { $0.key < $1.key }) {
      services.report(.judged(function, verdict))
    }
    if found.count > 1 { services.report(.judgedRelease(look.verdict.verdict)) }
    return look
  }

  func announceShift(_ weight: Weight, step: Int, until end: Timestamp) {
    for member in current {
      services.report(
        .shifted(
          member.function, version: member.canary, weight: weight.fraction, step: step + 1,
          of: settings.plan.steps.count, until: end))
    }
  }

  func announceBake(until end: Timestamp) {
    for member in current { services.report(.baking(member.function, version: member.canary, until: end)) }
  }
}
