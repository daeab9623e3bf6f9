extension Interruption {
  /// A request to stop.
  enum Signal: Int32, CaseIterable, Sendable {
    /// A closed terminal: counts as ``terminate`` with an exit code of its own.
    case hangUp = 1
    /// Ctrl-C, and the first thing that CI systems send.
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
}

/// What signals mean to a run, one after the other. Pure: signals in, decisions out.
///
/// CI systems that cancel a job send SIGINT, SIGTERM some seconds later, then kill. What moves traffic is therefore ended
/// before its time by a person only, who presses Ctrl-C again and again.
struct SignalCourse: Equatable, Sendable {
  /// What a signal finds the run at.
  enum Work: CaseIterable, Sendable {
    /// Nothing that has to come to an end: it only reads, or a question waits for an answer.
    case none
    /// What is to end in order, and may be left at any moment.
    case orderly
    /// Traffic is moved: it must not be left half-way.
    case traffic
  }

  /// What is to happen.
  enum Decision: Equatable, Sendable {
    /// The work is told to stop, and makes safe what it has in hand.
    case stop
    /// The work goes on being made safe; so many more SIGINT end the run before that.
    case goOn(interruptsLeft: Int)
    /// The run ends without its work: what is known is told.
    case end
    /// The process ends at once.
    case kill
  }

  /// Ctrl-C, pressed so often, leaves the traffic as it is. The first signal counts, whichever it is.
  static let patience = 3

  /// The first signal, if there was one.
  private(set) var first: Interruption.Signal?
  private var count = 0
  private var isEnding = false

  /// One more signal has come in.
  mutating func receive(_ signal: Interruption.Signal, at work: Work) -> Decision {
    if isEnding { return .kill }
    let isFirst = first == nil
    if isFirst { first = signal }
    if isFirst || signal == .interrupt { count += 1 }
    switch work {
    case .orderly where isFirst, .traffic where isFirst: return .stop
    case .traffic where signal != .interrupt || count < Self.patience:
      return .goOn(interruptsLeft: max(1, Self.patience - count))
    case .none, .orderly, .traffic:
      isEnding = true
      return .end
    }
  }
}
