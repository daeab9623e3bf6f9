internal import AWSClient
internal import Core

/// Waits for Lambda to finish what it does asynchronously, and for its reads to show what was written. One routine for
/// every wait.
///
/// It ends at once when Lambda says `Failed`, with the words Lambda gives. GetFunction is the call to poll with: it has
/// a rate limit of its own.
struct Waiter: Sendable {
  let lambda: any LambdaPublishing
  let clock: any WallClock
  /// The factor by which pauses differ from their nominal length.
  let jitter: @Sendable () -> Double
  /// How long one wait may take.
  let timeout: TimeSpan
  /// Told what takes long.
  let report: @Sendable (ReleaseEvent) -> Void

  /// - Parameter timeout: how long one wait may take.
  init(_ services: ReleaseServices, timeout: TimeSpan) {
    lambda = services.lambda
    clock = services.clock
    jitter = services.jitter
    report = services.report
    self.timeout = timeout
  }

  /// Waits until a read shows `$LATEST` as it is known, `Active` and with its last update `Successful`.
  ///
  /// - Parameters:
  ///   - known: what the read must show; nil for whatever there is.
  ///   - changes: settings that this run may have written besides, without having heard of it.
  ///   - refused: RevisionIds that Lambda has called out of date: what still shows one of them lags behind.
  ///   - isNew: whether the function was created a moment ago, so that it may not be found yet.
  ///   - acceptsFailedUpdate: whether an update that failed is an end as good as any, because another follows.
  /// - Throws: ``ReleaseError/changedMeanwhile(function:)`` when a read shows somebody else's code or settings.
  func latest(
    _ name: FunctionName, subject: String, known: KnownLatest?, orWritten changes: JSONObject? = nil,
    past refused: Set<String> = [], isNew: Bool = false, acceptsFailedUpdate: Bool = false
  ) async throws(ReleaseError) -> KnownLatest {
    let read = try await poll(name, qualifier: nil, subject: subject, isNew: isNew) {
      read throws(ReleaseError) in
      guard !refused.contains(read.revisionID) else { return false }
      if let known, changes.map({ known.isWritten($0, in: read) }) != true {
        switch known.reading(of: read) {
        case .stale: return false
        case .foreign: throw .changedMeanwhile(function: name.function)
        case .current: break
        }
      }
      if acceptsFailedUpdate, read.lastUpdateStatus == "Failed" { return true }
      return try Self.isReady(read, function: name.function, subject: subject)
    }
    guard let known else { return KnownLatest(read) }
    return known.reading(of: read) == .current ? known.seen(as: read) : known.followed(by: read)
  }

  /// Waits until a version is `Active`, and returns it as it is then.
  ///
  /// - Parameters:
  ///   - isNew: whether it was published a moment ago, so that it may not be found yet.
  ///   - acceptsSleep: whether `Inactive` is an end too. A version that has just been woken may still say so.
  func version(
    _ version: String, of name: FunctionName, isNew: Bool, acceptsSleep: Bool
  ) async throws(ReleaseError) -> FunctionConfiguration {
    let subject = "version \(version)"
    return try await poll(name, qualifier: version, subject: subject, isNew: isNew) {
      read throws(ReleaseError) in
      let isReady = try Self.isReady(read, function: name.function, subject: subject)
      return isReady && (acceptsSleep || read.state != "Inactive")
    }
  }

  /// Whether a function is ready: the list of states is open, so whatever is neither good nor bad is waited out.
  ///
  /// - Throws: ``ReleaseError/failedInLambda(function:subject:reason:)``.
  static func isReady(
    _ configuration: FunctionConfiguration, function: String, subject: String
  ) throws(ReleaseError) -> Bool {
    if configuration.state == "Failed" {
      throw .failedInLambda(
        function: function, subject: subject,
        reason: Self.words(configuration.stateReasonCode, configuration.stateReason))
    }
    if configuration.lastUpdateStatus == "Failed" {
      throw .failedInLambda(
        function: function, subject: subject,
        reason: Self.words(configuration.lastUpdateStatusReasonCode, configuration.lastUpdateStatusReason))
    }
    // Inactive is a function that Lambda put to sleep; it wakes up when it is updated or invoked.
    let active = [nil, "Active", "Inactive"].contains(configuration.state)
    return active && [nil, "Successful"].contains(configuration.lastUpdateStatus)
  }

  private static func words(_ code: String?, _ text: String?) -> String {
    [code, text].compactMap { $0 }.joined(separator: ": ")
  }

  /// Reads until what is read is enough.
  private func poll(
    _ name: FunctionName, qualifier: String?, subject: String, isNew: Bool,
    isEnough: (FunctionConfiguration) throws(ReleaseError) -> Bool
  ) async throws(ReleaseError) -> FunctionConfiguration {
    var patience = Patience(self, name, subject: subject)
    while true {
      var read: FunctionConfiguration?
      do throws(AWSError) {
        read = try await lambda.getFunction(name.functionName, qualifier: qualifier).configuration
      } catch {
        guard isNew, error.isNotFound else { throw .aws(error, function: name.function) }
      }
      if let read, try isEnough(read) { return read }
      try await patience.rest()
    }
  }
}
