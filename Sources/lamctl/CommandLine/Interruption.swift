internal import Core
internal import Glibc

/// Ctrl-C, a cancelled CI job, a closed terminal.
///
/// The first signal goes to whoever listens, so that traffic can be made safe; when nobody does, it ends the process.
/// A second one ends the process at once.
final class Interruption: Sendable {
  /// A request to stop.
  enum Signal: Int32, CaseIterable, Sendable {
    case hangUp = 1
    case interrupt = 2
    case terminate = 15

    /// As the manual pages name it.
    var name: String {
      switch self {
      case .hangUp: "SIGHUP"
      case .interrupt: "SIGINT"
      case .terminate: "SIGTERM"
      }
    }

    /// 128 and the number, as shells count.
    var exitCode: ExitCode {
      switch self {
      case .hangUp: .hungUp
      case .interrupt: .interrupted
      case .terminate: .terminated
      }
    }
  }

  private struct State {
    var first: Signal?
    var nextListener = 0
    var listeners: [Int: AsyncStream<Signal>.Continuation] = [:]
  }

  private let state = Lock(State())
  private let exit: @Sendable (ExitCode) -> Void

  /// - Parameter exit: ends the process at once, without clean-up.
  init(exit: @escaping @Sendable (ExitCode) -> Void = { _exit($0.rawValue) }) {
    self.exit = exit
  }

  /// The first signal, if there was one.
  var received: Signal? { state.withLock { $0.first } }

  /// From now on, and as long as the stream is read, the first signal is the reader's to act on. A signal that
  /// came before is delivered too.
  func signals() -> AsyncStream<Signal> {
    let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
    let (listener, earlier) = state.withLock { state in
      let listener = state.nextListener
      state.nextListener += 1
      state.listeners[listener] = continuation
      return (listener, state.first)
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { state in state.listeners[listener] = nil }
    }
    if let earlier { continuation.yield(earlier) }
    return stream
  }

  /// A signal has come in.
  func receive(_ signal: Signal) {
    let listeners = state.withLock { state -> [AsyncStream<Signal>.Continuation] in
      guard state.first == nil else { return [] }
      state.first = signal
      return Array(state.listeners.values)
    }
    guard !listeners.isEmpty else { return exit(signal.exitCode) }
    for listener in listeners { listener.yield(signal) }
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
