internal import AWSClient
internal import Core

/// Writes the alias of a function: traffic and record in one UpdateAlias that is a compare-and-swap.
struct AliasWriter: Sendable {
  /// How long a lease lasts, and how old it may get before it is renewed.
  static let leaseLength = TimeSpan.minutes(5)
  static let leaseRenewal = TimeSpan.minutes(2)

  let lambda: any LambdaAliases
  let alias: String
  private let rereading: FreshRead
  /// The Descriptions of each function that this run has sent without hearing what became of them.
  private let unsure = Lock<[String: Set<String>]>([:])

  /// - Parameter clock: paces the looks at an alias that was written by somebody else a moment ago.
  init(lambda: any LambdaAliases, alias: String, clock: any WallClock) {
    self.lambda = lambda
    self.alias = alias
    rereading = FreshRead(lambda: lambda, alias: alias, clock: clock)
  }

  /// Makes the alias say `record` and route accordingly.
  ///
  /// - Throws: ``ReleaseError/owned(function:alias:by:)`` when the alias was changed by somebody else since it was
  ///   last seen; it has not been touched then.
  func write(
    _ record: RolloutRecord, for member: RolloutTarget, priority: RequestPriority = .normal
  ) async throws(ReleaseError) -> RolloutTarget {
    var written = member
    written.record = record
    let text = description(of: written)
    do throws(AWSError) {
      return try await put(written, priority: priority)
    } catch {
      if error.mayHaveBeenProcessed { remember(text, of: member) }
      guard error.isPreconditionFailed else { throw .aws(error, function: member.function) }
    }
    let now = try await rereading.alias(of: member.name, past: member.revisionID)
    let there = RolloutRecord.decode(now.description)
    // Only a write of this very process is its own: another run of the same pipeline has the same name, and may have
    // taken the release over while this one was stopped.
    guard now.description == text || isUnsure(now.description, of: member) else {
      throw .owned(function: member.function, alias: alias, by: there.ownerWords)
    }
    written.revisionID = now.revisionIfKnown
    do throws(AWSError) {
      return try await put(written, priority: priority)
    } catch {
      if error.mayHaveBeenProcessed { remember(text, of: member) }
      guard error.isPreconditionFailed else { throw .aws(error, function: member.function) }
      throw .owned(function: member.function, alias: alias, by: there.ownerWords)
    }
  }

  private func remember(_ text: String, of member: RolloutTarget) {
    unsure.withLock { _ = $0[member.function, default: []].insert(text) }
  }

  private func isUnsure(_ text: String, of member: RolloutTarget) -> Bool {
    unsure.withLock { $0[member.function]?.contains(text) ?? false }
  }

  private func description(of member: RolloutTarget) -> String {
    member.record.encoded(userText: member.userText).text
  }

  private func put(_ member: RolloutTarget, priority: RequestPriority) async throws(AWSError) -> RolloutTarget
  {
    let routing = member.routing
    let answer = try await lambda.updateAlias(
      member.functionName, name: alias, version: routing.version, weights: routing.weights,
      description: description(of: member), revisionID: member.revisionID,
      priority: priority)
    var written = member
    written.revisionID = answer.revisionIfKnown
    written.isOurs = true
    return written
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
}
