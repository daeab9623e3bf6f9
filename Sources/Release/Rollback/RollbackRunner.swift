internal import AWSClient
public import Core

/// Takes traffic back on request: all at once, never step by step, and nothing is built.
public struct RollbackRunner: Sendable {
  let services: ReleaseServices
  let alias: String
  let parallel: Int
  /// How long a version may take to wake.
  let timeout: TimeSpan
  let owner: RecordOwner
  private let environment: String
  let reason: RecordReason
  private let deadMan: DeadManSwitch?

  /// A runner for the alias of one environment.
  ///
  /// - Parameters:
  ///   - reason: why the traffic goes back; it decides whether the versions that lose it are marked as bad.
  ///   - deadMan: the schedules that rollouts were begun with; those of rollouts that end here are removed.
  ///   - timeout: how long a version that is gone back to may take to wake, where Lambda has put it to sleep.
  public init(
    services: ReleaseServices, environment: String, alias: String, owner: String, parallel: Int,
    reason: RecordReason = .person, deadMan: DeadManSettings? = nil, timeout: TimeSpan = .minutes(10)
  ) {
    self.services = services
    self.timeout = timeout
    self.environment = environment
    self.alias = alias
    self.owner = RecordOwner(owner)
    self.parallel = parallel
    self.reason = reason
    self.deadMan = DeadManSwitch(services, deadMan, alias: alias, parallel: parallel)
  }

  /// Rolls back the newest release among `subjects`, or `subjects` to `destination`.
  ///
  /// Every function comes to a reported end. A function that cannot go back does not keep the others from it.
  ///
  /// - Parameters:
  ///   - events: what versions that Lambda has put to sleep are woken with, by logical name.
  ///   - confirm: asked before functions go back to versions that no record names.
  public func rollBack(
    _ subjects: [FunctionName], to destination: RollbackDestination, events: [String: [UInt8]] = [:],
    confirm: @Sendable ([FormerVersion]) async -> Bool = { _ in false }
  ) async -> ReleaseReport {
    await report { report throws(ReleaseError) in
      let aliases = try await read(subjects)
      let chosen = try await chosen(subjects, destination, aliases)
      var steps = RollbackPlan.steps(for: aliases, to: chosen, missing: destination.missing)
      try await decideUnrecorded(&steps, subjects, confirm)
      await carryOut(steps, on: subjects, aliases: aliases, events: events, into: &report) {
        function, alias in
        RollbackPlan.steps(for: [function: alias], to: chosen)[function] ?? .absent
      }
    }
  }

  /// Ends the rollouts under way that are selected: all traffic of their releases goes back to the stable versions.
  /// A living run is fenced off.
  ///
  /// - Parameter subjects: all functions of the environment, so that no release is split.
  public func abort(_ subjects: [RolloutSubject]) async -> ReleaseReport {
    await report { report throws(ReleaseError) in
      let names = subjects.map(\.name)
      let aliases = try await read(names)
      let rollouts = try InFlightRelease.find(subjects, aliases: aliases.compactMapValues { $0 })
      var steps: [String: RollbackStep] = [:]
      for rollout in rollouts {
        let together = rollout.standsAlone ? Set(rollout.members.map(\.function)) : Set(aliases.keys)
        let ending = RollbackPlan.steps(
          ending: rollout.release, in: aliases.filter { together.contains($0.key) })
        steps.merge(ending) { old, new in old == .notInRelease ? new : old }
      }
      let releases = rollouts.reduce(into: [String: ReleaseID]()) { releases, rollout in
        for member in rollout.members { releases[member.function] = rollout.release }
      }
      await carryOut(steps, on: names, aliases: aliases, into: &report) { function, alias in
        guard let release = releases[function] else { return .notInRelease }
        return RollbackPlan.steps(ending: release, in: [function: alias])[function] ?? .absent
      }
    }
  }

  private func report(
    _ work: (inout ReleaseReport) async throws(ReleaseError) -> Void
  ) async -> ReleaseReport {
    var report = ReleaseReport(
      environment: environment, alias: alias, release: nil, outcome: .unchanged, functions: [], verdict: nil,
      error: nil)
    do throws(ReleaseError) {
      try await work(&report)
    } catch {
      report.error = error
      report.outcome = .failed
    }
    return report
  }

  /// - Parameter decide: what to do with a function whose alias has changed since it was decided on.
  private func carryOut(
    _ steps: [String: RollbackStep], on subjects: [FunctionName], aliases: [String: AliasConfiguration?],
    events: [String: [UInt8]] = [:], into report: inout ReleaseReport,
    deciding decide: @escaping @Sendable (String, AliasConfiguration) -> RollbackStep
  ) async {
    report.release = steps.filter { $0.value != .notInRelease }.keys
      .compactMap { name in aliases[name].flatMap { $0 } }
      .compactMap { RolloutRecord.decode($0.description).record?.release }.max()
    let results = await Concurrent.map(subjects, limit: parallel) { subject in
      await perform(
        steps[subject.function] ?? .absent, on: subject, alias: aliases[subject.function] ?? nil,
        event: events[subject.function]
      ) { decide(subject.function, $0) }
    }
    await disarm(results.compactMap(\.0))
    for (function, error) in results {
      if let function { report.functions.append(function) }
      report.error = report.error ?? error
    }
    report.functions.sort { $0.function.utf8.lexicographicallyPrecedes($1.function.utf8) }
    if report.functions.contains(where: { $0.outcome == .rolledBack }) { report.outcome = .rolledBack }
    if report.error != nil, report.outcome == .unchanged { report.outcome = .failed }
  }

  /// The traffic is safe by now.
  private func disarm(_ reports: [FunctionReport]) async {
    let ended = reports.filter { $0.outcome == .rolledBack }
    await deadMan?.disarm(ended.map { FunctionName(function: $0.function, functionName: $0.functionName) })
  }

  /// The version of each function that `destination` means; nil to go by the records.
  private func chosen(
    _ subjects: [FunctionName], _ destination: RollbackDestination,
    _ aliases: [String: AliasConfiguration?]
  ) async throws(ReleaseError) -> [String: String]? {
    guard destination != .recorded else { return nil }
    let results = await Concurrent.map(subjects, limit: parallel) {
      subject -> Result<String?, ReleaseError> in
      do throws(AWSError) {
        let versions = try await services.lambda.listVersions(subject.functionName)
          .filter { $0.version != "$LATEST" }
          .map { ($0.version, VersionProvenance.decode($0.description).provenance) }
        let record = aliases[subject.function].flatMap { $0 }
          .flatMap { RolloutRecord.decode($0.description).record }
        let suspects = (record?.badVersions ?? []) + [record?.onTrial].compactMap { $0 }
        return .success(destination.version(among: versions, bad: suspects))
      } catch {
        return error.isNotFound ? .success(nil) : .failure(.aws(error, function: subject.function))
      }
    }
    var chosen: [String: String] = [:]
    for (subject, result) in zip(subjects, results) { chosen[subject.function] = try result.get() }
    guard chosen.isEmpty, let first = subjects.first else { return chosen }
    throw .noTarget(
      function: subjects.count == 1 ? first.function : "all \(subjects.count) functions",
      reason: "no version is what --to names", fix: "lamctl versions names versions, commits and releases")
  }

  private func read(
    _ subjects: [FunctionName]
  ) async throws(ReleaseError) -> [String: AliasConfiguration?] {
    let found = try await AliasReader(lambda: services.lambda, alias: alias, parallel: parallel).read(
      subjects)
    var aliases: [String: AliasConfiguration?] = [:]
    for subject in subjects { aliases[subject.function] = .some(found[subject.function]) }
    return aliases
  }
}
