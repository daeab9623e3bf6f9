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
  /// Ctrl-C and its like.
  var interruption: Interruption
  /// The commands that the tool offers.
  var table: CommandTable
}

extension Context {
  /// Prints the one JSON document of `--json`.
  func printDocument(_ document: JSON) {
    output.write(document.text(.pretty) + "\n")
  }
}
