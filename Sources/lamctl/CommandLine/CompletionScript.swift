internal import Core

/// Completion for a shell, made of the declarations that parse.
enum CompletionScript {
  /// A shell that completions are written for.
  enum Shell: String, ChoiceValue {
    case bash, zsh, fish
  }

  /// The script for `shell`.
  static func text(for shell: Shell, commands: [CommandOutline]) -> String {
    switch shell {
    case .bash: bash(commands)
    case .zsh: zsh(commands)
    case .fish: fish(commands)
    }
  }

  /// `text` as one word of a POSIX shell.
  static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

  private static func bash(_ commands: [CommandOutline]) -> String {
    var lines = [
      "# lamctl completions bash", "# Load it: source <(lamctl completions bash)", "", "_lamctl() {",
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" command= at=0 i",
      "  # bash takes '=' for a word of its own: --name=VALUE are three.",
      "  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=\"${COMP_WORDS[COMP_CWORD-2]}\"; fi",
      "  for ((i = 1; i < COMP_CWORD; i++)); do",
      "    case \"${COMP_WORDS[i]}\" in",
      "      -*|=) ;;",
      "      *) if [[ -z $command ]]; then command=\"${COMP_WORDS[i]}\"; at=$i; fi ;;",
      "    esac", "  done", "  COMPREPLY=()", "  if [[ -z $command ]]; then",
      "    COMPREPLY=($(compgen -W \(quoted((commands.map(\.name) + ["--help", "--version"]).joined(separator: " "))) -- \"$word\"))",
      "    return", "  fi", "  case \"$command\" in",
    ]
    for command in commands { lines += bash(command) }
    lines += [
      "  esac", "}", "", "_lamctl_names() {", "  lamctl completions --words \"$1\" 2>/dev/null", "}", "",
      "# The words among `at` and the cursor that are no option, nor the value of one.",
      "_lamctl_place() {", "  local values=\" $1 \" at=$2 count=0 i skip=",
      "  for ((i = at + 1; i < COMP_CWORD; i++)); do",
      "    if [[ -n $skip ]]; then skip=; continue; fi", "    case \"${COMP_WORDS[i]}\" in",
      "      -*) [[ $values == *\" ${COMP_WORDS[i]} \"* && ${COMP_WORDS[i+1]} != = ]] && skip=1 ;;",
      "      =) skip=1 ;;", "      *) count=$((count + 1)) ;;", "    esac", "  done", "  echo $count", "}",
      "",
      "complete -F _lamctl lamctl",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func bash(_ command: CommandOutline) -> [String] {
    var lines = ["    \(command.name))", "      case \"$before\" in"]
    for option in command.options {
      guard let reply = bashReply(option.kind) else { continue }
      lines.append("        \(option.spelling)) \(reply); return ;;")
    }
    let takers = command.options.filter { $0.kind != .nothing }.map(\.spelling)
    let names = command.options.map(\.spelling).filter { $0 != "--version" } + ["--help", "--version"]
    lines += [
      "      esac", "      if [[ $word == -* ]]; then",
      "        COMPREPLY=($(compgen -W \(quoted(names.joined(separator: " "))) -- \"$word\"))",
      "        return",
      "      fi",
    ]
    if !command.positionals.isEmpty {
      lines.append("      case \"$(_lamctl_place \(quoted(takers.joined(separator: " "))) \"$at\")\" in")
      for (index, positional) in command.positionals.enumerated() {
        if let reply = bashReply(positional.kind) { lines.append("        \(index)) \(reply) ;;") }
      }
      lines.append("      esac")
    }
    return lines + ["      ;;"]
  }

  private static func bashReply(_ kind: ParameterOutline.Kind) -> String? {
    switch kind {
    case .nothing: nil
    case .words(let words):
      "COMPREPLY=($(compgen -W \(quoted(words.joined(separator: " "))) -- \"$word\"))"
    case .names(let kind): "COMPREPLY=($(compgen -W \"$(_lamctl_names \(kind))\" -- \"$word\"))"
    case .files: "COMPREPLY=($(compgen -f -- \"$word\"))"
    case .anything: ":"
    }
  }

  private static func zsh(_ commands: [CommandOutline]) -> String {
    var lines = [
      "#compdef lamctl", "# lamctl completions zsh",
      "# Write it into a folder of $fpath as _lamctl, or: source <(lamctl completions zsh)", "",
      "_lamctl_names() {", "  local -a names",
      "  names=(${(f)\"$(lamctl completions --words $1 2>/dev/null)\"})",
      "  compadd -a names", "}", "", "_lamctl() {", "  local context state line", "  local -a commands",
      "  commands=(",
    ]
    lines += commands.map { "    \(quoted("\($0.name):\($0.summary)"))" }
    lines += [
      "  )", "  _arguments -C \\",
    ]
    // These may also stand before the command.
    lines += (commands.first?.options ?? []).filter { $0.section == "Everywhere" }.map {
      "    \(zshOption($0)) \\"
    }
    lines += [
      "    '1: :->command' '*:: :->rest'", "  case $state in",
      "    command) _describe -t commands 'command' commands ;;", "    rest)", "      case $words[1] in",
    ]
    for command in commands {
      lines.append("        \(command.name))")
      lines.append("          _arguments -s \\")
      for option in command.options {
        lines.append("            \(zshOption(option)) \\")
      }
      for (index, positional) in command.positionals.enumerated() {
        lines.append("            \(quoted("\(index + 1):\(zshAction(positional))")) \\")
      }
      let version =
        command.options.contains { $0.spelling == "--version" } ? "" : " '--version[The version of lamctl]'"
      lines.append("            '(-h --help)'{-h,--help}'[This help]'\(version)")
      lines.append("          ;;")
    }
    lines += [
      "      esac", "      ;;", "  esac", "}", "", "if [[ $funcstack[1] == _lamctl ]]; then",
      "  _lamctl \"$@\"",
      "else", "  compdef _lamctl lamctl", "fi",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The specification of one option.
  private static func zshOption(_ option: ParameterOutline) -> String {
    let help = zshEscaped(option.help)
    let form =
      option.kind == .nothing
      ? "\(option.spelling)[\(help)]" : "\(option.spelling)=[\(help)]:\(zshAction(option))"
    return (option.repeats ? "\\*" : "") + quoted(form)
  }

  /// Brackets, colons and backslashes mean something in a specification of `_arguments`.
  private static func zshEscaped(_ text: String) -> String {
    text.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// The message and the action of a specification.
  private static func zshAction(_ parameter: ParameterOutline) -> String {
    let message = zshEscaped(parameter.synopsis.split(separator: " ").last.map(String.init) ?? "")
    switch parameter.kind {
    case .nothing: return ""
    case .words(let words): return "\(message):(\(words.joined(separator: " ")))"
    // With a blank in front it is called as it stands, without the arguments for compadd.
    case .names(let kind): return "\(message): _lamctl_names \(kind)"
    case .files: return "\(message):_files"
    case .anything: return "\(message): "
    }
  }

  private static func fish(_ commands: [CommandOutline]) -> String {
    var lines = [
      "# lamctl completions fish", "# Write it to ~/.config/fish/completions/lamctl.fish", "",
      "function __lamctl_names", "  lamctl completions --words $argv[1] 2>/dev/null", "end", "",
      "complete -c lamctl -f",
      "complete -c lamctl -n __fish_use_subcommand -l version -d \(fishQuoted("The version of lamctl"))",
      "complete -c lamctl -s h -l help -d \(fishQuoted("This help"))",
    ]
    for command in commands {
      lines.append(
        "complete -c lamctl -n __fish_use_subcommand -a \(command.name) -d \(fishQuoted(command.summary))")
    }
    for command in commands {
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.options {
        let name = option.spelling.drop { $0 == "-" }
        lines.append(
          "complete -c lamctl \(condition) -l \(name)\(fishValue(option.kind)) -d \(fishQuoted(option.help))")
      }
      for positional in command.positionals {
        switch positional.kind {
        case .words(let words):
          lines.append("complete -c lamctl \(condition) -a \(fishQuoted(words.joined(separator: " ")))")
        case .names(let kind): lines.append("complete -c lamctl \(condition) -a '(__lamctl_names \(kind))'")
        case .files: lines.append("complete -c lamctl \(condition) -F")
        case .nothing, .anything: break
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func fishValue(_ kind: ParameterOutline.Kind) -> String {
    switch kind {
    case .nothing: ""
    case .words(let words): " -x -a \(fishQuoted(words.joined(separator: " ")))"
    case .names(let kind): " -x -a '(__lamctl_names \(kind))'"
    case .files: " -r -F"
    case .anything: " -x"
    }
  }

  /// In single quotes fish reads `\'` and `\\`.
  private static func fishQuoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
