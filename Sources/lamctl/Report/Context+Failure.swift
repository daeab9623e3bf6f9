internal import Core

extension Context {
  /// Writes a failure to stderr, and where the CI system shows it at the top of the run.
  func tell(_ failure: Failure, verbose: Bool) {
    let failure = failure.spelled(spelled)
    tell(failure.text(verbose: verbose))
    for failure in [failure] + failure.more {
      let lines = [failure.message, failure.fix.map { "fix: \($0)" }].compactMap { $0 }
      annotate(.error, lines.joined(separator: "\n"))
    }
  }

  /// Tells of something that does not change the result.
  func warn(_ warning: String) {
    let warning = spelled(warning)
    remark(warning)
    annotate(.warning, warning)
  }

  /// Has the CI system show a message at the top of the run; does nothing elsewhere.
  func annotate(_ level: LogMarkup.Level, _ message: String) {
    let markup = LogMarkup(CISystem(environment: environment))
    let isRehearsal = isRehearsal.withLock { $0 }
    let message = isRehearsal ? "Rehearsal on this machine, not AWS: \(message)" : message
    if let line = markup.annotation(level, message, title: isRehearsal ? "lamctl rehearsal" : "lamctl") {
      errors.write(line)
    }
  }
}
