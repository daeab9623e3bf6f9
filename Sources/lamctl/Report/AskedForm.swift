internal import Core

/// The form in which the end of a command is wanted.
struct AskedForm: Sendable {
  /// Name of the document.
  var schema: String
  /// Whether stdout is to have a document.
  var json: Bool
  /// Whether stdout is to have events.
  var eventsOnStdout: Bool
  /// Whether errors are to carry details.
  var verbose: Bool

  /// As a command that was understood asks for it.
  init(_ command: any RunnableCommand) {
    schema = type(of: command).schema
    json = command.globals.json
    eventsOnStdout = command.globals.events == "-"
    verbose = command.globals.verbose
  }

  /// For arguments that could not be understood as a whole, and those that no command sees: what can be seen of them.
  init(_ context: Context) {
    let flags = Array(context.arguments.prefix { $0 != "--" })
    let name = flags.first { word in context.table.commands.contains { $0.name == word } }
    schema = "lamctl.\(name ?? "error")/1"
    json =
      flags.contains { $0 == "--json" || $0 == "--json=true" || $0 == "--json=1" }
      || (["true", "1"].contains(context.environment["LAMCTL_JSON"])
        && !flags.contains { $0.hasPrefix("--json=") })
    let isNamed = flags.contains { $0.hasPrefix("--events=") } || flags.contains("--events")
    let isStdout =
      flags.contains("--events=-") || zip(flags, flags.dropFirst()).contains { $0 == ("--events", "-") }
      || (!isNamed && context.environment["LAMCTL_EVENTS"] == "-")
    // Who asks for both gets the document that says why not.
    eventsOnStdout = isStdout && !json
    verbose = false
  }
}
