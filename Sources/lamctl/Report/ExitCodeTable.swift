/// What the exit code of a command that may move traffic depends on, and nothing else.
struct RunEnding: Hashable, Sendable {
  /// What serves at the end, seen over all functions that the run had to do with.
  enum Serving: Hashable, CaseIterable, Sendable {
    /// What served before: no traffic was moved.
    case nothingMoved
    /// What served before: traffic was moved, and came back for a reason that says nothing about the release.
    case asBefore
    /// The new versions, with all traffic, promoted.
    case everythingNew
    /// The stable versions again: the release was bad, or a person took a part of it, which is as the person left it.
    case allBack
    /// Both, or the new versions in a bake that is not over: record and lease say what.
    case underWay
    /// What another run makes of it, which owns the aliases or has taken them over.
    case anotherRun
    /// Some functions otherwise than the others.
    case mixed
  }

  /// What kind of error it ended with.
  enum Cause: Hashable, CaseIterable, Sendable {
    /// What only tells of the release or tidies up after it: a record, a schedule, pruning, a hook after the traffic.
    case bookkeeping
    /// A trigger that could not be set.
    case edge
    /// No credentials, or not permitted.
    case permission
    /// Options that do not go together with what is there.
    case usage
    /// The configuration names something that does not exist.
    case configuration
    /// A gate, a smoke test or a hook before the traffic.
    case gate
    /// Anything else.
    case other
  }

  var serving: Serving
  /// Nil where nothing went wrong.
  var cause: Cause?
  /// The signal that ended the run before its time; nil where there was none, or where it changed nothing.
  var signal: Interruption.Signal?
  /// Whether the command did what was asked where that is not to have everything promoted: `rollback`, `abort`,
  /// `--detach`, a `tick` that goes on, and a signal's policy.
  var didAsAsked = false
}

extension RunEnding {
  /// What the process ends with: the first row that fits wins.
  var exitCode: ExitCode {
    if let signal, isSafe { return signal.exitCode }
    if signal == nil, didAsAsked, cause == nil || cause == .bookkeeping { return .done }
    switch serving {
    case .nothingMoved where cause == .permission: return .permission
    case .nothingMoved where cause == .usage: return .usage
    case .nothingMoved where cause == .configuration: return .config
    case .nothingMoved, .asBefore: return codeAsBefore
    // Once everything is promoted, whatever else failed the next run finishes: a warning.
    case .everythingNew: return cause == .edge ? .partial : .done
    case .allBack: return .rolledBack
    case .underWay: return .held
    case .anotherRun: return .busy
    case .mixed: return .partial
    }
  }

  /// Whether the signal found, or left, the traffic where it may stay without anybody.
  private var isSafe: Bool {
    switch serving {
    case .nothingMoved, .asBefore, .allBack: true
    // The policy `leave`: the next run goes on from the record. Else it could not be taken back.
    case .underWay: didAsAsked
    // Too late to be the reason.
    case .everythingNew, .anotherRun, .mixed: false
    }
  }

  private var codeAsBefore: ExitCode {
    switch cause {
    case nil, .bookkeeping: .done
    case .gate: .gateFailed
    case .edge: .partial
    case .permission, .usage, .configuration, .other: .failed
    }
  }
}
