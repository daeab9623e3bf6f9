internal import AWSClient
internal import Core

/// One function's way back.
struct RollbackWay: Sendable {
  let name: FunctionName
  var step: RollbackStep
  /// The alias as the step was decided on.
  let seen: AliasSnapshot?
  /// What a version that sleeps is woken with.
  let event: [UInt8]?
  /// Whether it goes without others of its release.
  let isNarrowed: Bool

  /// Whether nothing was, or is to be, taken back.
  var isUntouched: Bool {
    switch step {
    case .endCanary, .clear, .goBack, .alreadyBack: false
    case .absent, .notInRelease, .unrecorded, .noTarget: true
    }
  }

  /// What is to be moved; nil where nothing is.
  var move: WayBack? { WayBack(step) }
}

/// Which version loses its traffic to which.
struct WayBack: Hashable, Sendable {
  let from: String
  let to: String
  /// Whether that is all: the record stays as it is, and nothing is said of the version that loses its traffic.
  let keepsRecord: Bool

  /// - Returns: nil where nothing is moved.
  init?(_ step: RollbackStep) {
    switch step {
    case .endCanary(let bad, let good), .goBack(let bad, let good):
      (from, to, keepsRecord) = (bad, good, false)
    case .clear(let version, let serving): (from, to, keepsRecord) = (version, serving, true)
    case .absent, .notInRelease, .unrecorded, .alreadyBack, .noTarget: return nil
    }
  }
}

extension RollbackRunner {
  /// Adds a function to the report that anything is said of, and tells what is known before anything is written.
  func introduce(_ way: RollbackWay, _ journal: ReleaseJournal) {
    var entry = FunctionReport(
      function: way.name.function, functionName: way.name.functionName, change: .none, reasons: [],
      fromVersion: nil, toVersion: nil, codeSHA256: nil, digests: nil, outcome: .unchanged,
      serving: way.seen?.alias.shares ?? [:])
    switch way.step {
    case .absent, .notInRelease, .unrecorded: return
    case .alreadyBack(let bad, let serving):
      entry.toVersion = serving
      journal.add(entry)
      tellAlreadyBack(way.name, bad: bad, serving: serving, journal)
    case .noTarget(let reason, let fix):
      entry.fromVersion = way.seen?.version
      entry.outcome = .failed
      journal.add(entry)
      journal.tell(
        .failed(way.name.function, .noTarget(function: way.name.function, reason: reason, fix: fix)))
    case .endCanary(let bad, _), .clear(let bad, _), .goBack(let bad, _):
      entry.fromVersion = bad
      journal.add(entry)
    }
  }

  /// Those of `ways` whose versions exist and can serve; GetFunction has a rate limit of its own.
  func prepared(_ ways: [RollbackWay], _ journal: ReleaseJournal) async -> [RollbackWay] {
    let moving = ways.filter { $0.move != nil }
    return await Concurrent.map(moving, limit: parallel) { way -> RollbackWay? in
      guard let move = way.move else { return nil }
      do throws(ReleaseError) {
        try await prepare(move.to, of: way.name, event: way.event, journal)
        return way
      } catch {
        fail(way, error, journal)
        return nil
      }
    }.compactMap { $0 }
  }

  /// Writes the alias. Whoever holds the lease is fenced off: a rollback goes before everything else. Where the release
  /// has moved on meanwhile, it is decided anew; where another release has come, or a person has moved it, it was not
  /// meant: it may be the fix.
  ///
  /// - Returns: what there is to check; nil where nothing was written.
  func move(
    _ way: RollbackWay, journal: ReleaseJournal, deciding decide: (AliasSnapshot) -> RollbackStep
  ) async -> RoutingCheck.Subject? {
    guard let seen = way.seen, var move = way.move else { return nil }
    var known = KnownAlias(seen)
    var current = seen
    do throws(ReleaseError) {
      for _ in 0..<4 {
        if case .newer = current.content {
          throw .unreadableRecord(
            function: way.name.function, alias: alias, reason: "a later lamctl wrote it")
        }
        let record = record(of: move, over: current, way)
        let text =
          move.keepsRecord
          ? current.alias.description : record.encoded(userText: current.content.userText).text
        do throws(AWSError) {
          let answer = try await services.lambda.updateAlias(
            way.name.functionName, name: alias, version: move.to, weights: [:], description: text,
            revisionID: current.alias.revisionIfKnown, priority: .rollback)
          known.become(AliasSnapshot(answer))
          return tellMoved(way, move, record.release, known, journal)
        } catch {
          guard error.isPreconditionFailed || error.mayHaveBeenProcessed else {
            throw .aws(error, function: way.name.function)
          }
          guard error.isPreconditionFailed else {
            known.remember(unheard: text)
            continue
          }
        }
        current = try await fresh(way.name, known, sent: text)
        if current.alias.description == text, current.version == move.to, current.alias.others.isEmpty {
          known.become(current)
          return tellMoved(way, move, record.release, known, journal)
        }
        known.become(current)
        guard let next = try decideAnew(way, move, seen: seen, current, decide, journal) else { return nil }
        if next.to != move.to { try await prepare(next.to, of: way.name, event: way.event, journal) }
        move = next
      }
      throw .unseen(function: way.name.function, alias: alias)
    } catch {
      fail(way, error, journal)
      return nil
    }
  }

  /// The alias once AWS shows what has changed it.
  private func fresh(
    _ name: FunctionName, _ known: KnownAlias, sent text: String
  ) async throws(ReleaseError) -> AliasSnapshot {
    let reader = AliasReader(lambda: services.lambda, alias: alias, parallel: parallel)
    let seen = try await FreshRead(reader: reader, clock: services.clock).alias(of: name) { seen in
      seen.map { $0.alias == known.present || known.isPast($0.alias) } ?? false
    }
    guard let seen else {
      throw .touched(function: name.function, alias: alias, what: "somebody has deleted it")
    }
    guard seen.alias != known.present, !known.isPast(seen.alias) else {
      throw .unseen(function: name.function, alias: alias)
    }
    return seen
  }

  /// What to do now that the alias is not as it was decided on. Only a change that has moved no traffic may be followed by
  /// the same write.
  ///
  /// - Returns: nil where nothing is left to do.
  private func decideAnew(
    _ way: RollbackWay, _ move: WayBack, seen: AliasSnapshot, _ current: AliasSnapshot,
    _ decide: (AliasSnapshot) -> RollbackStep, _ journal: ReleaseJournal
  ) throws(ReleaseError) -> WayBack? {
    let function = way.name.function
    let isSameRelease = current.record?.release == seen.record?.release
    if current.alias.routesLike(seen.alias), isSameRelease || current.record == nil { return move }
    guard isSameRelease, current.record != nil, current.move == nil else {
      throw current.record != nil && !isSameRelease
        ? .owned(function: function, alias: alias, by: current.content.ownerWords)
        : .touched(
          function: function, alias: alias,
          what: "somebody has moved it since this run read it: it gives \(current.alias.routingWords)")
    }
    let step = decide(current)
    switch step {
    case .endCanary, .clear, .goBack: return WayBack(step)
    case .alreadyBack(let bad, let serving):
      journal.tell(.candidate(function, from: nil, to: serving, codeSHA256: nil))
      journal.tell(.serves(function, current.alias.shares))
      tellAlreadyBack(way.name, bad: bad ?? move.from, serving: serving, journal)
      return nil
    case .absent, .notInRelease, .unrecorded, .noTarget:
      throw .owned(function: function, alias: alias, by: current.content.ownerWords)
    }
  }

  private func record(
    of move: WayBack, over seen: AliasSnapshot, _ way: RollbackWay
  ) -> RolloutRecord {
    var record =
      seen.record
      ?? RolloutRecord(
        release: ReleaseID(
          time: services.serverTime(), commit: nil,
          random: (0..<4).map { _ in UInt8.random(in: 0 ... .max) }),
        state: .idle)
    // The mark by which a later run knows that the others of the release were to go back too.
    if way.isNarrowed, !record.state.isUnderWay { record.functions = 1 }
    guard !move.keepsRecord else { return record }
    record.canary = move.from
    record.stable = move.to
    record.owner = owner
    return record.rolledBack(for: reason)
  }

  private func tellMoved(
    _ way: RollbackWay, _ move: WayBack, _ release: ReleaseID, _ known: KnownAlias,
    _ journal: ReleaseJournal
  ) -> RoutingCheck.Subject {
    let function = way.name.function
    journal.tell(.candidate(function, from: move.from, to: move.to, codeSHA256: nil))
    journal.tell(.serves(function, known.present.shares))
    journal.tell(.rolledBack(function, from: move.from, to: move.to))
    return RoutingCheck.Subject(name: way.name, version: move.to, release: release, known: known)
  }

  private func tellAlreadyBack(
    _ name: FunctionName, bad: String?, serving: String, _ journal: ReleaseJournal
  ) {
    let text =
      bad.map { "version \($0) was taken back already; version \(serving) serves" }
      ?? "version \(serving) serves already"
    journal.tell(.note(name.function, text))
  }

  private func fail(_ way: RollbackWay, _ error: ReleaseError, _ journal: ReleaseJournal) {
    journal.tell(.ended(way.name.function, .failed))
    journal.tell(.failed(way.name.function, error))
  }
}
