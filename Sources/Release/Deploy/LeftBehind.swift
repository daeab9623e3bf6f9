internal import AWSClient
internal import Core

/// Deals with what other runs have left on the functions of a release.
struct LeftBehind: Sendable {
  let run: ReleaseRun

  private var services: ReleaseServices { run.services }
  private var settings: ReleaseSettings { run.settings }

  /// Waits until nobody holds the lease of a function's rollout any more.
  ///
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` where its run lives.
  func wait(for function: FunctionPlan) async throws(ReleaseError) {
    guard let snapshot = function.snapshot else { return }
    let watch = LeaseWatch(
      reader: AliasReader(lambda: services.lambda, alias: run.alias, parallel: settings.parallel),
      clock: services.clock, serverTime: services.serverTime, report: services.report)
    try await watch.waitForEnd(of: function.input.name, snapshot)
  }

  /// Ends the canaries of functions whose change was taken back in the repository.
  func abandon(_ functions: [FunctionPlan]) async throws(ReleaseError) {
    try await end(functions, for: .superseded)
    for function in functions { run.journal.tell(.abandoned(function.input.function)) }
  }

  /// Takes functions back of a release that was taken back for others.
  func end(_ functions: [FunctionPlan], for reason: RecordReason) async throws(ReleaseError) {
    let reason = reason.blamesVersion && reason != .person ? RecordReason.peer : reason
    let targets = functions.compactMap { RolloutTarget(resuming: $0) ?? RolloutTarget(retracting: $0) }
    let groups = Dictionary(grouping: targets, by: \.record.release)
    var checks: [RoutingCheck.Subject] = []
    var failure: ReleaseError?
    for (release, targets) in groups.sorted(by: { $0.key < $1.key }) {
      let writer = writer(of: release)
      let writes = targets.map { (target: $0, record: $0.record.rolledBack(for: reason)) }
      for outcome in await writer.write(writes, priority: .rollback) {
        switch outcome {
        case .written(let target):
          run.journal.tell(.serves(target.function, target.known.present.shares))
          run.journal.tell(.rolledBack(target.function, from: target.canary, to: target.routing.version))
          checks.append(
            RoutingCheck.Subject(
              name: target.name, version: target.routing.version, release: release, known: target.known))
        case .failed(_, let error): failure = failure ?? error
        case .foreign(let target, _, let hand):
          failure = failure ?? hand.error(function: target.function, alias: run.alias, hasBegun: false)
        }
      }
    }
    await DeadManSwitch(services, settings.deadMan, alias: run.alias, parallel: settings.parallel)?
      .disarm(checks.map(\.name))
    await RoutingCheck(
      services: services, alias: run.alias, parallel: settings.parallel, report: run.journal.tell
    ).verify(checks, attempts: RoutingCheck.attempts)
    await run.settleCompanions(checks.map(\.name))
    if let failure { throw failure }
  }

  /// Ends the canaries that this run's versions have not come to take the place of: the repository has moved on from
  /// them, so that no run would ever go on with them. An alias that was written since the plan was made is left alone.
  func endReplaced() async {
    let replaced = run.plan.functions.filter { function in
      guard let rollout = function.unfinished, rollout.relation == .superseded else { return false }
      return rollout.record.canary != nil && rollout.record.canary != function.servingVersion
    }
    guard !replaced.isEmpty else { return }
    let targets = replaced.compactMap(RolloutTarget.init(resuming:))
    // In a task of its own: a signal may be why the release ends here.
    await Task { [self] in
      var ended: [FunctionName] = []
      for target in targets {
        let record = target.record.rolledBack(for: .superseded)
        for outcome in await writer(of: target.record.release).write(
          [(target: target, record: record)], priority: .rollback)
        {
          switch outcome {
          case .written(let target):
            run.journal.tell(.serves(target.function, target.known.present.shares))
            run.journal.tell(.note(target.function, "the canary of version \(target.canary) has ended"))
            ended.append(target.name)
          case .foreign: break
          case .failed(let target, let error):
            run.journal.tell(.note(target.function, "the canary could not be ended: \(error)"))
          }
        }
      }
      await DeadManSwitch(services, settings.deadMan, alias: run.alias, parallel: settings.parallel)?
        .disarm(ended)
      await run.settleCompanions(ended)
    }.value
  }

  private func writer(of release: ReleaseID) -> AliasWriter {
    AliasWriter(
      lambda: services.lambda, alias: run.alias, release: release, clock: services.clock,
      parallel: settings.parallel)
  }
}

extension RolloutTarget {
  /// The part of a function that has come to the end of a release which goes back as a whole; nil where it has none.
  fileprivate init?(retracting plan: FunctionPlan) {
    guard let snapshot = plan.snapshot, let record = snapshot.record, record.state == .idle,
      let serving = record.stable, let previous = record.previous
    else { return nil }
    self.init(
      name: plan.input.name, stable: previous, canary: serving, isSmoked: false,
      userText: snapshot.content.userText, record: record, known: KnownAlias(snapshot))
  }
}
