internal import Core

/// The manual page `lamctl(1)`, made of the declarations that parse.
enum ManualPage {
  /// The page in the notation of man(7).
  static func text(_ commands: [CommandOutline]) -> String {
    var lines = [
      ".\\\" Made by lamctl help --man",
      ".TH LAMCTL 1 \"\" \"lamctl \(escaped(Build.version))\" \"User Commands\"",
      ".SH NAME", "lamctl \\- release AWS Lambda functions from a monorepo, and take them back",
      ".SH SYNOPSIS", ".B lamctl", ".I COMMAND", "[\\fIENVIRONMENT\\fR] [\\fIoptions\\fR]", ".SH DESCRIPTION",
      escaped(
        "lamctl builds what changed, shifts an alias step by step, watches, and takes the traffic back when the new version is worse."
      ), ".SH COMMANDS",
    ]
    let shared = Set(commands.first?.parameters.filter { $0.section == "Everywhere" }.map(\.spelling) ?? [])
    for command in commands {
      lines += [
        ".SS \"\(escaped(command.usage).replacing("\"", with: "\\(dq"))\"", escaped(command.summary) + ".",
      ]
      lines += command.parameters.filter { !shared.contains($0.spelling) }.flatMap(entry)
      for example in command.examples {
        lines += [
          ".PP", escaped(example.does) + ":", ".PP", ".RS 4", ".nf", escaped(example.line), ".fi", ".RE",
        ]
      }
    }
    lines.append(".SH OPTIONS OF EVERY COMMAND")
    lines += commands.first.map { $0.parameters.filter { shared.contains($0.spelling) }.flatMap(entry) } ?? []
    lines += [".TP", "\\fB\\-h\\fR, \\fB\\-\\-help\\fR", "Help on the command."]
    lines += [".TP", "\\fB\\-\\-version\\fR", "The version of lamctl."]
    lines += [
      ".SH ENVIRONMENT",
      escaped(
        "Every option has a variable, such as LAMCTL_REGION for --region, but for those that the end of its command's help names, "
          + "such as --summary and --outputs; options win. A variable of a flag takes true, false, 1 or 0; "
          + "values that add up are separated by commas. AWS's own variables are read as the AWS CLI reads them. "
          + "NO_COLOR, CLICOLOR_FORCE, TERM, COLUMNS and the locale decide how things look."),
      ".SH EXIT STATUS",
    ]
    for code in ExitCode.allCases { lines += [".TP", ".B \(code.rawValue)", escaped(code.meaning)] }
    lines += [
      ".SH FILES", ".TP", ".I lamctl.json", "The configuration; found in the working folder or above.", ".TP",
      ".I function.json", "The settings of one function, in its folder.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func entry(_ parameter: ParameterOutline) -> [String] {
    let words = parameter.synopsis.split(separator: " ", maxSplits: 1).map { escaped(String($0)) }
    let term =
      parameter.form == .positional
      ? "\\fI\(words[0])\\fR" : "\\fB\(words[0])\\fR" + (words.count > 1 ? " \\fI\(words[1])\\fR" : "")
    return [".TP", term, escaped(parameter.help) + (parameter.repeats ? "; repeatable." : ".")]
  }

  /// Text that roff shows as it is: a backslash and a dash mean something, and so do a dot and a quote that begin a line.
  static func escaped(_ text: String) -> String {
    let plain = text.map { character in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      case "\n", "\r": " "
      default: String(character)
      }
    }.joined()
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
