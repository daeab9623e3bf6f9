import Core
import Release

@testable import AWSClient

/// One run's way to the simulated account. It counts the run's calls and does to them what the test asks for.
final class Connection: Sendable {
  /// What happens to a call, counted from 1.
  enum Event: Hashable, Sendable {
    /// The run is dead from before this call on.
    case diesBefore(Int)
    /// The call is carried out, and the run dies before it hears of it.
    case diesAfter(Int)
    /// The call is carried out and its answer is lost.
    case losesAnswer(Int)
    /// The call is not carried out and fails.
    case fails(Int)
    /// The run is told to stop before this call.
    case cancels(Int)
  }

  private struct Progress {
    var planning: [String] = []
    var calls: [String] = []
    var isDead = false
    var hasBegun = false
    var cancel: (@Sendable () -> Void)?
    var hooks: [Int: @Sendable () async -> Void]
    var leaseReads = 0
    var hookCalls: [HookCall] = []
    var queryCounts: [Int] = []
    var priorities: [RequestPriority] = []
    var whilePlanning: (@Sendable (Int) -> Void)?
  }

  let account: SimulatedAccount
  private let events: Set<Event>
  private let progress: Lock<Progress>
  /// Called after each look at an alias, with its number.
  private let onAliasRead: (@Sendable (Int) -> Void)?

  /// - Parameter hooks: what happens in the world while the run is paused before a call.
  init(
    _ account: SimulatedAccount, events: [Event] = [], hooks: [Int: @Sendable () async -> Void] = [:],
    onAliasRead: (@Sendable (Int) -> Void)? = nil
  ) {
    self.account = account
    self.events = Set(events)
    self.onAliasRead = onAliasRead
    progress = Lock(Progress(hooks: hooks))
  }

  /// The calls that the plan took.
  var planning: [String] { progress.withLock { $0.planning } }

  /// The calls since then, such as `UpdateAlias orders`.
  var calls: [String] { progress.withLock { $0.calls } }

  /// The calls that change something.
  var writes: [String] {
    let reading = ["Get", "List", "Invoke", "Describe", "Filter"]
    return calls.filter { call in !reading.contains { call.hasPrefix($0) } }
  }

  /// The index of the first call that asks how the canary does: before the first weight the traffic of the last hour
  /// was asked for.
  var firstLook: Int? {
    let calls = calls
    let weight = calls.firstIndex { $0.hasPrefix("UpdateAlias") } ?? calls.endIndex
    return calls[weight...].firstIndex(of: "GetMetricData")
  }

  /// The hooks that have run.
  var hookCalls: [HookCall] { progress.withLock { $0.hookCalls } }

  /// How many queries each GetMetricData had.
  var queryCounts: [Int] { progress.withLock { $0.queryCounts } }

  /// The priority of each UpdateAlias that was asked for.
  var priorities: [RequestPriority] { progress.withLock { $0.priorities } }

  /// Tells `before` of each call of the plan, counted from 1.
  func watchPlanning(_ before: @escaping @Sendable (Int) -> Void) {
    progress.withLock { $0.whilePlanning = before }
  }

  func note(queries: Int) { progress.withLock { $0.queryCounts.append(queries) } }

  func note(_ priority: RequestPriority) { progress.withLock { $0.priorities.append(priority) } }

  func note(_ call: HookCall) { progress.withLock { $0.hookCalls.append(call) } }

  var isDead: Bool { progress.withLock { $0.isDead } }

  /// Counts from here: planning is over.
  func begin(cancel: @escaping @Sendable () -> Void) {
    progress.withLock { progress in
      progress.hasBegun = true
      progress.planning = progress.calls
      progress.calls = []
      progress.cancel = cancel
    }
  }

  /// Performs a call, or what has been asked for instead.
  func call<Value: Sendable>(
    _ operation: String, _ name: String, _ body: () throws(AWSError) -> Value
  ) async throws(AWSError) -> Value {
    let number = progress.withLock { progress in
      guard !progress.isDead else { return 0 }
      progress.calls.append(name.isEmpty ? operation : "\(operation) \(name)")
      return progress.hasBegun ? progress.calls.count : -1
    }
    guard number != 0 else { throw SimulatedFault.dead }
    guard number > 0 else {
      let (before, count) = progress.withLock { ($0.whilePlanning, $0.calls.count) }
      before?(count)
      return try body()
    }
    if let hook = progress.withLock({ $0.hooks.removeValue(forKey: number) }) { await hook() }
    if events.contains(.diesBefore(number)) { throw die() }
    if events.contains(.cancels(number)) { progress.withLock { $0.cancel }?() }
    if Task.isCancelled { throw .cancelled(operation) }
    if events.contains(.fails(number)) { throw SimulatedFault.broken(operation) }
    if account.state.withLock({ $0.denied.contains(operation) }) { throw SimulatedFault.denied(operation) }
    let value = try body()
    if events.contains(.diesAfter(number)) { throw die() }
    if events.contains(.losesAnswer(number)) { throw SimulatedFault.lost(operation) }
    return value
  }

  func aliasWasRead() {
    guard let onAliasRead else { return }
    let number = progress.withLock { progress in
      progress.leaseReads += 1
      return progress.leaseReads
    }
    onAliasRead(number)
  }

  private func die() -> AWSError {
    progress.withLock { $0.isDead = true }
    return SimulatedFault.dead
  }
}
