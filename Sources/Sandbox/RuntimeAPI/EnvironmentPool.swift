internal import Core

/// The execution environments of all function versions: warm ones are used again, idle ones ended.
final class EnvironmentPool: Sendable {
  /// The most environments of one version.
  static let limit = 4
  /// Real seconds after which an idle environment is ended.
  static let idleLimit = 120.0
  /// Real seconds that an invocation may wait for a free environment.
  static let queueLimit = 60.0

  /// What environments are shared for; `$LATEST` counts anew after each change.
  struct Key: Hashable, Sendable {
    let function: String
    let version: String
    let code: String
    let modified: Double
    /// No environment is used for two tenants.
    let tenant: String?
  }

  private struct Slot {
    var idle: [(environment: RuntimeEnvironment, since: Double)] = []
    var busy: [ObjectIdentifier: RuntimeEnvironment] = [:]
    var starting = 0

    var count: Int { idle.count + busy.count + starting }
  }

  private struct State {
    var slots: [Key: Slot] = [:]
    var isStopping = false
  }

  private enum Turn {
    case use(RuntimeEnvironment)
    case start
    case refuse
  }

  private let launcher: RuntimeLauncher
  private let logs: LogStore
  private let clock: ScaledClock
  private let state = Monitor(State())

  init(launcher: RuntimeLauncher, logs: LogStore, clock: ScaledClock) {
    self.launcher = launcher
    self.logs = logs
    self.clock = clock
  }

  /// What became of an invocation.
  enum Run {
    case ran(InvocationOutcome)
    /// No environment got free in time.
    case refused
    /// The sandbox ended, or ended the function's environments, before there was an answer.
    case cutOff
  }

  /// Runs an invocation in a free environment, in a new one, or after waiting for one.
  func run(_ invocation: Invocation, key: Key, target: RuntimeTarget, wantsLog: Bool) -> Run {
    guard let environment = acquire(key, target) else {
      return state.read { $0.isStopping } ? .cutOff : .refused
    }
    let outcome = environment.run(invocation, wantsLog: wantsLog)
    release(environment, key)
    return outcome.wasCutOff ? .cutOff : .ran(outcome)
  }

  private func acquire(_ key: Key, _ target: RuntimeTarget) -> RuntimeEnvironment? {
    let turn = state.wait(until: Monotonic.now() + Self.queueLimit) { state -> Turn? in
      if state.isStopping { return .refuse }
      var slot = state.slots.removeValue(forKey: key) ?? Slot()
      defer { state.slots[key] = slot }
      while let warm = slot.idle.popLast()?.environment {
        guard warm.isAlive else { continue }
        slot.busy[ObjectIdentifier(warm)] = warm
        return .use(warm)
      }
      guard slot.count < Self.limit else { return nil }
      slot.starting += 1
      return .start
    }
    switch turn ?? .refuse {
    case .use(let environment): return environment
    case .refuse: return nil
    case .start: break
    }
    let environment = RuntimeEnvironment(target, launcher: launcher, logs: logs, clock: clock)
    let isWanted = state.update { state in
      state.slots[key, default: Slot()].starting -= 1
      guard !state.isStopping else { return false }
      state.slots[key, default: Slot()].busy[ObjectIdentifier(environment)] = environment
      return true
    }
    guard isWanted else {
      environment.end()
      return nil
    }
    return environment
  }

  private func release(_ environment: RuntimeEnvironment, _ key: Key) {
    let isKept = state.update { state in
      guard let busy = state.slots[key]?.busy.removeValue(forKey: ObjectIdentifier(environment)),
        busy.isAlive,
        !state.isStopping
      else { return false }
      state.slots[key]?.idle.append((environment, Monotonic.now()))
      return true
    }
    if !isKept { environment.end() }
  }

  /// Ends environments that have been idle for too long.
  func reap() {
    let oldest = Monotonic.now() - Self.idleLimit
    let ended = state.update { state -> [RuntimeEnvironment] in
      var ended: [RuntimeEnvironment] = []
      for key in Array(state.slots.keys) {
        let idle = state.slots[key]?.idle ?? []
        ended += idle.filter { $0.since < oldest }.map(\.environment)
        state.slots[key]?.idle = idle.filter { $0.since >= oldest }
        if state.slots[key]?.count == 0 { state.slots[key] = nil }
      }
      return ended
    }
    for environment in ended { environment.end() }
  }

  /// Ends all environments of a function; those that run end with their invocation's failure.
  func forget(function: String) {
    end { $0.function == function }
  }

  /// Ends everything and takes no more invocations.
  func stop() {
    state.update { $0.isStopping = true }
    end { _ in true }
  }

  private func end(_ isMeant: (Key) -> Bool) {
    let ended = state.update { state -> [RuntimeEnvironment] in
      var ended: [RuntimeEnvironment] = []
      for key in Array(state.slots.keys) where isMeant(key) {
        guard let slot = state.slots[key] else { continue }
        ended += slot.idle.map(\.environment) + slot.busy.values
        state.slots[key]?.idle = []
      }
      return ended
    }
    for environment in ended { environment.end() }
  }
}
