internal import Core

/// `lamctl help [COMMAND]`.
struct HelpCommand: RunnableCommand {
  var globals = GlobalOptions()
  /// The command to explain; nil for an overview.
  var topic: String?

  static let name = "help"
  static let summary = "Explain the commands, or one of them"

  static var parameters: [Parameter<HelpCommand>] {
    [.positional("COMMAND", \.topic, "The command to explain (default: an overview of all)")]
  }

  func run(in context: Context) async throws -> ExitCode {
    let topic = try topic.map { name throws(UsageError) in try context.table.command(named: name) }
    if globals.json {
      let commands = topic.map { [$0] } ?? context.table.commands
      context.printDocument([
        "schema": .string(Self.schema), "commands": .array(commands.map { HelpText.json(of: $0) }),
      ])
    } else {
      context.output.write(Self.text(on: topic, in: context))
    }
    return .done
  }

  /// Help on one command, or the overview, as wide as the terminal but not wider than is good to read.
  static func text(on topic: (any RunnableCommand.Type)?, in context: Context) -> String {
    let columns = min(100, max(60, context.outputTerminal.size().columns))
    guard let topic else { return HelpText.overview(of: context.table.commands, columns: columns) }
    return HelpText.command(topic, columns: columns)
  }
}
