internal import Core

/// The world that a command sees, handed in so that tests can make their own.
struct Context: Sendable {
  /// The arguments after the program's name.
  var arguments: [String]
  /// The environment variables.
  var environment: [String: String]
  /// The folder that relative paths start from.
  var folder: String
  /// The result, and nothing else.
  var output: Output
  /// Progress and errors.
  var errors: Output
  /// What stdout can show.
  var outputTerminal: Terminal
  /// What stderr can show.
  var errorTerminal: Terminal
  /// The pace of everything that waits.
  var clock: any WallClock
  /// A line that a person types; nil where nobody sits at a terminal.
  var answer: @Sendable () -> String? = { nil }
  /// Ctrl-C and its like.
  var interruption: Interruption
  /// The commands that the tool offers.
  var table: CommandTable
  /// What must not be shown; learns as the command goes on.
  var secrets = Secrets()
  /// Whether the one document of `--json` has been printed.
  private(set) var hasDocument = Lock(false)
}

extension Context {
  /// Asks a question; everything but a clear yes is a no.
  func asks(_ question: String) -> Bool {
    guard errorTerminal.isLive else { return false }
    errors.write("\(question) [y/N] ")
    guard let answer = interruption.asking(answer) else {
      errors.write("\n")
      return false
    }
    return ["y", "yes"].contains(answer.lowercased())
  }

  /// Prints the one JSON document of `--json`; a second one, of a run that is ended while it prints, is dropped.
  func printDocument(_ document: JSON) {
    let isFirst = hasDocument.withLock { hasDocument in
      defer { hasDocument = true }
      return !hasDocument
    }
    if isFirst { output.write(document.text(.pretty) + "\n") }
  }
}
