/// What a run that moves traffic answers to a signal, in one line each. Pure.
struct SignalAnswer: Sendable {
  /// What the first signal leads to.
  enum Course: Sendable {
    /// What is on trial loses its traffic.
    case takesBack
    /// Weights and records stay for the next run.
    case leaves
    /// Nothing: what goes back goes back to the last function.
    case goesOn
  }

  let course: Course
  /// Functions whose traffic is not where it is to stay.
  let pending: Int
  /// Whether the new versions have their traffic for good already.
  var isPromoted = false

  /// Writes to aliases that Lambda takes in a second.
  private static let writesPerSecond = 15

  /// The line for the first signal.
  func first(_ signal: Interruption.Signal) -> String {
    let what =
      switch course {
      case .takesBack where pending > 0: "taking the traffic back (\(amount))"
      case .goesOn where pending > 0: "the traffic goes back to the last function (\(amount))"
      case .leaves where pending > 0: "leaving the traffic to the next run (\(functions))"
      case .takesBack where isPromoted, .leaves where isPromoted: "all is promoted, finishing what is left"
      case .takesBack: "stopping; what has been given traffic by now goes back"
      case .leaves, .goesOn: "stopping"
      }
    return "\(signal.name): \(what); Ctrl-C twice more leaves it as it is"
  }

  /// The line for a further one.
  func again(_ signal: Interruption.Signal, interruptsLeft left: Int) -> String {
    let what =
      pending > 0 && course != .leaves
      ? "the traffic is not safe yet (\(functions) to go)" : "still finishing"
    return "\(signal.name): \(what); Ctrl-C \(left == 1 ? "once" : "twice") more leaves it as it is"
  }

  private var functions: String { pending == 1 ? "1 function" : "\(pending) functions" }

  /// `4 functions, about 1 s`.
  private var amount: String {
    "\(functions), about \((pending + Self.writesPerSecond - 1) / Self.writesPerSecond) s"
  }
}
