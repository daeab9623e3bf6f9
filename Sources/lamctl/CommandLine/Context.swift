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
  /// Where `--events` goes; nil without it.
  var events: EventStream?
  /// What the commands of the way on are told; learns as the command goes on.
  let way = Lock(NextCommand())
  /// What the command came to, for the last event.
  let ending = Lock(CommandEnding())
  /// Whether the endpoint that the command works with is on this machine: what it tells is no news of AWS.
  let isRehearsal = Lock(false)
  /// Whether the one document of `--json` has been printed.
  private let hasDocument = Lock(false)
}

extension Context {
  /// The widest that a table may get: a terminal's lines must not wrap, and a pipe gets all of it.
  var tableLimit: Int? { outputTerminal.isLive ? outputTerminal.size().columns : nil }

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
  ///
  /// Every document has `schema`, `exitCode` and `error`.
  ///
  /// - Parameter exitCode: what the process ends with, where the document does not say it itself.
  func printDocument(_ document: JSON, exitCode: ExitCode = .done) {
    guard takesDocument() else { return }
    output.write(complete(document, exitCode: exitCode).text(.pretty) + "\n", as: .document)
  }

  /// Takes the place of the one document, for a command that prints a line of JSON for each of many looks.
  ///
  /// - Returns: whether it was free.
  @discardableResult
  func takesDocument() -> Bool {
    hasDocument.withLock { hasDocument in
      defer { hasDocument = true }
      return !hasDocument
    }
  }

  /// `document` with the members that every document has, the one that tells of a rehearsal, and its commands as they have
  /// to be typed.
  func complete(_ document: JSON, exitCode: ExitCode) -> JSON {
    let given = document.object ?? JSONObject()
    var members = JSONObject([
      ("schema", given["schema"] ?? .null), ("exitCode", .int(Int(exitCode.rawValue))),
    ])
    for (key, value) in given.members { members[key] = value }
    if members["error"] == nil { members["error"] = JSON.null }
    if isRehearsal.withLock({ $0 }) { members["rehearsal"] = true }
    return JSON.object(members).spelling(speller)
  }
}
