internal import Core
internal import Glibc

/// Ctrl-C, a cancelled CI job, a closed terminal: hands each signal to whoever it concerns, as ``SignalCourse`` decides.
final class Interruption: Sendable {
  /// What is told to work that moves traffic.
  enum Notice: Equatable, Sendable {
    /// The first signal: the work is to stop.
    case stop(Signal)
    /// A further one, which changes nothing; so many more SIGINT end the run.
    case goOn(Signal, interruptsLeft: Int)
    /// The run ends without its work.
    case end(Signal)
  }

  private struct State {
    var course = SignalCourse()
    var isGuarded = false
    var isAsking = false
    var nextListener = 0
    var listeners: [Int: @Sendable (Notice) -> Void] = [:]
    var owner: AsyncStream<Signal>.Continuation?

    /// What a signal would find the run at.
    var work: SignalCourse.Work {
      if isAsking { return .none }
      return isGuarded ? .traffic : listeners.isEmpty ? .none : .orderly
    }
  }

  private let state = Lock(State())
  private let kill: @Sendable (ExitCode) -> Void

  /// - Parameter kill: ends the process at once, without clean-up.
  init(kill: @escaping @Sendable (ExitCode) -> Void = { _exit($0.rawValue) }) {
    self.kill = kill
  }

  /// Whether traffic is moved, or was.
  var guardsTraffic: Bool { state.withLock { $0.isGuarded } }

  /// The first signal, if there was one.
  var received: Signal? { state.withLock { $0.course.first } }

  /// From now on, and as long as the stream is read, the first signal is the reader's to act on. A signal that
  /// came before is delivered too. The second ends the run.
  func signals() -> AsyncStream<Signal> {
    let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
    let leave = listen { notice in
      if case .stop(let signal) = notice { continuation.yield(signal) }
    }
    continuation.onTermination = { _ in leave() }
    return stream
  }

  /// From now on traffic is moved, until the end of the process: nothing but a third SIGINT ends the run before its
  /// work has ended. All that happens is the reader's to act on.
  func guardingTraffic() -> AsyncStream<Notice> {
    state.withLock { $0.isGuarded = true }
    let (stream, continuation) = AsyncStream.makeStream(of: Notice.self)
    let leave = listen { continuation.yield($0) }
    continuation.onTermination = { _ in leave() }
    return stream
  }

  /// The signal that ends the run where it moves no traffic. One reader a process; without one the process ends at once.
  func endings() -> AsyncStream<Signal> {
    let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
    state.withLock { $0.owner = continuation }
    return stream
  }

  /// Runs `question`, which waits for a person: a signal then ends the run, whatever else it does.
  func asking<Answer>(_ question: () -> Answer) -> Answer {
    state.withLock { $0.isAsking = true }
    defer { state.withLock { $0.isAsking = false } }
    return question()
  }

  /// - Returns: ends the listening.
  private func listen(_ hear: @escaping @Sendable (Notice) -> Void) -> @Sendable () -> Void {
    let (listener, earlier) = state.withLock { state in
      let listener = state.nextListener
      state.nextListener += 1
      state.listeners[listener] = hear
      return (listener, state.course.first)
    }
    if let earlier { hear(.stop(earlier)) }
    return { [weak self] in self?.state.withLock { $0.listeners[listener] = nil } }
  }

  /// A signal has come in.
  func receive(_ signal: Signal) {
    let isLeft = state.withLock { state -> Bool in
      let notice: Notice
      switch state.course.receive(signal, at: state.work) {
      case .stop: notice = .stop(signal)
      case .goOn(let left): notice = .goOn(signal, interruptsLeft: left)
      case .end:
        guard state.isGuarded, !state.listeners.isEmpty else {
          guard let owner = state.owner else { return true }
          owner.yield(signal)
          return false
        }
        notice = .end(signal)
      case .kill: return true
      }
      for hear in state.listeners.values { hear(notice) }
      return false
    }
    if isLeft { kill(signal.exitCode) }
  }
}

/// What waiting for work comes to where a signal may end the run without it.
enum Awaited<Success: Sendable>: Sendable {
  /// The work has ended by itself.
  case finished(Result<Success, any Error>)
  /// The run is to end, and the work is left.
  case ended(Interruption.Signal)

  /// Waits for `work`, or for the first signal of `endings`.
  static func first(
    _ work: Task<Success, any Error>, or endings: AsyncStream<Interruption.Signal>
  ) async -> Awaited<Success> {
    let (stream, continuation) = AsyncStream.makeStream(of: Awaited<Success>.self)
    // Both may outlive this call: nobody waits for work that hangs.
    Task { continuation.yield(.finished(await work.result)) }
    let listener = Task {
      for await signal in endings { continuation.yield(.ended(signal)) }
    }
    defer { listener.cancel() }
    for await outcome in stream { return outcome }
    return .finished(await work.result)
  }
}

extension Interruption.Signal {
  /// The signal once more, after a span of real time.
  func again(after span: TimeSpan) -> AsyncStream<Interruption.Signal> {
    AsyncStream { continuation in
      Task {
        try? await SystemClock().sleep(for: span)
        continuation.yield(self)
      }
    }
  }
}

extension Interruption {
  /// Blocks the signals in this thread, and so in all that it starts, and waits for them on a thread of its own.
  ///
  /// To be called before any other thread exists. A signal that the parent had set to be ignored stays so:
  /// that is what `nohup` and a shell's `&` ask for.
  func waitForSignals() {
    let signals = Signal.allCases.filter { !Self.isIgnored($0.rawValue) }
    guard !signals.isEmpty else { return }
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal.rawValue) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let awaited = set
    Threads.detach { [self] in
      var set = awaited
      while true {
        var number: Int32 = 0
        guard sigwait(&set, &number) == 0, let signal = Signal(rawValue: number) else { continue }
        receive(signal)
      }
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
