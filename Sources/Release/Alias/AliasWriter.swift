internal import AWSClient
internal import Core

/// Writes aliases of a release: traffic and record in one UpdateAlias that is a compare-and-swap.
struct AliasWriter: Sendable {
  /// How often one alias is written anew where somebody edits its Description at the same time, or an answer is lost.
  private static let attempts = 4
  /// For how long a version that Lambda does not find is waited for, and how long between two tries.
  private static let visibility = TimeSpan.seconds(30)
  private static let pause = TimeSpan.seconds(0.5)

  /// What became of a write.
  enum Outcome: Sendable {
    /// The alias is as it was to be.
    case written(RolloutTarget)
    /// It is somebody else's; it has not been touched.
    case foreign(RolloutTarget, AliasSnapshot?, ForeignHand)
    /// It could not be written, or nobody knows whether it was.
    case failed(RolloutTarget, ReleaseError)
  }

  let lambda: any LambdaAliases
  let alias: String
  let release: ReleaseID
  let clock: any WallClock
  let parallel: Int

  private var reader: AliasReader { AliasReader(lambda: lambda, alias: alias, parallel: parallel) }

  /// Makes each of `writes` say its record and route accordingly, in their order and at most `parallel` at a time.
  func write(
    _ writes: [(target: RolloutTarget, record: RolloutRecord)], priority: RequestPriority = .normal
  ) async -> [Outcome] {
    await Concurrent.map(writes, limit: parallel) { target, record in
      await write(record, for: target, priority: priority)
    }
  }

  private func write(
    _ record: RolloutRecord, for target: RolloutTarget, priority: RequestPriority
  ) async -> Outcome {
    var target = target
    var failure: ReleaseError?
    let deadline = clock.now() + Self.visibility
    var attempt = 0
    while attempt < Self.attempts {
      let next = target.with(record)
      let text = next.description
      do throws(AWSError) {
        return .written(try await put(next, text, priority))
      } catch {
        failure = .aws(error, function: target.function)
        if error.isNotFound {
          guard await isThere(target) else { return .foreign(target, nil, .deleted) }
          // What is not found is the version: one that was just published is not known to all of Lambda yet.
          guard clock.now() < deadline, await hasWaited() else { break }
          continue
        }
        attempt += 1
        guard error.isPreconditionFailed || error.mayHaveBeenProcessed else { break }
        target.known.remember(unheard: text)
        // The client has asked again where the service said that it has failed; an answer that did not come it has
        // waited for, and only a further try tells.
        guard error.isPreconditionFailed else {
          if error.isAnswerLost { continue }
          target = target.suspected(of: record)
          break
        }
      }
      switch await reading(of: &target, sent: text) {
      case .failure(let error): return .failed(target.suspected(of: record), error)
      case .success(nil): return .written(target.with(record).asOurs)
      case .success(let found?):
        if let hand = found.hand { return .foreign(target, found.snapshot, hand) }
      }
    }
    return .failed(
      target, failure ?? .aws(.cancelled("UpdateAlias"), function: target.function))
  }

  /// Whether the alias of `target` exists, or nobody can tell.
  private func isThere(_ target: RolloutTarget) async -> Bool {
    do throws(ReleaseError) { return try await reader.read(target.name) != nil } catch { return true }
  }

  private func hasWaited() async -> Bool {
    do { try await clock.sleep(for: Self.pause) } catch { return false }
    return true
  }

  /// Finds out why a write was refused.
  ///
  /// - Returns: nil where the write has arrived after all; whose the alias is, or nobody's where it may be written anew.
  private func reading(
    of target: inout RolloutTarget, sent text: String
  ) async -> Result<(snapshot: AliasSnapshot?, hand: ForeignHand?)?, ReleaseError> {
    let known = target.known
    let seen: AliasSnapshot?
    do throws(ReleaseError) {
      seen = try await FreshRead(reader: reader, clock: clock).alias(of: target.name) { alias in
        alias != nil
          && [.asKnown, .stale].contains(AliasReading(alias, known: known, release: release, sent: text))
      }
    } catch {
      return .failure(error)
    }
    switch AliasReading(seen, known: known, release: release, sent: text) {
    case .asKnown, .stale:
      return .failure(.unseen(function: target.function, alias: alias))
    case .ours:
      if let seen { target.known.become(seen) }
      // An earlier write whose answer was lost may have come first; then this one is still to be made.
      return seen?.alias.description == text ? .success(nil) : .success((seen, nil))
    case .edited(let userText):
      if let seen { target.known.become(seen) }
      target.userText = userText
      return .success((seen, nil))
    case .foreign(let hand):
      return .success((seen, hand))
    }
  }

  private func put(
    _ target: RolloutTarget, _ text: String, _ priority: RequestPriority
  ) async throws(AWSError) -> RolloutTarget {
    let routing = target.routing
    let answer = try await lambda.updateAlias(
      target.functionName, name: alias, version: routing.version, weights: routing.weights,
      description: text, revisionID: target.revisionID, priority: priority)
    var written = target
    written.known.become(AliasSnapshot(answer))
    return written.asOurs
  }
}

extension RolloutTarget {
  /// What its alias's Description is to say.
  fileprivate var description: String { record.encoded(userText: userText).text }

  fileprivate var asOurs: RolloutTarget {
    var target = self
    target.isOurs = true
    return target
  }

  /// A write whose answer was lost may have given the canary traffic: it counts as exposed until that is known.
  fileprivate func suspected(of record: RolloutRecord) -> RolloutTarget {
    record.state.isUnderWay ? with(record).asOurs : self
  }
}

extension AWSError {
  /// Whether the service may have done what was asked although it did not say so.
  var mayHaveBeenProcessed: Bool {
    switch self {
    case .service(let fault): fault.status >= 500
    case .transport(_, _, _, let failure): failure.mayHaveBeenProcessed
    case .malformedAnswer, .cancelled: true
    case .noCredentials, .brokenCredentials, .missingRegion, .badConfiguration, .localFile, .limitExceeded:
      false
    }
  }

  /// Whether the service was asked and nobody heard its answer.
  fileprivate var isAnswerLost: Bool {
    switch self {
    case .transport(_, _, _, let failure): failure.mayHaveBeenProcessed
    case .malformedAnswer: true
    default: false
    }
  }
}
