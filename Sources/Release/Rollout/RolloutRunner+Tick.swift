internal import Core

extension RolloutRunner {
  /// Takes the rollout on by what is due now: one look at most, and one write of each alias at most.
  ///
  /// Nothing is kept between two such runs but the record, so their looks add up to those of one long run.
  func tick(into report: inout ReleaseReport) async throws(ReleaseError) {
    guard !hasPassed else { return try await complete(into: &report) }
    markBegun()
    announceResumption(of: current)
    var machine = newMachine
    var action = entry(&machine)
    if action == .promote, unpromoted.isEmpty { action = machine.promoted(at: try await promote()) }
    var last: Observation?
    if case .observe = action {
      let look = await look(machine)
      last = look
      report.take(look)
      if Task.isCancelled { throw .interrupted }
      action = next(look.finding, &machine)
    }
    if current.allSatisfy(\.isHeld), action != .rollBack {
      for member in current {
        services.report(.held(member.function, reason: member.record.state.reason?.word ?? ""))
      }
      return report.end(.held, members: current)
    }
    try await perform(action, &machine, after: last, into: &report)
  }

  /// Moves the dead-man schedules forward although no alias was written: somebody has looked. A schedule that another
  /// run has just written is left alone.
  private func rearm() async throws(ReleaseError) {
    guard let deadMan else { return }
    let members = current.filter(\.isLookedAfter)
    let aliases = try await AliasReader(
      lambda: services.lambda, alias: writer.alias, parallel: settings.parallel
    ).read(members.map(\.name))
    await deadMan.arm(members.filter { aliases[$0.function]?.revisionIfKnown == $0.revisionID })
  }

  /// What follows from the look: nobody has seen since when there is no verdict, so that counts from the end of the
  /// step.
  private func next(
    _ finding: RolloutMachine.Finding, _ machine: inout RolloutMachine
  ) -> RolloutMachine.Action {
    let now = services.serverTime()
    if case .hold(let reason) = finding, now - machine.phaseEnd >= settings.maxWait { return .hold(reason) }
    return machine.observed(finding, at: now)
  }

  private func perform(
    _ action: RolloutMachine.Action, _ machine: inout RolloutMachine, after look: Observation?,
    into report: inout ReleaseReport
  ) async throws(ReleaseError) {
    switch action {
    case .observe:
      try await rearm()
      report.end(.detached, members: current)
    case .shift(let step, let weight):
      _ = machine.shifted(step: step, at: try await shift(to: weight, step: step))
      announceShift(weight, step: step, until: machine.phaseEnd)
      report.end(.detached, members: current)
    case .promote:
      _ = machine.promoted(at: try await promote())
      if machine.isBaking { announceBake(until: machine.phaseEnd) }
      // Without a bake the leader of several is left to the next look: it has been written once.
      guard !current.contains(where: \.isExposed) else { return report.end(.detached, members: current) }
      try await finish()
      report.end(.promoted, members: current)
    case .finish:
      markPassed()
      try await finish()
      report.end(.promoted, members: current)
    case .rollBack:
      try await takeBack(after: look, into: &report)
    case .hold(let reason):
      try await hold(for: reason)
      report.end(.held, members: current)
    }
  }
}
