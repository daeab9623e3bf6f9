import Core
import Release
import TestSupport

@testable import AWSClient

/// How far the reads of a function and its versions lag behind its writes.
struct ReadLag: Sendable {
  var span = TimeSpan.zero
  /// Whether every second read is up to date, as where several servers answer.
  var isUneven = false
  private var reads = 0

  init(_ span: TimeSpan = .zero, isUneven: Bool = false) {
    self.span = span
    self.isUneven = isUneven
  }

  /// The moment that a read at `now` shows.
  mutating func moment(at now: Timestamp) -> Timestamp {
    reads += 1
    return isUneven && reads.isMultiple(of: 2) ? now : now - span
  }
}

extension SimulatedFunction {
  /// What tells one state of function and versions from another.
  private var stamp: [Int] { [revision, versions.count, deleted.count] }

  /// Keeps `before`, from which a write at `now` has made this, for reads that lag.
  mutating func remember(_ before: SimulatedFunction, at now: Timestamp) {
    guard readLag.span > .zero, before.stamp != stamp else { return }
    var before = before
    before.past = []
    past.removeAll { $0.until <= now - readLag.span }
    past.append((before, now))
  }

  /// The function as it was at `moment`; nil before it was created.
  func asOf(_ moment: Timestamp) -> SimulatedFunction? {
    guard moment >= createdAt else { return nil }
    return past.first { moment < $0.until }?.function ?? self
  }

  /// Whether whoever looks a version up at `now` finds it.
  mutating func shows(_ version: String, at now: Timestamp) -> Bool {
    if let newestUnfoundUntil, now < newestUnfoundUntil, version == "\(versions.count)" { return false }
    let moment = readLag.moment(at: now)
    return asOf(moment)?.configuration(version, at: moment) != nil
  }
}

extension SimulatedAccount {
  /// Runs `body` with the function called `name` as a read shows it now, the moment of which that is, and the function
  /// as it is.
  func look<Value>(
    _ name: String, _ operation: String,
    _ body: (_ seen: SimulatedFunction, _ moment: Timestamp, _ live: SimulatedFunction) throws(AWSError) ->
      Value
  ) throws(AWSError) -> Value {
    try with(name, operation) { function, now throws(AWSError) in
      let moment = function.readLag.moment(at: now)
      guard let seen = function.asOf(moment) else { throw SimulatedFault.notFound(operation) }
      return try body(seen, moment, function)
    }
  }

  /// Lets reads of functions and versions lag behind what is written from now on, those of functions to come too.
  func lagBehind(_ span: TimeSpan, isUneven: Bool = false) {
    state.withLock { state in
      state.readLag = ReadLag(span, isUneven: isUneven)
      for name in state.functions.keys { state.functions[name]?.readLag = state.readLag }
    }
  }

  /// Fails for as long as Lambda cannot use the role.
  func meetFreshRole(_ operation: String) throws(AWSError) {
    guard let (until, message) = state.withLock({ $0.freshRole }), clock.now() < until else { return }
    throw SimulatedFault.freshRole(operation, message)
  }

  /// Changes `$LATEST` as a person in the console does, once an update under way is through.
  func editLatest(_ name: String = "orders", _ change: (inout JSONObject) -> Void) throws {
    clock.advance(by: Self.updateTime)
    _ = try update(name, "UpdateFunctionConfiguration", revisionID: nil, change)
  }
}
