internal import AWSClient
internal import Core

/// Carries out a plan: builds, publishes, shifts traffic step by step, watches, and promotes or takes it back.
///
/// Everything is uploaded and published before anything gets traffic; a failure until then leaves the traffic as it
/// was. From the first weight on all functions of a release move, and are taken back, together.
public struct Releaser: Sendable {
  let services: ReleaseServices
  let settings: ReleaseSettings
  let identity: RunIdentity
  let alias: String

  /// A releaser for one alias.
  public init(services: ReleaseServices, settings: ReleaseSettings, identity: RunIdentity, alias: String) {
    self.services = services
    self.settings = settings
    self.identity = identity
    self.alias = alias
  }

  var owner: RecordOwner { RecordOwner(identity.owner) }

  /// Carries out `plan`. When the task is cancelled from the first weight on, the traffic is first made safe.
  public func deploy(_ plan: ReleasePlan, packages: any PackageSource) async -> ReleaseReport {
    let release = ReleaseID(
      time: services.serverTime(), commit: identity.commit,
      random: (0..<4).map { _ in UInt8.random(in: 0 ... .max) })
    return settings.perFunction
      ? await deployEach(plan, packages: packages, release: release)
      : await deployTogether(plan, packages: packages, release: release)
  }

  /// Carries out `plan` as one release, which goes forward and back as a whole.
  ///
  /// - Parameters:
  ///   - release: its name, unless it goes on with one that is under way.
  ///   - isBuilt: whether `packages` are built already, and that was told.
  func deployTogether(
    _ plan: ReleasePlan, packages: any PackageSource, release: ReleaseID, isBuilt: Bool = false
  ) async -> ReleaseReport {
    var report = ReleaseReport(plan)
    do throws(ReleaseError) {
      try await deploy(plan, packages: packages, release: release, isBuilt: isBuilt, report: &report)
      await settle(plan, report: &report)
    } catch {
      report.fail(with: error)
      // A signal shows itself as a call that was cancelled, too.
      if Task.isCancelled { report.wasInterrupted = true }
    }
    return report
  }

  /// Does what follows the promotions so far.
  private func settle(_ plan: ReleasePlan, report: inout ReleaseReport) async {
    let hooks = plan.functions.map { ($0.input.function, $0.input.hooks) }
    await Aftermath(services: services, settings: settings, alias: alias)
      .carryOut(Dictionary(hooks) { first, _ in first }, report: &report)
  }

  private func deploy(
    _ plan: ReleasePlan, packages: any PackageSource, release: ReleaseID, isBuilt: Bool,
    report: inout ReleaseReport
  ) async throws(ReleaseError) {
    let refused = plan.functions.filter { plan in
      guard case .missing = plan.deployed else { return false }
      return !plan.input.mayCreate
    }
    guard refused.isEmpty else { throw .notCreatable(functions: refused.map(\.input.function)) }
    for function in plan.functions { try Preflight.creation(function)?.enforce() }
    try await refuseOlder(plan)
    try await claim(plan)
    guard try await settleHalf(plan, report: &report) else { return }
    let takenBack = plan.functions.filter { $0.unfinished?.relation == .takenBack }
    for function in takenBack { try await end(function, report: &report) }
    await disarm(takenBack)
    do throws(ReleaseError) {
      try await carryOut(plan, packages: packages, release: release, isBuilt: isBuilt, report: &report)
    } catch {
      await endSuperseded(plan)
      throw error
    }
    if [.rolledBack, .failed].contains(report.outcome) { await endSuperseded(plan) }
  }

  /// From the first package to the last weight.
  private func carryOut(
    _ plan: ReleasePlan, packages: any PackageSource, release: ReleaseID, isBuilt: Bool,
    report: inout ReleaseReport
  ) async throws(ReleaseError) {
    var resumed = plan.functions.filter { $0.unfinished?.relation == .same }
    guard try await settleDecided(&resumed, of: plan, report: &report) else { return }
    let rollout = try await prepareRollout(
      plan, resumed: resumed, packages: packages, release: release, isBuilt: isBuilt, report: &report)
    guard let rollout else { return }
    guard !rollout.members.isEmpty else {
      report.outcome = report.functions.contains { $0.outcome == .promoted } ? .promoted : .unchanged
      return
    }
    try await roll(
      rollout.members, of: plan, release: rollout.release, extent: settings.detaches ? .firstWeight : .toEnd,
      report: &report)
  }

  /// Everything up to the first weight.
  ///
  /// - Returns: who gets weights, perhaps nobody; nil when there is nothing to do.
  private func prepareRollout(
    _ plan: ReleasePlan, resumed: [FunctionPlan], packages: any PackageSource, release: ReleaseID,
    isBuilt: Bool, report: inout ReleaseReport
  ) async throws(ReleaseError) -> (members: [RolloutTarget], release: ReleaseID)? {
    let built = try await build(plan, packages: packages, isBuilt: isBuilt, report: &report)
    let work = built.work
    let resumed = resumed + built.resumed
    guard !work.isEmpty || !resumed.isEmpty else { return nil }
    // A name that is wrong is told before anything is published; how the alarms stand counts right before the traffic.
    _ = try await AlarmWatch.begin(settings.alarms, with: services.alarms) { _ in }

    let release = resumed.compactMap { $0.unfinished?.record.release }.max() ?? release
    report.release = release
    let published = try await publish(work, release: release, report: &report)
    let members = try await prepare(published, resumed: resumed, release: release, report: &report)
    return (members, release)
  }

  /// Ends the canaries that this run's versions have not come to take the place of: the repository has moved on from
  /// them, so that no run would ever go on with them. An alias that was written since the plan was made is left alone.
  private func endSuperseded(_ plan: ReleasePlan) async {
    let superseded = plan.functions.filter { function in
      guard let rollout = function.unfinished, rollout.relation == .superseded else { return false }
      return rollout.record.canary != nil && rollout.record.canary != function.servingVersion
    }
    var ended: [FunctionPlan] = []
    for function in superseded {
      // In a task of its own: a signal may be why the release ends here.
      let failure = await Task { () async -> ReleaseError? in
        do throws(ReleaseError) {
          _ = try await end(function)
          return nil
        } catch {
          return error
        }
      }.value
      switch failure {
      case nil: ended.append(function)
      case .owned: break
      case let failure?:
        services.report(.note(function.input.function, "the canary could not be ended: \(failure)"))
      }
    }
    await Task { [ended] in await disarm(ended) }.value
  }

  /// Removes the dead-man schedules of rollouts that were ended.
  private func disarm(_ plans: [FunctionPlan]) async {
    await DeadManSwitch(services, settings.deadMan, alias: alias, parallel: settings.parallel)?
      .disarm(plans.map(\.input.name))
  }

  private func roll(
    _ members: [RolloutTarget], of plan: ReleasePlan, release: ReleaseID, extent: RolloutRunner.Extent,
    report: inout ReleaseReport
  ) async throws(ReleaseError) {
    let hasPassed = plan.functions.compactMap(\.record)
      .contains { $0.release == release && $0.functions > 1 && $0.state == .idle }
    let runner = RolloutRunner(
      services: services, settings: settings, alias: alias, owner: owner, release: release, extent: extent,
      hasPassed: hasPassed, members: members, alarms: try await watchAlarms())
    try await runner.run(into: &report)
  }

  /// Reads the alarms; called before the first write to any alias.
  private func watchAlarms() async throws(ReleaseError) -> AlarmWatch? {
    try await AlarmWatch.begin(settings.alarms, with: services.alarms, report: services.report)
  }

  /// Brings releases that another run has left behind their promotion to an end, where this run has more to do than
  /// that: what is new must not go forward with what was decided before.
  ///
  /// - Parameter resumed: the functions whose rollout goes on; those of such releases are taken out.
  /// - Returns: whether this run may go on.
  private func settleDecided(
    _ resumed: inout [FunctionPlan], of plan: ReleasePlan, report: inout ReleaseReport
  ) async throws(ReleaseError) -> Bool {
    let decided = Set(
      resumed.compactMap(\.unfinished?.record).filter { [.bake, .commit].contains($0.state) }.map(\.release))
    let hasMore =
      plan.changed.contains { $0.unfinished?.relation != .same }
      || resumed.contains { $0.unfinished.map { !decided.contains($0.record.release) } ?? false }
    guard hasMore || decided.count > 1 else { return true }
    for release in decided.sorted() {
      let old = resumed.filter { $0.unfinished?.record.release == release }
      resumed.removeAll { $0.unfinished?.record.release == release }
      guard try await conclude(old, release, of: plan, report: &report) else { return false }
    }
    return true
  }

  /// Brings releases to their end that a dead run has left half way, where this plan would begin something else on
  /// their functions.
  ///
  /// - Returns: whether this run may go on; not where such a release did not come to the end that it was promised.
  /// - Throws: ``ReleaseError/outdated(release:)`` where there was one: the plan was made before.
  private func settleHalf(
    _ plan: ReleasePlan, report: inout ReleaseReport
  ) async throws(ReleaseError) -> Bool {
    let halves = HalfRelease.find(plan)
    for half in halves {
      switch half.way {
      case .forward:
        guard try await conclude(half.functions, half.release, of: plan, report: &report) else {
          return false
        }
      case .back(let reason):
        for function in half.functions {
          _ = try await end(function, for: reason.blamesVersion ? .peer : reason)
        }
        await disarm(half.functions)
      }
    }
    if let last = halves.last { throw .outdated(release: "\(last.release)") }
    return true
  }

  /// Takes what another run has left of `release` to its end.
  ///
  /// - Returns: whether that was its promotion, so that this run may go on.
  private func conclude(
    _ functions: [FunctionPlan], _ release: ReleaseID, of plan: ReleasePlan, report: inout ReleaseReport
  ) async throws(ReleaseError) -> Bool {
    let members = functions.compactMap(member(resuming:))
    report.release = release
    // What serves since a promotion is not what the release has come from.
    for member in members { report.update(member.function) { $0.fromVersion = member.stable } }
    try await roll(members, of: plan, release: release, extent: .toEnd, report: &report)
    guard report.outcome == .promoted, !report.wasInterrupted else { return false }
    await settle(plan, report: &report)
    return true
  }

  /// Makes sure that no living run owns any of the aliases, and that everybody's records can be read.
  private func claim(_ plan: ReleasePlan) async throws(ReleaseError) {
    let watch = LeaseWatch(
      lambda: services.lambda, alias: alias, clock: services.clock, serverTime: services.serverTime,
      report: services.report)
    for function in plan.functions {
      guard case .serving(let serving) = function.deployed, let seen = serving.alias else { continue }
      let name = function.input.function
      switch RolloutRecord.decode(seen.description) {
      case .damaged:
        throw .unreadableRecord(function: name, alias: alias, reason: "somebody has changed lamctl's record")
      case .newer:
        throw .unreadableRecord(function: name, alias: alias, reason: "a later lamctl wrote it")
      case .none: break
      case .record(let record, _):
        guard record.state.isUnderWay else { break }
        try Preflight.movedRouting(seen, of: record, function: name)?.enforce()
        guard !settings.takesOver else { break }
        try await watch.waitForEnd(
          of: record, in: seen, function: name, functionName: function.input.functionName)
      }
      guard function.change != .none, serving.record?.state.isUnderWay != true else { continue }
      try await refuseForeignWeights(seen, of: function.input.name)
    }
  }

  /// Ends the canary of a function whose change was taken back in the repository, and reports that.
  func end(_ plan: FunctionPlan, report: inout ReleaseReport) async throws(ReleaseError) {
    let isVerified = try await end(plan)
    report.update(plan.input.function) { report in
      report.outcome = .rolledBack
      report.isVerified = isVerified
    }
  }

  /// - Returns: whether the alias reads so.
  private func end(
    _ plan: FunctionPlan, for reason: RecordReason = .superseded
  ) async throws(ReleaseError) -> Bool {
    guard let member = member(resuming: plan) else { return false }
    let writer = AliasWriter(lambda: services.lambda, alias: alias, clock: services.clock)
    _ = try await writer.write(member.record.rolledBack(for: reason), for: member, priority: .rollback)
    services.report(.rolledBack(member.function, from: member.canary, to: member.stable))
    return try await RoutingCheck(services: services, alias: alias).verify(
      plan.input.name, serves: member.stable, release: member.record.release,
      attempts: RoutingCheck.attempts)
  }

  func member(resuming plan: FunctionPlan) -> RolloutTarget? {
    guard case .serving(let serving) = plan.deployed, let seen = serving.alias,
      let record = plan.unfinished?.record, let canary = record.canary
    else { return nil }
    return RolloutTarget(
      function: plan.input.function, functionName: plan.input.functionName,
      stable: record.stable ?? serving.version,
      canary: canary, isSmoked: !plan.input.smokeTests.isEmpty, timeout: plan.timeout,
      userText: RolloutRecord.decode(seen.description).userText, record: record,
      revisionID: seen.revisionIfKnown)
  }
}
