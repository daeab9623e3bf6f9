internal import Core

/// A command as its declarations tell it, for completions, the manual page and help as JSON.
struct CommandOutline: Sendable {
  let name: String
  let summary: String
  let usage: String
  let parameters: [ParameterOutline]
  let examples: [Example]

  init<Options: Command>(_ type: Options.Type) {
    name = type.name
    summary = type.summary
    usage = HelpText.usage(of: type)
    parameters = type.allParameters.map(ParameterOutline.init)
    examples = type.examples
  }

  /// All of a table, in its order.
  static func all(_ table: CommandTable) -> [CommandOutline] {
    table.commands.map { CommandOutline($0) }
  }

  /// The options and flags, without the bare words.
  var options: [ParameterOutline] { parameters.filter { $0.form != .positional } }

  /// The bare words in their order.
  var positionals: [ParameterOutline] { parameters.filter { $0.form == .positional } }
}

/// One parameter of a ``CommandOutline``.
struct ParameterOutline: Equatable, Sendable {
  let form: ParameterForm
  /// `--canary`, `ENVIRONMENT`.
  let spelling: String
  /// `--canary W[:T]`.
  let synopsis: String
  let help: String
  let section: String
  let choices: [String]
  let repeats: Bool
  let variable: String?

  init<Root>(_ parameter: Parameter<Root>) {
    form = parameter.form
    spelling = parameter.spelling
    synopsis = parameter.synopsis
    help = parameter.help
    section = parameter.section
    choices = parameter.choices
    repeats = parameter.repeats
    variable = parameter.variable
  }

  /// What the words after it are.
  var kind: Kind {
    let placeholder = if case .option(let text) = form { text } else { spelling }
    if !choices.isEmpty { return .words(choices) }
    switch (form, spelling) {
    case (.flag, _): return .nothing
    case (.positional, "ENVIRONMENT"): return .names("environments")
    case (.positional, "FUNCTION"), (_, "--only"): return .names("functions")
    case (.positional, "COMMAND"): return .names("commands")
    default: break
    }
    let isFile = ["FILE", "DIR"].contains { placeholder.contains($0) }
    return isFile ? .files : .anything
  }

  /// How a shell completes a word.
  enum Kind: Equatable, Sendable {
    /// A flag takes none.
    case nothing
    /// One of these.
    case words([String])
    /// What `lamctl completions --words KIND` prints.
    case names(String)
    /// Files and folders.
    case files
    /// What nobody can know.
    case anything
  }
}
