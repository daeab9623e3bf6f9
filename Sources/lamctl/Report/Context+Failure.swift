internal import Core

extension Context {
  /// Writes a failure to stderr, and where the CI system shows it at the top of the run.
  func tell(_ failure: Failure, verbose: Bool) {
    let failure = failure.spelled(spelled)
    errors.write(failure.text(verbose: verbose))
    for failure in [failure] + failure.more {
      let lines = [failure.message, failure.fix.map { "fix: \($0)" }].compactMap { $0 }
      annotate(.error, lines.joined(separator: "\n"))
    }
  }

  /// Tells of something that does not change the result.
  func warn(_ warning: String) {
    let warning = spelled(warning)
    errors.write("lamctl: \(PlainText.line(warning))\n")
    annotate(.warning, warning)
  }

  /// Has the CI system show a message at the top of the run; does nothing elsewhere.
  func annotate(_ level: LogMarkup.Level, _ message: String) {
    let markup = LogMarkup(CISystem(environment: environment))
    if let line = markup.annotation(level, message, title: "lamctl") { errors.write(line) }
  }
}
