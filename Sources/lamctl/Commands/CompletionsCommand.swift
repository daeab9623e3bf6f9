internal import Core
internal import Packager

/// Options of `lamctl completions`.
struct CompletionsCommand: Command {
  var globals = GlobalOptions()
  var shell: CompletionScript.Shell?
  /// What the scripts ask for; nil for a script.
  var words: Words?

  /// Words that only the repository knows.
  enum Words: String, ChoiceValue {
    case commands, environments, functions
  }

  static let name = "completions"
  static let summary = "Print the script that completes lamctl's words in bash, zsh or fish"

  static func operations(_: PolicyNeeds) -> [Operation] { [] }

  static var parameters: [Parameter<CompletionsCommand>] {
    [
      .positional("SHELL", \.shell, "bash, zsh or fish"),
      .option(
        "words", Words.words, \.words, "Print the words of the repository here instead, as the scripts ask"
      ).withoutVariable(),
    ]
  }

  static let examples = [
    Example("lamctl completions bash > /etc/bash_completion.d/lamctl", "For everybody on this machine"),
    Example("lamctl completions fish > ~/.config/fish/completions/lamctl.fish", "For you"),
  ]

  func validate() throws(UsageError) {
    guard (shell == nil) == (words == nil) else { return }
    throw UsageError(
      message: shell == nil ? "no shell is named" : "a script and words cannot both be printed",
      fix: "write for example lamctl completions bash")
  }
}

extension CompletionsCommand: RunnableCommand {
  /// Prints a script, or words.
  func run(in context: Context) async throws -> ExitCode {
    if let words {
      let found = Self.found(words, globals, in: context)
      if globals.json {
        context.printDocument([
          "schema": .string(Self.schema), "words": .array(found.map(JSON.string)),
        ])
      } else {
        context.output.write(found.map { "\(PlainText.line($0))\n" }.joined())
      }
      return .done
    }
    guard let shell else { throw Failure(.usage, "no shell is named") }
    let script = CompletionScript.text(for: shell, commands: CommandOutline.all(context.table))
    if globals.json {
      context.printDocument([
        "schema": .string(Self.schema), "shell": .string(shell.rawValue), "script": .string(script),
      ])
    } else {
      context.output.write(script)
    }
    return .done
  }

  /// A repository that cannot be read has no words: a shell has nowhere to show why.
  private static func found(_ words: Words, _ globals: GlobalOptions, in context: Context) -> [String] {
    if words == .commands { return context.table.commands.map { $0.name } }
    guard
      let workspace = try? Workspace.read(
        root: context.folder, configPath: globals.config, environment: context.environment,
        secrets: context.secrets)
    else { return [] }
    if words == .environments { return workspace.config.environmentNames }
    return ((try? workspace.discoverWithPassedOver().functions) ?? []).map(\.name)
  }
}
