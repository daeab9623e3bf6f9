import Core
import Release
import TestSupport

@testable import AWSClient

/// Lambda and CloudWatch of one account, in memory and in the time of a ``ManualClock``.
final class SimulatedAccount: Sendable {
  struct State: Sendable {
    var functions: [String: SimulatedFunction] = [:]
    /// The versions of layers, by name.
    var layers: [String: [LayerVersion]] = [:]
    /// Invocations a minute of each function's alias.
    var traffic: [String: Int] = [:]
    /// Invocations a minute that go past the alias.
    var direct: [String: Int] = [:]
    /// When calls that go past the alias came to an end.
    var directUntil: [String: Timestamp] = [:]
    /// Invocations a minute of versions that are called by their number, such as `orders:3`.
    var called: [String: Int] = [:]
    /// When versions were called by their number, once.
    var calledAt: [String: Timestamp] = [:]
    /// The most executions at once of each function.
    var concurrent: [String: Int] = [:]
    /// Concurrency that no function has reserved.
    var unreserved = 1000
    /// Operations that the credentials do not allow.
    var denied: Set<String> = []
    /// Log events by group.
    var logs: [String: [LogEvent]] = [:]
    /// Alarms by name: in ALARM during these times, OK else.
    var alarms: [String: Range<Timestamp>] = [:]
    /// The schedules of EventBridge by name.
    var schedules: [String: Schedule] = [:]
    /// How often EventBridge answers that it is at work on a schedule already.
    var scheduleConflicts = 0
    /// How far back CloudWatch knows single minutes; nothing at all is known of a time that begins before that.
    var memory: TimeSpan?
    /// How long after its end a minute's counts of a version are to be seen.
    var metricsDelay: TimeSpan?
    /// Series of versions that never have a point, such as `Errors 2`.
    var missingSeries: Set<String> = []
    /// When CloudWatch answers with errors.
    var outage: Range<Timestamp>?
    /// How far reads of functions to come lag behind their writes.
    var readLag = ReadLag()
    /// Until when Lambda cannot use the role, and in which words it says so.
    var freshRole: (until: Timestamp, message: String)?
  }

  /// How long an update of `$LATEST` takes, and a new version until it is active: less than the first pause of a run
  /// that waits for it, however that is jittered, so that all runs make the same calls.
  static let updateTime = TimeSpan.seconds(0.1)

  let clock: ManualClock
  let state = Lock(State())

  init(clock: ManualClock) {
    self.clock = clock
  }

  /// Runs `body` with the function called `name`.
  func with<Value>(
    _ name: String, _ operation: String,
    _ body: (inout SimulatedFunction, Timestamp) throws(AWSError) -> Value
  ) throws(AWSError) -> Value {
    let now = clock.now()
    // The result is carried out as a value, because the lock's closure cannot throw a typed error.
    let result: Result<Value, AWSError> = state.withLock { state in
      guard var function = state.functions[name] else { return .failure(SimulatedFault.notFound(operation)) }
      do throws(AWSError) {
        let before = function
        let value = try body(&function, now)
        function.remember(before, at: now)
        state.functions[name] = function
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Changes `$LATEST`, unless an earlier change is not through.
  func update(
    _ name: String, _ operation: String, revisionID: String?, _ change: (inout JSONObject) -> Void
  ) throws(AWSError) -> FunctionConfiguration {
    try with(name, operation) { function, now throws(AWSError) in
      guard now >= function.readyAt else { throw SimulatedFault.busy(operation) }
      if let revisionID, revisionID != function.revisionID(at: now) { throw SimulatedFault.stale(operation) }
      change(&function.latest)
      function.latest["LastModified"] = .string(now.iso8601)
      function.updateFails = false
      function.revision += 1
      function.readyAt = now + Self.updateTime
      guard let answer = function.configuration(nil, at: now) else { throw SimulatedFault.broken(operation) }
      return answer
    }
  }

  func create(_ name: String, _ members: JSONObject) throws(AWSError) -> FunctionConfiguration {
    let now = clock.now()
    let isNew = state.withLock { state in
      guard state.functions[name] == nil else { return false }
      var members = members
      members["LastModified"] = .string(now.iso8601)
      var function = SimulatedFunction(
        latest: members, readyAt: now + Self.updateTime, createdAt: now)
      function.readLag = state.readLag
      state.functions[name] = function
      return true
    }
    guard isNew else { throw SimulatedFault.alreadyExists("CreateFunction") }
    return try with(name, "CreateFunction") { function, now throws(AWSError) in
      guard let answer = function.configuration(nil, at: now) else {
        throw SimulatedFault.notFound("CreateFunction")
      }
      return answer
    }
  }
}
