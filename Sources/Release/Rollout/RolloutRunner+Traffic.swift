internal import AWSClient
internal import Core

// What a rollout does to the aliases of its functions.
extension RolloutRunner {
  /// The first write with this run's name: whoever held an alias before is fenced off by its stale RevisionId.
  mutating func lease() async -> RolloutMachine.Event {
    let now = services.serverTime()
    let takesDecision = machine.settings.extent == .overHold
    let failure = await write(targets.filter(\.isExposed)) { [self] target in
      var record = leased(target.record, at: now)
      // A pause stays one until a person ends it, also where this run dies before its first look.
      if case .hold(let reason) = record.state, reason != .pause || takesDecision { record.state = .canary }
      return record
    }
    return failure ?? .leased(at: now)
  }

  /// Gives every canary `weight`. The first step is all or nothing.
  mutating func shift(to weight: Weight, step: Int) async -> RolloutMachine.Event {
    if let failure = await leadCompanions() { return failure }
    let now = services.serverTime()
    let steps = settings.plan.steps.count
    let failure = await write(targets.filter { $0.foreign == nil }) { [self] target in
      leased(target.shifted(to: weight, step: step, of: steps, at: now), at: now)
    }
    return failure ?? .shifted(step: step, at: now)
  }

  /// The targets whose aliases a promotion has to write.
  var unpromoted: [RolloutTarget] {
    targets.filter { target in
      guard target.foreign == nil else { return false }
      let isThrough = target.record.state == .idle && target.record.stable == target.canary
      return settings.bake > .zero ? !target.isDecided : !isThrough && target.record.state != .commit
    }
  }

  /// Gives every canary all traffic. The first function in the alphabet goes first and carries the decision: from
  /// its promotion on every run that resumes goes forward, before it back.
  mutating func promote() async -> RolloutMachine.Event {
    if let failure = await leadCompanions() { return failure }
    let now = services.serverTime()
    let bakes = settings.bake > .zero
    let isGroup = targets.count > 1
    let leader = targets.first { $0.foreign == nil }?.function
    let pending = unpromoted
    // From here on the release only goes forward.
    if !bakes { await disarm(pending) }
    let leads = isGroup && pending.contains { $0.function == leader }
    let failure = await write(leads ? pending.filter { $0.function == leader } : pending) { [self] target in
      // Without a bake the record stays open until the companions have followed.
      let follows = !bakes && companions != nil
      let next = target.promoted(
        bakes: bakes, commits: follows || (isGroup && target.function == leader), at: now)
      return next.state == .idle ? next : leased(next, at: now)
    }
    return failure ?? (leads ? .promotedLeader : .promoted(at: now))
  }

  /// Takes down that the release has come to its good end: the leader's last, by which later runs find out that
  /// something is left to do.
  mutating func finish() async -> RolloutMachine.Event {
    let open = targets.filter { $0.foreign == nil && $0.record.state != .idle }
    let leader = targets.first?.function
    // First of all: of a release that has passed nothing goes back because the last write of another function failed.
    await disarm(open)
    if let failure = await followCompanions(open) { return failure }
    for group in [open.filter { $0.function != leader }, open.filter { $0.function == leader }] {
      if let failure = await write(group, { $0.finished() }) { return failure }
    }
    for target in targets where target.foreign == nil {
      journal.tell(.promoted(target.function, version: target.canary))
    }
    return .finished
  }

  /// Leaves the weights as they are for a person to decide.
  mutating func hold(for reason: RecordReason) async -> RolloutMachine.Event {
    let ours = targets.filter { $0.foreign == nil }
    if let failure = await write(ours, { $0.held(for: reason) }) { return failure }
    for target in ours { journal.tell(.held(target.function, reason: reason.word)) }
    await disarm(ours)
    return .held
  }

  /// Leaves the weights, and nobody's lease on them.
  mutating func releaseLeases() async -> RolloutMachine.Event {
    let failure = await write(targets.filter(\.isExposed)) { target in
      var record = target.record
      record.leaseEnd = nil
      return record
    }
    // Whoever cannot give its lease back leaves it to end by itself.
    return failure == .lost ? .lost : .released
  }

  /// Renews the leases that are old enough, and reads the other aliases: whoever has moved one of them has to be noticed at
  /// this look, because a release is all or nothing.
  ///
  /// - Returns: nil where all is as this run has left it.
  mutating func lookAfterAliases() async -> RolloutMachine.Event? {
    let now = services.serverTime()
    let exposed = targets.filter(\.isExposed)
    let due = exposed.filter { target in
      guard let end = target.record.leaseEnd else { return false }
      return now >= end - RolloutRecord.leaseLength + RolloutRecord.leaseRenewal
    }
    if let event = await write(due, { [self] in leased($0.record, at: now) }) { return event }
    let written = Set(due.map(\.function))
    return await readAliases(exposed.filter { !written.contains($0.function) }, at: now)
  }

  /// How many aliases one look reads at most: reads share the 15 calls a second that take traffic back.
  private static let readsALook = 100

  private mutating func readAliases(
    _ unwritten: [RolloutTarget], at now: Timestamp
  ) async -> RolloutMachine.Event? {
    let count = min(unwritten.count, Self.readsALook)
    let turn = (0..<count).map { unwritten[(nextRead + $0) % unwritten.count] }
    nextRead = unwritten.isEmpty ? 0 : (nextRead + count) % unwritten.count
    let reader = AliasReader(lambda: services.lambda, alias: writer.alias, parallel: settings.parallel)
    let seen = await Concurrent.map(turn, limit: settings.parallel) {
      target -> (target: RolloutTarget, seen: AliasSnapshot?, isRead: Bool) in
      // What cannot be read now is read at the next look.
      do throws(ReleaseError) { return (target, try await reader.read(target.name), true) } catch {
        return (target, nil, false)
      }
    }
    var edited: [RolloutTarget] = []
    var foreign: [AliasWriter.Outcome] = []
    for (target, seen, isRead) in seen where isRead {
      switch AliasReading(seen, known: target.known, release: release) {
      case .asKnown, .stale, .ours: break
      case .edited: edited.append(target)
      case .foreign(let hand): foreign.append(.foreign(target, seen, hand))
      }
    }
    if let event = take(foreign) { return event }
    // The record goes with the traffic: it is written again, with the text that somebody has put beside it.
    return await write(edited) { [self] in leased($0.record, at: now) }
  }

  /// Moves the dead-man schedules forward although no alias was written: somebody has looked. A schedule that another
  /// run has just written is left alone.
  func rearm() async {
    guard let deadMan else { return }
    let guarded = targets.filter(\.isLookedAfter)
    let reader = AliasReader(lambda: services.lambda, alias: writer.alias, parallel: settings.parallel)
    guard let aliases = try? await reader.read(guarded.map(\.name)) else { return }
    await deadMan.arm(
      guarded.filter { aliases[$0.function]?.alias.revisionIfKnown == $0.revisionID })
  }

  /// Makes the schedules of canaries that get their first weight.
  mutating func prepareSwitch() async -> ReleaseError? {
    guard let deadMan else { return nil }
    do throws(ReleaseError) {
      try await deadMan.prepare(targets.filter { !$0.isExposed })
      return nil
    } catch {
      return error
    }
  }

  /// Removes the dead-man schedules of `targets`, which no run has to look after any more.
  func disarm(_ targets: [RolloutTarget]) async {
    let names = targets.map(\.name)
    await Task { [deadMan] in await deadMan?.disarm(names) }.value
  }
}
