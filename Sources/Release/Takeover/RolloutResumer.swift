internal import AWSClient
internal import Core

/// Goes on with rollouts that are under way, by the records in the aliases alone: nothing is built or planned.
public struct RolloutResumer: Sendable {
  /// What is asked for.
  public enum Mode: Hashable, Sendable {
    /// A person lets a held rollout go to its next step, and watches it from there.
    case promote
    /// A rollout whose run died, or was detached, goes to its end.
    case resume
    /// One look at every rollout, and what is due then.
    case tick
  }

  let services: ReleaseServices
  let settings: ReleaseSettings
  private let environment: String
  private let alias: String
  private let owner: RecordOwner

  /// A takeover at the alias of one environment.
  ///
  /// - Parameter settings: as for the deploy that began the rollouts. The steps must be the same.
  public init(
    services: ReleaseServices, settings: ReleaseSettings, environment: String, alias: String, owner: String
  ) {
    self.services = services
    self.settings = settings
    self.environment = environment
    self.alias = alias
    self.owner = RecordOwner(owner)
  }

  /// Goes on with every release under way among `subjects`, one after the other.
  ///
  /// - Parameter subjects: all functions of the environment, so that no release is split.
  public func run(_ subjects: [RolloutSubject], mode: Mode) async -> ReleaseReport {
    var report = emptyReport
    do throws(ReleaseError) {
      var rollouts = try await leftRollouts(subjects, telling: true)
      if mode == .promote { rollouts = try promotable(rollouts) }
      let hooks = Dictionary(subjects.map { ($0.name.function, $0.hooks) }) { first, _ in first }
      for rollout in rollouts {
        var part = await takeOver(rollout, mode: mode)
        await Aftermath(services: services, settings: settings, alias: alias)
          .carryOut(hooks, report: &part)
        report.join(part)
        if part.wasInterrupted { break }
      }
    } catch {
      report.fail(with: error)
      if Task.isCancelled { report.wasInterrupted = true }
    }
    return report
  }

  /// The releases under way, the oldest first.
  ///
  /// - Parameter telling: whether to tell of rollouts that a dead-man switch has ended: nobody else does.
  func leftRollouts(
    _ subjects: [RolloutSubject], telling: Bool = false
  ) async throws(ReleaseError) -> [InFlightRelease] {
    let aliases = try await AliasReader(lambda: services.lambda, alias: alias, parallel: settings.parallel)
      .read(subjects.map(\.name))
    for subject in subjects where telling && subject.isSelected {
      let content = aliases[subject.name.function].map { RolloutRecord.decode($0.description) }
      guard let content, content.record?.state == .rolledBack(.deadMan) else { continue }
      services.report(.note(subject.name.function, content.ownerWords))
    }
    return try InFlightRelease.find(subjects, aliases: aliases)
  }

  private var emptyReport: ReleaseReport {
    ReleaseReport(
      environment: environment, alias: alias, release: nil, outcome: .unchanged, functions: [], verdict: nil,
      error: nil)
  }

  /// The rollouts that wait for a person.
  private func promotable(_ rollouts: [InFlightRelease]) throws(ReleaseError) -> [InFlightRelease] {
    let held = rollouts.filter(\.isHeld)
    guard held.isEmpty else { return held }
    guard let other = rollouts.first?.members.first else { throw .nothingHeld(environment: environment) }
    throw .notHeld(function: other.function, state: other.record.state.word)
  }

  private func takeOver(_ rollout: InFlightRelease, mode: Mode) async -> ReleaseReport {
    var report = emptyReport
    report.release = rollout.release
    report.functions = rollout.parts.map { part in
      let member = part.member
      return FunctionReport(
        function: member.function, functionName: member.functionName, change: .none,
        reasons: ["release \(rollout.release)"], fromVersion: member.stable, toVersion: member.canary,
        codeSHA256: nil, digests: nil, outcome: .unchanged, serving: part.alias.shares)
    }
    do throws(ReleaseError) {
      try await carryOut(rollout, mode: mode, report: &report)
    } catch {
      report.fail(with: error)
      for index in report.functions.indices where report.functions[index].outcome == .unchanged {
        report.functions[index].outcome = .failed
      }
      if Task.isCancelled { report.wasInterrupted = true }
    }
    return report
  }

  private func carryOut(
    _ rollout: InFlightRelease, mode: Mode, report: inout ReleaseReport
  ) async throws(ReleaseError) {
    for part in rollout.parts {
      try Preflight.movedRouting(part.alias, of: part.member.record, function: part.member.function)?
        .enforce()
    }
    guard try await claim(rollout, mode: mode) else {
      return report.end(.detached, members: rollout.members)
    }
    if let reason = rollout.takenBack {
      return try await takeBack(rollout, reason: reason.blamesVersion ? .peer : reason, report: &report)
    }
    if let count = rollout.missing {
      try await takeBack(rollout, reason: .interrupt, report: &report)
      throw .incomplete(release: rollout.release.description, found: rollout.members.count, of: count)
    }
    try rollout.check(settings.plan)
    let rollout = try await timed(rollout)
    try await runner(for: rollout, mode: mode, alarms: try await watchAlarms()).run(into: &report)
  }

  /// `rollout` with what a record does not tell and the end of its last step depends on.
  func timed(_ rollout: InFlightRelease) async throws(ReleaseError) -> InFlightRelease {
    guard !rollout.members.contains(where: { [.bake, .commit].contains($0.record.state) }) else {
      return rollout
    }
    let lambda = services.lambda
    let results = await Concurrent.map(rollout.parts, limit: settings.parallel) {
      part -> Result<InFlightRelease.Part, ReleaseError> in
      var part = part
      do throws(AWSError) {
        let canary = try await lambda.getFunction(part.member.functionName, qualifier: part.member.canary)
        part.member.timeout = .seconds(Double(canary.configuration.timeout ?? 0))
        return .success(part)
      } catch {
        return .failure(Task.isCancelled ? .interrupted : .aws(error, function: part.member.function))
      }
    }
    var timed = rollout
    timed.parts = []
    for result in results { timed.parts.append(try result.get()) }
    return timed
  }

  /// Makes sure that no living run drives the rollout.
  ///
  /// - Returns: whether this run may; not where it has come for one look only, and a lease is not over yet.
  private func claim(_ rollout: InFlightRelease, mode: Mode) async throws(ReleaseError) -> Bool {
    guard !settings.takesOver else { return true }
    let now = services.serverTime()
    if mode == .tick, let leased = rollout.members.first(where: { !$0.record.isLeaseOver(at: now) }) {
      let owner = leased.record.owner?.description ?? "another run"
      let end = leased.record.leaseEnd?.iso8601 ?? ""
      services.report(.note(leased.function, "\(owner) holds the lease until \(end): nothing to do"))
      return false
    }
    let watch = LeaseWatch(
      lambda: services.lambda, alias: alias, clock: services.clock, serverTime: services.serverTime,
      report: services.report)
    for part in rollout.parts {
      try await watch.waitForEnd(
        of: part.member.record, in: part.alias, function: part.member.function,
        functionName: part.member.functionName)
    }
    return true
  }

  private func takeBack(
    _ rollout: InFlightRelease, reason: RecordReason, report: inout ReleaseReport
  ) async throws(ReleaseError) {
    let runner = runner(for: rollout, mode: .tick, alarms: nil)
    runner.markBegun()
    try await runner.safely(into: &report) { (runner, report) throws(ReleaseError) in
      try await runner.takeBack(reason: reason, culprit: nil, into: &report)
    }
  }

  /// Reads the alarms; called before the first write to any alias.
  func watchAlarms() async throws(ReleaseError) -> AlarmWatch? {
    try await AlarmWatch.begin(settings.alarms, with: services.alarms, report: services.report)
  }

  func runner(for rollout: InFlightRelease, mode: Mode, alarms: AlarmWatch?) -> RolloutRunner {
    var settings = settings
    settings.stopsBeforePromotion = mode != .promote && (settings.stopsBeforePromotion || rollout.isPaused)
    let extent: RolloutRunner.Extent =
      switch mode {
      case .promote: .overHold
      case .resume: .toEnd
      case .tick: .oneLook
      }
    return RolloutRunner(
      services: services, settings: settings, alias: alias, owner: owner, release: rollout.release,
      extent: extent, hasPassed: rollout.hasPassed, members: rollout.members, alarms: alarms)
  }
}
