/// What the process tells its caller.
enum ExitCode: Int32, CaseIterable, Sendable {
  /// Done, or nothing to do.
  case done = 0
  /// Failed; users' traffic is where it was before.
  case failed = 1
  /// `plan --detailed-exitcode`: there are changes; `triggers --check`: something is not as it is wanted.
  case changes = 2
  /// Rolled back: the release was bad.
  case rolledBack = 10
  /// Needs a person, or no verdict was possible.
  case held = 11
  /// Another run owns the alias; nothing was touched.
  case busy = 12
  /// A smoke test, hook or gate failed before any traffic.
  case gateFailed = 13
  /// Part of the functions failed.
  case partial = 14
  /// Wrong usage.
  case usage = 64
  /// Invalid configuration.
  case config = 65
  /// No credentials, or not permitted.
  case permission = 77
  /// SIGHUP, after the traffic was made safe.
  case hungUp = 129
  /// SIGINT, after the traffic was made safe.
  case interrupted = 130
  /// SIGTERM, after the traffic was made safe.
  case terminated = 143
}

extension ExitCode {
  /// What it means, for the manual page and the documents.
  var meaning: String {
    switch self {
    case .done: "Done, or nothing to do."
    case .failed: "Failed; users' traffic is where it was before."
    case .changes: "There are differences, where a command was asked to tell so by its code."
    case .rolledBack: "Rolled back: the release was bad, or a person took a part of it."
    case .held: "Held: needs a person, or no verdict was possible."
    case .busy: "Another run owns the alias and nothing was touched, or it has taken this run's rollout over."
    case .gateFailed: "A smoke test, hook or gate failed before any traffic."
    case .partial: "Part of the functions failed; each is named, with what serves."
    case .usage: "Wrong usage."
    case .config: "Invalid configuration."
    case .permission: "No credentials, or not permitted."
    case .hungUp: "SIGHUP, after the traffic was made safe."
    case .interrupted: "SIGINT, after the traffic was made safe."
    case .terminated: "SIGTERM, after the traffic was made safe."
    }
  }
}
