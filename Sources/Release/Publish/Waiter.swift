internal import AWSClient
internal import Core

/// Waits for Lambda to finish what it does asynchronously. One routine for every wait.
///
/// It ends at once when Lambda says `Failed`, with the words Lambda gives, and looks again after 0.2 s at first and up
/// to 3 s later, each time with jitter. GetFunction is the call to poll with: it has a rate limit of its own.
struct Waiter: Sendable {
  private static let firstPause = 0.2
  private static let longestPause = 3.0

  let lambda: any LambdaPublishing
  let clock: any WallClock
  /// The factor by which pauses differ from their nominal length.
  let jitter: @Sendable () -> Double
  /// How long one wait may take.
  let timeout: TimeSpan

  /// Waits until a function or version is `Active` and its last update `Successful`, and returns it as it is then.
  ///
  /// - Parameters:
  ///   - subject: what is waited for, for the error: `version 42`.
  ///   - acceptsFailedUpdate: whether an update that failed is an end as good as any, because another follows.
  ///   - acceptsSleep: whether `Inactive` is an end too. A version that has just been woken may still say so.
  func settled(
    _ name: FunctionName, qualifier: String?, subject: String, acceptsFailedUpdate: Bool = false,
    acceptsSleep: Bool = true
  ) async throws(ReleaseError) -> FunctionConfiguration {
    let deadline = clock.now() + timeout
    var pause = Self.firstPause
    while true {
      let configuration: FunctionConfiguration
      do throws(AWSError) {
        configuration = try await lambda.getFunction(name.functionName, qualifier: qualifier).configuration
      } catch {
        throw .aws(error, function: name.function)
      }
      if acceptsFailedUpdate, configuration.lastUpdateStatus == "Failed" { return configuration }
      let isSettled = try Self.isSettled(configuration, function: name.function, subject: subject)
      if isSettled, acceptsSleep || configuration.state != "Inactive" { return configuration }
      try await rest(pause, until: deadline, name, subject: subject)
      pause = min(pause * 1.6, Self.longestPause)
    }
  }

  /// Makes a call again for as long as Lambda answers that an earlier change is in progress.
  ///
  /// - Parameter owned: tells the errors that mean that another run is at work on the function.
  func persist<Value: Sendable>(
    _ name: FunctionName, subject: String, _ call: () async throws(AWSError) -> Value,
    owned: (AWSError) -> Bool = { _ in false }
  ) async throws(ReleaseError) -> Value {
    let deadline = clock.now() + timeout
    var pause = Self.firstPause
    while true {
      do throws(AWSError) {
        return try await call()
      } catch {
        if owned(error) { throw .changedMeanwhile(function: name.function) }
        guard error.conflict == .busy else { throw .aws(error, function: name.function) }
      }
      try await rest(pause, until: deadline, name, subject: subject)
      pause = min(pause * 1.6, Self.longestPause)
    }
  }

  /// Whether a function is ready: the list of states is open, so whatever is neither good nor bad is waited out.
  static func isSettled(
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

  private func rest(
    _ pause: Double, until deadline: Timestamp, _ name: FunctionName, subject: String
  ) async throws(ReleaseError) {
    guard clock.now() < deadline else {
      throw .timedOut(function: name.function, subject: subject, seconds: Int(timeout.seconds))
    }
    do {
      try await clock.sleep(for: .seconds(pause * jitter()))
    } catch {
      throw .interrupted
    }
  }
}
