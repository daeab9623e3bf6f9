internal import AWSClient
package import Core

/// Takes traffic back on request: all at once, never step by step, and nothing is built.
package struct RollbackRunner: Sendable {
  let services: ReleaseServices
  let alias: String
  let parallel: Int
  /// How long a version may take to wake.
  let timeout: TimeSpan
  let owner: RecordOwner
  private let environment: String
  let reason: RecordReason
  private let deadMan: DeadManSettings?
  private let companions: CompanionAliases?

  /// A runner for the alias of one environment.
  ///
  /// - Parameters:
  ///   - reason: why the traffic goes back; it decides whether the versions that lose it are marked as bad.
  ///   - deadMan: the schedules that rollouts were begun with; those of rollouts that end here are removed.
  ///   - companions: the aliases that go with the environment's.
  ///   - timeout: how long a version that is gone back to may take to wake, where Lambda has put it to sleep.
  package init(
    services: ReleaseServices, environment: String, alias: String, owner: String, parallel: Int,
    reason: RecordReason = .person, deadMan: DeadManSettings? = nil,
    companions: CompanionAliases? = nil, timeout: TimeSpan = .minutes(10)
  ) {
    self.services = services
    self.timeout = timeout
    self.environment = environment
    self.alias = alias
    self.owner = RecordOwner(owner)
    self.parallel = parallel
    self.reason = reason
    self.deadMan = deadMan
    self.companions = companions
  }

  /// Rolls back the newest release among the selected of `subjects`, or these to `destination`. A release that is under
  /// way goes back as a whole, also where only a part of it is selected; what is idle is narrowed to the selection.
  ///
  /// Every function comes to a reported end. A function that cannot go back does not keep the others from it.
  ///
  /// - Parameters:
  ///   - subjects: all functions of the environment.
  ///   - events: what versions that Lambda has put to sleep are woken with, by logical name.
  ///   - confirm: asked before functions go back to versions that no record names.
  package func rollBack(
    _ subjects: [RolloutSubject], to destination: RollbackDestination, events: [String: [UInt8]] = [:],
    confirm: @Sendable ([FormerVersion]) async -> Bool = { _ in false }
  ) async -> ReleaseReport {
    await report { journal throws(ReleaseError) in
      let aliases = try await read(subjects.map(\.name))
      let selected = subjects.filter(\.isSelected).map(\.name)
      let chosen = try await chosen(selected, destination, aliases)
      let own = aliases.filter { name, _ in selected.contains { $0.function == name } }
      var steps = RollbackPlan.steps(for: own, to: chosen, missing: destination.missing)
      let dragged = dragged(along: selected, aliases)
      if !dragged.isEmpty { tell(dragged, with: selected, journal) }
      for (release, names) in dragged {
        let rest = aliases.filter { names.contains($0.key) }
        steps.merge(RollbackPlan.steps(ending: release, in: rest)) { own, _ in own }
      }
      try await decideUnrecorded(&steps, selected, confirm)
      let isNarrowed = selected.count < subjects.count
      await carryOut(
        steps, on: subjects.map(\.name), aliases: aliases, events: events, isNarrowed: isNarrowed, journal
      ) { function, alias in
        for (release, names) in dragged where names.contains(function) {
          return RollbackPlan.steps(ending: release, in: [function: alias])[function] ?? .absent
        }
        return RollbackPlan.steps(for: [function: alias], to: chosen)[function] ?? .absent
      }
    }
  }

  /// Ends the rollouts under way that are selected: all traffic of their releases goes back to the stable versions.
  /// A living run is fenced off.
  ///
  /// - Parameter subjects: all functions of the environment, so that no release is split.
  package func abort(_ subjects: [RolloutSubject]) async -> ReleaseReport {
    await report { journal throws(ReleaseError) in
      let names = subjects.map(\.name)
      let aliases = try await read(names)
      let rollouts = try InFlightRelease.find(subjects, aliases: aliases.compactMapValues { $0 })
      var steps: [String: RollbackStep] = [:]
      for rollout in rollouts {
        let together = rollout.standsAlone ? Set(rollout.targets.map(\.function)) : Set(aliases.keys)
        let ending = RollbackPlan.steps(
          ending: rollout.release, in: aliases.filter { together.contains($0.key) })
        steps.merge(ending) { old, new in old == .notInRelease ? new : old }
      }
      let releases = rollouts.reduce(into: [String: ReleaseID]()) { releases, rollout in
        for target in rollout.targets { releases[target.function] = rollout.release }
      }
      await carryOut(steps, on: names, aliases: aliases, isNarrowed: false, journal) { function, alias in
        guard let release = releases[function] else { return .notInRelease }
        return RollbackPlan.steps(ending: release, in: [function: alias])[function] ?? .absent
      }
    }
  }

  /// The functions that are not selected and go back all the same, because a release under way is all or nothing.
  private func dragged(
    along selected: [FunctionName], _ aliases: [String: AliasSnapshot?]
  ) -> [ReleaseID: Set<String>] {
    let own = Set(selected.map(\.function))
    var releases: Set<ReleaseID> = []
    for name in own {
      guard let record = aliases[name].flatMap({ $0 })?.record, record.functions > 1, record.state.isUnderWay
      else { continue }
      releases.insert(record.release)
    }
    var dragged: [ReleaseID: Set<String>] = [:]
    for (name, alias) in aliases where !own.contains(name) {
      guard let record = alias?.record, record.functions > 1, releases.contains(record.release),
        record.state.isUnderWay
      else { continue }
      dragged[record.release, default: []].insert(name)
    }
    return dragged
  }

  private func tell(
    _ dragged: [ReleaseID: Set<String>], with selected: [FunctionName], _ journal: ReleaseJournal
  ) {
    for (release, names) in dragged {
      journal.tell(
        .warning(
          nil,
          "release \(release) is under way and goes back as a whole: \(names.sorted().joined(separator: ", ")) too"
        ))
    }
  }

  private func report(
    _ work: (ReleaseJournal) async throws(ReleaseError) -> Void
  ) async -> ReleaseReport {
    let journal = ReleaseJournal(
      ReleaseReport(environment: environment, alias: alias), listener: services.report)
    do throws(ReleaseError) {
      try await work(journal)
    } catch {
      journal.tell(.failed(error.function, error))
      journal.tell(.concluded(.failed))
    }
    return journal.report
  }

  /// Writes all aliases first, and reads them back after that: nothing may keep traffic waiting.
  ///
  /// - Parameters:
  ///   - isNarrowed: whether only some functions were meant, so that no later run may take it for a part of more.
  ///   - decide: what to do with a function whose alias has changed since it was decided on.
  private func carryOut(
    _ steps: [String: RollbackStep], on subjects: [FunctionName], aliases: [String: AliasSnapshot?],
    events: [String: [UInt8]] = [:], isNarrowed: Bool, _ journal: ReleaseJournal,
    deciding decide: @escaping @Sendable (String, AliasSnapshot) -> RollbackStep
  ) async {
    let release = steps.filter { $0.value != .notInRelease }.keys
      .compactMap { name in aliases[name].flatMap { $0 }?.record?.release }.max()
    if let release { journal.tell(.release(release)) }
    let ways = subjects.map { subject in
      RollbackWay(
        name: subject, step: steps[subject.function] ?? .absent,
        seen: aliases[subject.function].flatMap { $0 }, event: events[subject.function],
        isNarrowed: isNarrowed)
    }
    for way in ways { introduce(way, journal) }
    let ready = await prepared(ways, journal)
    let done = await Concurrent.map(ready, limit: parallel) { way in
      await move(way, journal: journal) { decide(way.name.function, $0) }
    }.compactMap { $0 }
    // The traffic is safe by now.
    let ended = done.map(\.name)
    await DeadManSwitch(services, deadMan, alias: alias, parallel: parallel)?.disarm(ended)
    await RoutingCheck(services: services, alias: alias, parallel: parallel, report: journal.tell)
      .verify(done, attempts: RoutingCheck.attempts)
    await settleCompanions(ways.filter { !$0.isUntouched }.map(\.name), journal)
    let report = journal.report
    let isBack = report.functions.contains { $0.outcome == .rolledBack }
    journal.tell(.concluded(isBack ? .rolledBack : report.error == nil ? .unchanged : .failed))
  }

  /// Puts the companions right, also of what was taken back before by a run that did not come to them.
  private func settleCompanions(_ names: [FunctionName], _ journal: ReleaseJournal) async {
    let writer = CompanionWriter(services, companions, alias: alias, parallel: parallel)
    for failure in await writer?.settle(names) ?? [] {
      journal.tell(
        .warning(failure.function, "a companion stays as it is until the next run: \(failure.error)"))
    }
  }

  /// The version of each function that `destination` means; nil to go by the records.
  private func chosen(
    _ subjects: [FunctionName], _ destination: RollbackDestination, _ aliases: [String: AliasSnapshot?]
  ) async throws(ReleaseError) -> [String: String]? {
    guard destination != .recorded else { return nil }
    let found = try await Concurrent.map(subjects, limit: parallel) {
      subject throws(ReleaseError) -> String? in
      do throws(AWSError) {
        let versions = try await services.lambda.listVersions(subject.functionName)
          .filter { $0.version != "$LATEST" }
          .map { ($0.version, VersionProvenance.decode($0.description).provenance) }
        let record = aliases[subject.function].flatMap { $0 }?.record
        let suspects = (record?.badVersions ?? []) + [record?.onTrial].compactMap { $0 }
        return destination.version(among: versions, bad: suspects)
      } catch {
        if error.isNotFound { return nil }
        throw .aws(error, function: subject.function)
      }
    }
    var chosen: [String: String] = [:]
    for (subject, version) in zip(subjects, found) { chosen[subject.function] = version }
    guard chosen.isEmpty, let first = subjects.first else { return chosen }
    throw .noTarget(
      function: subjects.count == 1 ? first.function : "all \(subjects.count) functions",
      reason: "no version is what --to names", fix: "lamctl versions names versions, commits and releases")
  }

  private func read(
    _ subjects: [FunctionName]
  ) async throws(ReleaseError) -> [String: AliasSnapshot?] {
    let found = try await AliasReader(lambda: services.lambda, alias: alias, parallel: parallel).read(
      subjects)
    var aliases: [String: AliasSnapshot?] = [:]
    for subject in subjects { aliases[subject.function] = .some(found[subject.function]) }
    return aliases
  }
}
