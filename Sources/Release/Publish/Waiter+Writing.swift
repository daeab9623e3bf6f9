internal import AWSClient
internal import Core

/// What became of a write.
enum WriteResult<Value: Sendable>: Sendable {
  /// It was carried out; the answer.
  case done(Value)
  /// It was not carried out, because something is not as it was expected to be: the function exists already, or has
  /// another revision, or other code. That may be an earlier attempt's own work.
  case refused(AWSError)
}

extension Waiter {
  /// How often a write is sent again whose answer is missing. Each time the client has tried several times itself.
  private static let repetitions = 2
  /// How long a role may take to get around: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html speaks
  /// of eventual consistency; some ten seconds are usual for a role, and a minute for a policy that was just attached.
  private static let roleSpan = TimeSpan.seconds(90)
  private static let rolePauses = [2.0, 4, 8]
  /// How long a version that one read has shown may be missing from others.
  private static let longestLag = TimeSpan.seconds(30)

  /// Makes a write until it is known what became of it: again for as long as an earlier change is in progress, or a
  /// new role has not got around, and again where its answer was lost.
  ///
  /// Sending it again must do no harm: it names the revision it follows upon, or makes the same of any.
  ///
  /// - Parameters:
  ///   - operation: as AWS names it: `PublishVersion`.
  ///   - isNew: whether the function was created a moment ago, so that it may not be found yet.
  func write<Value: Sendable>(
    _ name: FunctionName, _ operation: String, subject: String, isNew: Bool = false,
    _ call: () async throws(AWSError) -> Value
  ) async throws(ReleaseError) -> WriteResult<Value> {
    var patience = Patience(self, name, subject: subject)
    var roles: RoleWait?
    var lost = 0
    while true {
      let failure: AWSError
      do throws(AWSError) {
        return .done(try await call())
      } catch {
        failure = error
      }
      if failure.isRefusal { return .refused(failure) }
      if failure.fault?.isFreshRole == true {
        var wait = roles ?? RoleWait(end: clock.now() + min(Self.roleSpan, timeout))
        guard try await wait.rest(self, name, failure) else { throw .aws(failure, function: name.function) }
        roles = wait
        continue
      }
      if failure.leavesOpen(operation), lost < Self.repetitions {
        lost += 1
        report(.note(name.function, "what became of \(operation) is not known, trying again: \(failure)"))
      } else if failure.conflict != .busy, !(isNew && failure.isNotFound) {
        throw .aws(failure, function: name.function)
      }
      try await patience.rest()
    }
  }

  /// Makes a call that needs a version published a moment ago, again for as long as Lambda does not find it.
  func whenFound<Value: Sendable>(
    _ version: String, of name: FunctionName, _ call: () async throws(AWSError) -> Value
  ) async throws(ReleaseError) -> Value {
    let end = clock.now() + min(Self.longestLag, timeout)
    var patience = Patience(self, name, subject: "version \(version)")
    while true {
      do throws(AWSError) {
        return try await call()
      } catch {
        guard error.isNotFound, clock.now() < end else { throw .aws(error, function: name.function) }
      }
      try await patience.rest()
    }
  }

  /// The wait for a role, or for what it may do, to get around.
  private struct RoleWait {
    let end: Timestamp
    var pauses = Waiter.rolePauses[...]

    /// Returns after the next pause; false when it has lasted long enough.
    mutating func rest(
      _ waiter: Waiter, _ name: FunctionName, _ error: AWSError
    ) async throws(ReleaseError) -> Bool {
      let left = end - waiter.clock.now()
      guard left > .zero else { return false }
      let pause = min(TimeSpan.seconds(pauses.first ?? 0), left)
      if pauses.count > 1 { pauses.removeFirst() }
      waiter.report(
        .note(
          name.function,
          "Lambda cannot use the role yet (\(error.fault?.message ?? "")): trying again in \(Int(pause.seconds)) s, "
            + "for \(Int(left.seconds)) s at most"))
      do {
        try await waiter.clock.sleep(for: pause)
      } catch {
        throw .interrupted
      }
      return true
    }
  }
}

extension AWSError {
  /// Something is not as the write expects it to be.
  fileprivate var isRefusal: Bool {
    isPreconditionFailed || conflict == .alreadyExists || isCodeMismatch
  }

  /// `$LATEST` has other code than the `CodeSha256` that PublishVersion was given.
  private var isCodeMismatch: Bool {
    fault?.code == "InvalidParameterValueException" && fault?.message.contains("CodeSHA256") == true
  }

  /// Whether `operation` may have been carried out: no answer came, or the server failed, or the look at what became
  /// of an earlier attempt did.
  fileprivate func leavesOpen(_ operation: String) -> Bool {
    if isCancelled { return false }
    if let fault, fault.operation != operation { return true }
    return mayHaveBeenProcessed
  }
}
