internal import Core

/// Help, generated from the same lists that parse.
enum HelpText {
  /// The line that shows how a command is written: `lamctl deploy [ENVIRONMENT] [options]`.
  static func usage<Options: Command>(of type: Options.Type) -> String {
    let positionals = type.parameters.filter { $0.form == .positional }.map { " [\($0.name)]" }
    return "lamctl \(type.name)\(positionals.joined()) [options]"
  }

  /// All that can be said about one command, for a terminal of `columns` cells.
  static func command<Options: Command>(_ type: Options.Type, columns: Int) -> String {
    var lines = wrapped("lamctl \(type.name): \(type.summary)", columns: columns)
    lines += ["", "Usage: \(usage(of: type))"]
    let parameters = type.allParameters
    let widest = width(of: parameters.map(\.synopsis))
    var sections: [String] = []
    for parameter in parameters where !sections.contains(parameter.section) {
      sections.append(parameter.section)
    }
    for section in sections {
      var entries = parameters.filter { $0.section == section }.map { ($0.synopsis, description(of: $0)) }
      if section == sections.last {
        entries.append(("-h, --help", "This help"))
        if !parameters.contains(where: { $0.name == "version" }) {
          entries.append(("--version", "The version of lamctl"))
        }
      }
      lines += ["", "\(section):"] + list(entries, width: widest, columns: columns)
    }
    if !type.examples.isEmpty {
      lines +=
        ["", "Examples:"]
        + type.examples.flatMap { example in
          ["  " + example.line] + wrapped(example.does, columns: columns - 6).map { "      " + $0 }
        }
    }
    lines.append("")
    let without = type.allParameters.filter { $0.form != .positional && !$0.takesVariable }.map(\.spelling)
    lines += wrapped(
      "Every option but \(listed(without)) has an environment variable, such as LAMCTL_REGION for --region; "
        + "options win. A variable of a flag takes true, false, 1 or 0; values that add up are separated by commas.",
      columns: columns)
    return lines.joined(separator: "\n") + "\n"
  }

  /// `a`, `a and b`, `a, b and c`.
  private static func listed(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }

  /// What the tool does and its commands.
  static func overview(of commands: [any Command.Type], columns: Int) -> String {
    var lines = wrapped(
      "lamctl releases AWS Lambda functions from a monorepo: it builds what changed, shifts an alias step by "
        + "step, watches, and takes the traffic back when the new version is worse.",
      columns: columns)
    lines += ["", "Usage: lamctl COMMAND [ENVIRONMENT] [options]", "", "Commands:"]
    let names = commands.map { $0.name }
    lines += list(commands.map { ($0.name, $0.summary) }, width: width(of: names), columns: columns)
    lines += ["", "'lamctl help COMMAND' explains a command and its options."]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func description<Root>(of parameter: Parameter<Root>) -> String {
    parameter.repeats ? parameter.help + "; repeatable" : parameter.help
  }

  /// The cells of the longest term that still stands beside its explanation.
  private static func width(of terms: [String]) -> Int {
    terms.map { Cells.width($0) }.filter { $0 <= 24 }.max() ?? 0
  }

  /// Terms with their explanations beside them; a term that is too long for that has a line of its own.
  private static func list(_ entries: [(term: String, text: String)], width: Int, columns: Int) -> [String] {
    let indent = String(repeating: " ", count: width + 4)
    return entries.flatMap { term, text in
      var lines = wrapped(text, columns: columns - indent.count).map { indent + $0 }
      if Cells.width(term) <= width {
        lines[0] = "  " + Cells.padded(term, to: width) + "  " + lines[0].dropFirst(indent.count)
      } else {
        lines.insert("  " + term, at: 0)
      }
      return lines
    }
  }

  /// The words of `text` in lines of at most `columns` cells; a longer word stands alone. Never empty.
  static func wrapped(_ text: String, columns: Int) -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if Cells.width(line) + 1 + Cells.width(word) <= columns {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension HelpText {
  /// One command for a program to read.
  static func json<Options: Command>(of type: Options.Type) -> JSON {
    let parameters = type.allParameters.map { parameter -> JSON in
      [
        "name": .string(parameter.spelling), "synopsis": .string(parameter.synopsis),
        "help": .string(parameter.help), "variable": .optional(parameter.variable),
        "choices": .array(parameter.choices.map { .string($0) }), "repeats": .bool(parameter.repeats),
      ]
    }
    return [
      "name": .string(type.name), "summary": .string(type.summary), "usage": .string(usage(of: type)),
      "parameters": .array(parameters),
    ]
  }
}
