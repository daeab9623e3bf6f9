internal import Core

/// What the whole command line asks for.
enum Request: Sendable {
  /// A command to run.
  case run(any RunnableCommand)
  /// Help on one command, or on all when nil.
  case help((any RunnableCommand.Type)?)
  /// The version in one line.
  case version
}

/// The commands that the tool offers, in the order of its help.
struct CommandTable: Sendable {
  let commands: [any RunnableCommand.Type]

  /// The command called `name`.
  ///
  /// - Throws: ``UsageError`` with the nearest known name.
  func command(named name: String) throws(UsageError) -> any RunnableCommand.Type {
    if let command = commands.first(where: { $0.name == name }) { return command }
    let nearest = Suggestion.nearest(to: name, in: commands.map { $0.name })
    throw UsageError(
      message: "unknown command '\(name)'",
      fix: nearest.map { "did you mean '\($0)'?" } ?? "'lamctl help' lists the commands")
  }

  /// Understands the arguments after the program's name. Options that every command takes may also stand before it.
  ///
  /// - Throws: ``UsageError``.
  func request(_ arguments: [String], environment: [String: String]) throws(UsageError) -> Request {
    var leading: [String] = []
    var rest = arguments[...]
    while let argument = rest.first, argument.hasPrefix("-") {
      rest.removeFirst()
      if argument == "-h" || argument == "--help" { return .help(nil) }
      if argument == "--version" { return .version }
      leading.append(argument)
      if try takesNext(argument), let value = rest.popFirst() { leading.append(value) }
    }
    guard let name = rest.popFirst() else {
      guard leading.isEmpty else {
        throw UsageError(message: "no command is given", fix: "'lamctl help' lists the commands")
      }
      return .help(nil)
    }
    return try request(command(named: name), leading + rest, environment)
  }

  private func request<Options: RunnableCommand>(
    _ type: Options.Type, _ arguments: [String], _ environment: [String: String]
  ) throws(UsageError) -> Request {
    switch try ArgumentParser<Options>.parse(arguments, environment: environment) {
    case .help: return .help(type)
    case .version: return .version
    case .command(let help as HelpCommand):
      guard let topic = help.topic else { return .run(help) }
      _ = try command(named: topic)
      return .run(help)
    case .command(let command): return .run(command)
    }
  }

  /// Whether an option before the command takes the next argument as its value.
  private func takesNext(_ argument: String) throws(UsageError) -> Bool {
    let spelling = argument.prefix { $0 != "=" }
    guard let parameter = GlobalOptions.parameters.first(where: { $0.spelling == spelling }) else {
      let nearest = Suggestion.nearest(to: String(spelling), in: GlobalOptions.parameters.map(\.spelling))
      throw UsageError(
        message: "unknown option '\(spelling)' before a command",
        fix: nearest.map { "did you mean '\($0)'?" } ?? "write the options of a command after its name")
    }
    return parameter.form != .flag && spelling.count == argument.count
  }
}
