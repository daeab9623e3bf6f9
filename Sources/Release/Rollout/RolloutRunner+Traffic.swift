internal import AWSClient
internal import Core

extension RolloutRunner {
  /// The first action: a new rollout, or the one that another run left.
  func start(_ machine: inout RolloutMachine) async throws(ReleaseError) -> RolloutMachine.Action {
    let members = current
    let begun = members.filter(\.isExposed)
    guard !begun.isEmpty else { return machine.begin() }
    let now = services.serverTime()
    announceResumption(of: begun)
    // The first write with this run's name: whoever held the alias before is fenced off by its stale RevisionId.
    let failure = await write(begun) { [self] member in
      var record = leased(member.record, at: now)
      // A pause stays one until a person ends it, also where this run dies before its first look.
      if case .hold(let reason) = record.state, reason != .pause || extent == .overHold {
        record.state = .canary
      }
      return record
    }
    if let failure { throw failure }
    return entry(&machine)
  }

  /// Tells where the rollout goes on.
  func announceResumption(of members: [RolloutTarget]) {
    for member in members {
      let record = member.record
      services.report(
        .resumed(member.function, step: record.step, of: record.steps, weight: record.weight?.fraction ?? 1))
    }
  }

  /// The first action of a rollout that another run left.
  func entry(_ machine: inout RolloutMachine) -> RolloutMachine.Action {
    let members = current
    let begun = members.filter(\.isExposed)
    let now = services.serverTime()
    // Somebody was promoted already: from there on a release only goes forward.
    if begun.contains(where: { [.bake, .commit].contains($0.record.state) }) {
      return machine.resumePromotion()
    }
    let step = members.map { $0.isExposed ? max(0, $0.record.step - 1) : 0 }.min() ?? 0
    let since = members.compactMap { $0.record.recordedSteps.last?.firstMinute }.max() ?? now
    let weights = Set(members.map { $0.isExposed ? $0.record.weight : nil })
    guard weights.count == 1, step < settings.plan.steps.count,
      case .traffic(let weight, _) = settings.plan.steps[step], weights == [weight]
    else { return machine.restart(at: step) }
    return machine.resume(step: step, since: since - .minutes(1), now: now)
  }

  /// Gives every canary `weight`. The first step is all or nothing.
  func shift(to weight: Weight, step: Int) async throws(ReleaseError) -> Timestamp {
    let members = current
    let now = services.serverTime()
    let steps = settings.plan.steps.count
    let failure = await write(members) { [self] member in
      leased(member.shifted(to: weight, step: step, of: steps, at: now), at: now)
    }
    if let failure { throw failure }
    return now
  }

  /// The members whose aliases a promotion has to write.
  var unpromoted: [RolloutTarget] {
    current.filter { ![.bake, .commit].contains($0.record.state) || settings.bake <= .zero }
  }

  /// Gives every canary all traffic. The first function in the alphabet goes first and carries the decision: from
  /// its promotion on every run that resumes goes forward, before it back.
  func promote() async throws(ReleaseError) -> Timestamp {
    let members = current
    let now = services.serverTime()
    let bakes = settings.bake > .zero
    let isGroup = members.count > 1
    let record: @Sendable (RolloutTarget) -> RolloutRecord = { [self] member in
      let isLeader = isGroup && member.function == members.first?.function
      let next = member.promoted(bakes: bakes, commits: isLeader, at: now)
      return next.state == .idle ? next : leased(next, at: now)
    }
    let pending = unpromoted
    // From here on the release only goes forward.
    if !bakes { await disarm(pending) }
    if let leader = pending.first, isGroup {
      if let failure = await write([leader], record) { throw failure }
      if !bakes { markPassed() }
    }
    let rest = isGroup ? Array(pending.dropFirst()) : pending
    if let failure = await write(rest, record) { throw failure }
    // Where all were promoted by another run, its time counts.
    return pending.isEmpty ? promotionTime : now
  }

  /// When the canaries got the weight that they have, to the minute; now where the records do not tell.
  var promotionTime: Timestamp {
    current.compactMap { $0.record.recordedSteps.last?.firstMinute }.max().map { $0 - .minutes(1) }
      ?? services.serverTime()
  }

  /// Takes down that the release has come to its good end: the leader's last, by which later runs find out that
  /// something is left to do.
  func finish() async throws(ReleaseError) {
    let open = current.filter { $0.record.state != .idle }
    let leader = current.first?.function
    // First of all: of a release that has passed nothing goes back because the last write of another function failed.
    await disarm(open)
    for group in [open.filter { $0.function != leader }, open.filter { $0.function == leader }] {
      if let failure = await write(group, { $0.finished() }) { throw failure }
    }
    for member in current { services.report(.promoted(member.function, version: member.canary)) }
  }

  /// Leaves the weights as they are for a person to decide.
  func hold(for reason: RecordReason) async throws(ReleaseError) {
    if let failure = await write(current, { $0.held(for: reason) }) { throw failure }
    for member in current { services.report(.held(member.function, reason: reason.word)) }
    await disarm(current)
  }

  /// Takes all traffic of the release back, the failing function's first.
  ///
  /// - Parameter onlyOurs: whether aliases that this run has not given traffic are left alone.
  func retract(reason: RecordReason, culprit: String?, onlyOurs: Bool = false) async throws(ReleaseError) {
    let exposed = current.filter { $0.isToBeWithdrawn(onlyOurs: onlyOurs) }
    let record: @Sendable (RolloutTarget) -> RolloutRecord = { member in
      member.record.rolledBack(for: culprit == nil || member.function == culprit ? reason : .peer)
    }
    var failure: ReleaseError?
    let first = exposed.filter { $0.function == culprit }
    for group in [first, exposed.filter { $0.function != culprit }] where !group.isEmpty {
      failure = await write(group, priority: .rollback, record) ?? failure
    }
    for member in current where !member.isExposed {
      services.report(.rolledBack(member.function, from: member.canary, to: member.stable))
    }
    // Not before all traffic is back: nothing else may keep it waiting. What could not be taken back stays guarded.
    let ended = Set(current.filter { !$0.isLookedAfter }.map(\.function))
    await disarm(exposed.filter { ended.contains($0.function) })
    if let failure { throw failure }
  }

  /// Removes the dead-man schedules of `members`, which no run has to look after any more.
  func disarm(_ members: [RolloutTarget]) async { await deadMan?.disarm(members.map(\.name)) }

  /// Renews the leases that are old enough.
  func renewLeases() async throws(ReleaseError) {
    let now = services.serverTime()
    let due = current.filter { member in
      guard member.isExposed, let end = member.record.leaseEnd else { return false }
      return now >= end - AliasWriter.leaseLength + AliasWriter.leaseRenewal
    }
    guard !due.isEmpty else { return }
    if let failure = await write(due, { [self] in leased($0.record, at: now) }) { throw failure }
  }
}
