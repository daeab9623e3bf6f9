internal import AWSClient
internal import Core

/// Goes on with rollouts that are under way, by the records in the aliases alone: nothing is built or planned.
package struct RolloutResumer: Sendable {
  /// What is asked for.
  package enum Mode: Hashable, Sendable {
    /// A person lets a held rollout go to its next step, and watches it from there.
    case promote
    /// A rollout whose run died, or was detached, goes to its end.
    case resume
    /// One look at every rollout, and what is due then.
    case tick
  }

  let services: ReleaseServices
  var settings: ReleaseSettings
  private let environment: String
  private let alias: String
  private let owner: RecordOwner

  /// A resumer at the alias of one environment.
  ///
  /// - Parameter settings: as for the deploy that began the rollouts. The steps must be the same.
  package init(
    services: ReleaseServices, settings: ReleaseSettings, environment: String, alias: String, owner: String
  ) {
    self.services = services
    self.settings = settings
    self.environment = environment
    self.alias = alias
    self.owner = RecordOwner(owner)
  }

  private var reader: AliasReader {
    AliasReader(lambda: services.lambda, alias: alias, parallel: settings.parallel)
  }

  /// Goes on with every release under way among `subjects`, one after the other.
  ///
  /// - Parameter subjects: all functions of the environment, so that no release is split.
  package func run(_ subjects: [RolloutSubject], mode: Mode) async -> ReleaseReport {
    var report = ReleaseReport(environment: environment, alias: alias)
    do throws(ReleaseError) {
      let aliases = try await reader.read(subjects.map(\.name))
      tell(of: subjects, aliases)
      await settleCompanions(subjects, aliases)
      var rollouts = try InFlightRelease.find(subjects, aliases: aliases)
      if mode == .promote { rollouts = try promotable(rollouts) }
      let hooks = Dictionary(subjects.map { ($0.name.function, $0.hooks) }) { first, _ in first }
      for rollout in rollouts {
        let journal = journal(of: rollout)
        await goOn(rollout, mode: mode, journal: journal)
        await Aftermath(services: services, settings: settings, alias: alias)
          .carryOut(hooks, journal: journal)
        report.join(journal.report)
        if report.wasInterrupted { break }
      }
    } catch {
      report.take(.failed(error.function, error))
      report.take(.concluded(.failed))
      if Task.isCancelled { report.take(.interrupted) }
      services.report(.failed(error.function, error))
    }
    return report
  }

  /// The releases under way, the oldest first.
  func rollouts(_ subjects: [RolloutSubject]) async throws(ReleaseError) -> [InFlightRelease] {
    try InFlightRelease.find(subjects, aliases: try await reader.read(subjects.map(\.name)))
  }

  /// Tells of rollouts that a dead-man switch, or a person, has ended: nobody else does.
  private func tell(of subjects: [RolloutSubject], _ aliases: [String: AliasSnapshot]) {
    for subject in subjects where subject.isSelected {
      guard let snapshot = aliases[subject.name.function] else { continue }
      if snapshot.record?.state == .rolledBack(.deadMan) {
        services.report(.note(subject.name.function, snapshot.content.ownerWords))
      } else if let move = snapshot.move {
        services.report(.note(subject.name.function, move.words))
      }
    }
  }

  /// Puts the companions right of what was taken back by a run, or a schedule, that did not come to them.
  private func settleCompanions(_ subjects: [RolloutSubject], _ aliases: [String: AliasSnapshot]) async {
    let back = subjects.filter { subject in
      guard subject.isSelected, case .rolledBack = aliases[subject.name.function]?.record?.state else {
        return false
      }
      return true
    }
    let writer = CompanionWriter(services, settings.companions, alias: alias, parallel: settings.parallel)
    for failure in await writer?.settle(back.map(\.name)) ?? [] {
      services.report(
        .warning(failure.function, "a companion stays as it is until the next run: \(failure.error)"))
    }
  }

  private func journal(of rollout: InFlightRelease) -> ReleaseJournal {
    let journal = ReleaseJournal(
      ReleaseReport(environment: environment, alias: alias), listener: services.report)
    for target in rollout.targets {
      var report = FunctionReport(
        function: target.function, functionName: target.functionName, change: .none,
        reasons: ["release \(rollout.release)"], fromVersion: target.stable, toVersion: target.canary,
        codeSHA256: nil, digests: nil, outcome: .unchanged, serving: target.known.present.shares)
      report.isHeld = target.isHeld
      journal.add(report)
    }
    journal.tell(.release(rollout.release))
    return journal
  }

  /// The rollouts that wait for a person.
  private func promotable(_ rollouts: [InFlightRelease]) throws(ReleaseError) -> [InFlightRelease] {
    let held = rollouts.filter(\.isHeld)
    guard held.isEmpty else { return held }
    guard let other = rollouts.first?.targets.first else { throw .nothingHeld(environment: environment) }
    throw .notHeld(function: other.function, state: other.record.state.word)
  }

  private func goOn(_ rollout: InFlightRelease, mode: Mode, journal: ReleaseJournal) async {
    do throws(ReleaseError) {
      try await carryOut(rollout, mode: mode, journal: journal)
    } catch {
      journal.tell(.failed(error.function, error))
      if Task.isCancelled { journal.tell(.interrupted) }
      for target in rollout.targets { journal.tell(.ended(target.function, .failed)) }
      journal.tell(.concluded(.failed))
    }
  }

  private func carryOut(
    _ rollout: InFlightRelease, mode: Mode, journal: ReleaseJournal
  ) async throws(ReleaseError) {
    guard try await claim(rollout, mode: mode, journal: journal) else {
      return journal.tell(.concluded(.unchanged))
    }
    if let reason = rollout.reasonToGoBack {
      var runner = runner(for: rollout, mode: .tick, alarms: nil, journal: journal)
      return await runner.takeBack(reason)
    }
    if let count = rollout.missing {
      var runner = runner(for: rollout, mode: .tick, alarms: nil, journal: journal)
      await runner.takeBack(.interrupt)
      return journal.tell(
        .failed(
          nil,
          .incomplete(release: rollout.release.description, found: rollout.targets.count, of: count)))
    }
    try rollout.check(settings.plan)
    let rollout = try await timed(rollout)
    var runner = runner(for: rollout, mode: mode, alarms: try await watchAlarms(), journal: journal)
    await runner.run(hasPassed: rollout.hasPassed)
  }

  /// `rollout` with what a record does not tell and the end of its last step depends on.
  func timed(_ rollout: InFlightRelease) async throws(ReleaseError) -> InFlightRelease {
    guard !rollout.targets.contains(where: \.isDecided) else { return rollout }
    let lambda = services.lambda
    var timed = rollout
    timed.targets = try await Concurrent.map(rollout.targets, limit: settings.parallel) {
      target throws(ReleaseError) in
      var target = target
      do throws(AWSError) {
        let canary = try await lambda.getFunction(target.functionName, qualifier: target.canary)
        target.timeout = .seconds(Double(canary.configuration.timeout ?? 0))
        return target
      } catch {
        throw Task.isCancelled ? .interrupted : .aws(error, function: target.function)
      }
    }
    return timed
  }

  /// Makes sure that no living run drives the rollout.
  ///
  /// - Returns: whether this run may; not where it has come for one look only, and a lease is not over yet.
  private func claim(
    _ rollout: InFlightRelease, mode: Mode, journal: ReleaseJournal
  ) async throws(ReleaseError) -> Bool {
    guard !settings.takesOver else { return true }
    let now = services.serverTime()
    let leased = rollout.targets.compactMap { target -> (record: RolloutRecord, end: Timestamp)? in
      guard let end = target.record.leaseEnd, !target.record.isLeaseOver(at: now) else { return nil }
      return (target.record, end)
    }
    if mode == .tick, let (record, end) = leased.first {
      let owner = record.owner?.description ?? "another run"
      for target in rollout.targets { journal.tell(.driven(target.function, owner: owner, until: end)) }
      return false
    }
    let watch = LeaseWatch(
      reader: reader, clock: services.clock, serverTime: services.serverTime, report: services.report)
    for target in rollout.targets {
      try await watch.waitForEnd(of: target.name, target.known.snapshot)
    }
    return true
  }

  /// Reads the alarms; called before the first write to any alias.
  func watchAlarms() async throws(ReleaseError) -> AlarmWatch? {
    try await AlarmWatch.begin(settings.alarms, with: services.alarms, report: services.report)
  }

  func runner(
    for rollout: InFlightRelease, mode: Mode, alarms: AlarmWatch?, journal: ReleaseJournal
  ) -> RolloutRunner {
    var settings = settings
    settings.stopsBeforePromotion = mode != .promote && (settings.stopsBeforePromotion || rollout.isPaused)
    let extent: RolloutMachine.Extent =
      switch mode {
      case .promote: .overHold
      case .resume: .toEnd
      case .tick: .oneLook
      }
    return RolloutRunner(
      services: services.reporting { journal.tell($0) }, settings: settings, alias: alias, owner: owner,
      release: rollout.release, extent: extent, targets: rollout.targets, alarms: alarms, journal: journal)
  }
}
