internal import Core

/// One execution environment: a process, its own Runtime API, and one invocation at a time.
final class RuntimeEnvironment: Sendable {
  /// Real seconds that a process may take until it asks for its first event.
  private static let startLimit = 30.0

  struct State {
    var child: ChildProcess?
    /// Why there is no process any more.
    var ended: InvocationOutcome?
    var waiting: Invocation?
    var running: Invocation?
    /// Monotonic moment at which the running invocation was handed out.
    var handedOut = 0.0
    var answer: InvocationOutcome?
    /// Monotonic moment at which the process first asked for an event.
    var ready: Double?
    var isWarm = false
    /// The id whose output is known to be complete.
    var marked = ""
    /// Log lines that wait for the end of the output.
    var deferred: (id: String, lines: [String])?
    /// What the running invocation printed, for callers who want it.
    var printed: [String] = []
  }

  let target: RuntimeTarget
  let logStream: String
  let logs: LogStore
  let clock: ScaledClock
  let state = Monitor(State())
  let startedAt = Monotonic.now()
  private let server: Lock<HTTPServer?> = Lock(nil)

  /// Whether its program says where the output of an invocation ends.
  var marksOutput: Bool { !target.runtime.hasPrefix("provided") }

  init(_ target: RuntimeTarget, launcher: RuntimeLauncher, logs: LogStore, clock: ScaledClock) {
    self.target = target
    self.logs = logs
    self.clock = clock
    let day = clock.now().iso8601.prefix(10).split(separator: "-").joined(separator: "/")
    logStream = "\(day)/[\(target.version)]\(Identifier.uuid().filter { $0 != "-" })"
    start(launcher)
  }

  private func start(_ launcher: RuntimeLauncher) {
    do {
      // Weak, or a server whose process never ends would keep both alive.
      var limits = HTTPLimits(body: 8 << 20)
      // A connection is silent while the handler runs.
      limits.idle = max(limits.idle, 2 * target.timeout)
      let server = try HTTPServer(port: 0, limits: limits) { [weak self] request in
        self?.answer(request) ?? .drop
      }
      self.server.withLock { $0 = server }
      let child = try launcher.start(target, port: server.port, logStream: logStream) { [weak self] line in
        self?.add(line: line)
      }
      state.update { $0.child = child }
    } catch {
      let reason = (error as? RuntimeLauncher.Failure)?.reason ?? "\(error)"
      state.update { $0.ended = .failure("Runtime.InvalidEntrypoint", "Error: \(reason)", duration: 0) }
    }
  }

  /// Whether it can take an invocation.
  var isAlive: Bool {
    noticeExit()
    return state.read { $0.ended == nil }
  }

  /// Waits as the state's monitor does, and learns of the process's end within a few hundredths of a second.
  ///
  /// Not by awaiting the end: a task would need a thread of the global pool, which others may hold.
  private func wait<Result>(until deadline: Double, _ body: (inout State) -> Result?) -> Result? {
    while true {
      let slice = min(deadline, Monotonic.now() + 0.03)
      if let result = state.wait(until: slice, body) { return result }
      if Monotonic.now() >= deadline { return nil }
      noticeExit()
    }
  }

  private func noticeExit() {
    let child = state.read { $0.ended == nil ? $0.child : nil }
    if let exit = child?.exitIfEnded { ended(exit) }
  }

  /// Ends the process and its Runtime API.
  func end() {
    let child = state.update { state in
      if state.ended == nil {
        state.ended = .failure("Runtime.ExitError", "Error: the environment was ended", duration: 0)
        state.ended?.wasCutOff = true
      }
      return state.child
    }
    child?.kill()
    let server = server.withLock { server in
      defer { server = nil }
      return server
    }
    // Its own thread: the last connection may be the one that runs this.
    if let server { Threads.detach { server.stop(patience: 2) } }
  }

  /// Runs one event to its answer, its time limit or the end of the process.
  ///
  /// - Parameter wantsLog: whether the outcome is to carry what was printed.
  func run(_ invocation: Invocation, wantsLog: Bool) -> InvocationOutcome {
    state.update { state in
      state.answer = nil
      state.printed = []
      state.waiting = invocation
    }
    log("START RequestId: \(invocation.id) Version: \(target.version)")
    let isRunning = wait(until: Monotonic.now() + Self.startLimit) { state in
      state.running?.id == invocation.id || state.ended != nil || state.answer != nil ? true : nil
    }
    var outcome: InvocationOutcome
    if isRunning == nil {
      outcome = .failure(
        "Sandbox.Timedout",
        "RequestId: \(invocation.id) Error: the runtime did not start within "
          + "\(Self.startLimit.formatted(digits: 0)) seconds", duration: Self.startLimit * 1_000)
      end()
    } else {
      outcome = completion(of: invocation)
    }
    finish(invocation, &outcome, wantsLog: wantsLog)
    return outcome
  }

  private func completion(of invocation: Invocation) -> InvocationOutcome {
    let deadline = state.read { $0.handedOut == 0 ? Monotonic.now() : $0.handedOut } + target.timeout
    let outcome = wait(until: deadline) { state -> InvocationOutcome? in
      if let answer = state.answer { return answer }
      guard var ended = state.ended else { return nil }
      ended.duration = state.running == nil ? 0 : (Monotonic.now() - state.handedOut) * 1_000
      return ended
    }
    if let outcome { return outcome }
    let seconds = Int((target.timeout * 100).rounded())
    let text = "\(seconds / 100).\((seconds % 100).padded(to: 2))"
    add(line: "\(clock.now().iso8601) \(invocation.id) Task timed out after \(text) seconds")
    end()
    return .failure(
      "Sandbox.Timedout", "RequestId: \(invocation.id) Error: Task timed out after \(text) seconds",
      duration: target.timeout * 1_000)
  }

  /// The process is gone: who waits for it learns why.
  private func ended(_ exit: ChildProcess.Exit) {
    let reason: String
    switch exit {
    case .code(0): reason = "Runtime exited without providing a reason"
    case .code(let code): reason = "Runtime exited with error: exit status \(code)"
    case .signal(let signal):
      reason = "Runtime exited with error: signal: \(signal == 9 ? "killed" : String(signal))"
    case .timedOut: reason = "Runtime exited"
    }
    let deferred = state.update { state in
      if state.ended == nil {
        let id = state.running?.id ?? state.waiting?.id ?? "none"
        state.ended = .failure("Runtime.ExitError", "RequestId: \(id) Error: \(reason)", duration: 0)
      }
      defer { state.deferred = nil }
      return state.deferred?.lines ?? []
    }
    log(deferred)
    end()
  }
}
