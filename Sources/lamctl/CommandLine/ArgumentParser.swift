internal import Core

/// What a command line asks for, once the command is known.
enum ParsedArguments<Options: Command>: Equatable {
  /// The command with its options.
  case command(Options)
  /// `-h` or `--help` stands among the options.
  case help
  /// `--version` does.
  case version
}

/// Reads the arguments and variables of one command into its value.
struct ArgumentParser<Options: Command> {
  private let parameters = Options.allParameters
  private var options = Options()
  /// What was given so far: name to the words that gave it.
  private var given: [String: String] = [:]

  /// Reads `arguments`, then the `LAMCTL_*` variables of options that were not among them.
  ///
  /// - Throws: ``UsageError`` naming the argument or the variable that is wrong.
  static func parse(
    _ arguments: [String], environment: [String: String]
  ) throws(UsageError) -> ParsedArguments<Options> {
    let flags = arguments.prefix { $0 != "--" }
    if flags.contains("--help") || flags.contains("-h") { return .help }
    // A command may mean a function's version by it.
    if flags.contains("--version"), !Options.allParameters.contains(where: { $0.name == "version" }) {
      return .version
    }
    var parser = ArgumentParser()
    try parser.read(arguments)
    try parser.read(environment)
    try parser.options.globals.validate()
    try parser.options.validate()
    return .command(parser.options)
  }

  private mutating func read(_ arguments: [String]) throws(UsageError) {
    var positionals = parameters.filter { $0.form == .positional }[...]
    var rest = arguments[...]
    var optionsEnded = false
    while let argument = rest.popFirst() {
      if argument == "--", !optionsEnded {
        optionsEnded = true
      } else if !optionsEnded, argument.hasPrefix("-"), argument != "-" {
        try readOption(argument, rest: &rest)
      } else {
        guard let positional = positionals.popFirst() else { throw unexpected(argument) }
        try apply(positional, argument, from: positional.name)
      }
    }
  }

  private mutating func readOption(
    _ argument: String, rest: inout ArraySlice<String>
  ) throws(UsageError) {
    let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    guard let parameter = parameters.first(where: { $0.form != .positional && $0.spelling == halves[0] })
    else {
      throw unknown(halves[0])
    }
    if given[parameter.name] != nil, !parameter.repeats, parameter.form != .flag {
      throw UsageError(message: "'\(parameter.spelling)' is given twice", fix: "give it once")
    }
    if parameter.form == .flag {
      return try apply(parameter, halves.count == 2 ? halves[1] : "true", from: parameter.spelling)
    }
    if halves.count == 2 { return try apply(parameter, halves[1], from: parameter.spelling) }
    guard let value = rest.first, !value.hasPrefix("--") else {
      throw UsageError(message: "'\(parameter.spelling)' needs a value", fix: "write \(parameter.synopsis)")
    }
    rest.removeFirst()
    try apply(parameter, value, from: parameter.spelling)
  }

  private mutating func read(_ environment: [String: String]) throws(UsageError) {
    let excluded = Set(parameters.filter { given[$0.name] != nil }.compactMap(\.exclusion))
    for parameter in parameters where given[parameter.name] == nil {
      // An empty variable counts as unset: that is how CI systems hand over a setting that nobody made.
      guard let variable = parameter.variable, let text = environment[variable], !text.isEmpty else {
        continue
      }
      if let exclusion = parameter.exclusion, excluded.contains(exclusion) { continue }
      for value in parameter.repeats ? Self.list(text) : [text] {
        try apply(parameter, value, from: variable)
      }
    }
  }

  private mutating func apply(
    _ parameter: Parameter<Options>, _ text: String, from source: String
  ) throws(UsageError) {
    var text = text
    if parameter.form == .flag {
      guard let isOn = Self.boolean(text) else {
        throw UsageError(message: "\(source): '\(text)' is none of: true, false, 1, 0")
      }
      text = String(isOn)
      guard isOn || parameter.exclusion == nil else { return }
    }
    if let exclusion = parameter.exclusion,
      let other = parameters.first(where: {
        $0.exclusion == exclusion && $0.name != parameter.name && given[$0.name] != nil
      })
    {
      let first = given[other.name] ?? other.spelling
      throw UsageError(
        message: "'\(first)' and '\(source)' exclude one another", fix: "give only one of them")
    }
    do throws(ValueError) {
      try parameter.apply(&options, text)
    } catch {
      throw UsageError(message: "\(source): \(error.sentence)")
    }
    given[parameter.name] = source
  }

  private func unknown(_ option: String) -> UsageError {
    let known = parameters.filter { $0.form != .positional }.map(\.spelling) + ["--help", "--version"]
    // `-region` is meant as `--region`: the missing dash should not count against the likeness.
    let word = option.hasPrefix("--") ? option : "-" + option
    let nearest = Suggestion.nearest(to: word, in: known)
    return UsageError(
      message: "unknown option '\(option)' of \(Options.name)",
      fix: nearest.map { "did you mean '\($0)'?" } ?? "'lamctl help \(Options.name)' lists the options")
  }

  private func unexpected(_ argument: String) -> UsageError {
    let known = parameters.filter { $0.form != .positional }.map(\.spelling)
    let option = argument.hasPrefix("-") ? nil : Suggestion.nearest(to: "--" + argument, in: known)
    return UsageError(
      message: "unexpected argument '\(argument)' of \(Options.name)",
      fix: option.map { "did you mean '\($0)'?" } ?? "usage: \(HelpText.usage(of: Options.self))")
  }

  private static func boolean(_ text: String) -> Bool? {
    switch text {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }

  /// The values of a repeatable option in one variable: separated by commas, but those inside `{a,b}` of a glob.
  private static func list(_ text: String) -> [String] {
    var values = [""]
    var depth = 0
    for character in text {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if character == ",", depth <= 0 {
        values.append("")
      } else {
        values[values.count - 1].append(character)
      }
    }
    return values.map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
  }
}
