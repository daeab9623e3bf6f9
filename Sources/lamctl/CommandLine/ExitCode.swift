/// What the process tells its caller.
enum ExitCode: Int32, Sendable {
  /// Done, or nothing to do.
  case done = 0
  /// Failed; users' traffic is where it was before.
  case failed = 1
  /// `plan --detailed-exitcode`: there are changes.
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
