internal import Core

/// `lamctl help [COMMAND]`.
struct HelpCommand: RunnableCommand {
  var globals = GlobalOptions()
  /// The command to explain; nil for an overview.
  var topic: String?
  /// Whether the manual page is wanted.
  var man = false

  static let name = "help"
  static let summary = "Explain the commands, or one of them"

  static func operations(_: PolicyNeeds) -> [Operation] { [] }

  static var parameters: [Parameter<HelpCommand>] {
    [
      .positional("COMMAND", \.topic, "The command to explain (default: an overview of all)"),
      .flag("man", \.man, "Print the manual page lamctl(1) instead: lamctl help --man | man -l -")
        .withoutVariable(),
    ]
  }

  func run(in context: Context) async throws -> ExitCode {
    let topic = try topic.map { name throws(UsageError) in try context.table.command(named: name) }
    if globals.json {
      context.printDocument(Self.document(on: topic, in: context))
    } else if man {
      context.output.write(ManualPage.text(CommandOutline.all(context.table)))
    } else {
      context.output.write(Self.text(on: topic, in: context))
    }
    return .done
  }

  /// One command, or all of them.
  static func document(on topic: (any RunnableCommand.Type)?, in context: Context) -> JSON {
    let commands = topic.map { [$0] } ?? context.table.commands
    return ["schema": .string(Self.schema), "commands": .array(commands.map { HelpText.json(of: $0) })]
  }

  /// Help on one command, or the overview, as wide as the terminal but not wider than is good to read.
  static func text(on topic: (any RunnableCommand.Type)?, in context: Context) -> String {
    let columns = min(100, max(60, context.outputTerminal.size().columns))
    let text =
      topic.map { HelpText.command($0, columns: columns) }
      ?? HelpText.overview(of: context.table.commands, columns: columns)
    return context.outputTerminal.usesUnicode ? text : text.replacing("…", with: "...")
  }
}
