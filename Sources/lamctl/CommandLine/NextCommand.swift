internal import Core

/// The commands that a result names as the way on. They work as they are printed: where this run was told by an option which
/// environment it works with, or how the traffic moves, they are told the same. Pure.
struct NextCommand: Equatable, Sendable {
  var globals = GlobalOptions()
  /// The environment that the run works with, once that is known; nil where functions and alias are named instead.
  var environment: String?
  /// The options that name functions and alias without a checkout.
  var direct: [String] = []
  /// The options by which the run was told how traffic moves; none where it goes by the environment's rollout.
  var rollout: [String] = []
  /// Whether the run was to end before the promotion.
  var endsHeld = false

  /// `lamctl NAME ENVIRONMENT` for a command that takes the traffic or shows it.
  func line(_ name: String, _ environment: String) -> String {
    let words = isDirect ? ["lamctl", name] : ["lamctl", name, PlainText.line(environment)]
    return (words + direct + globals.place).map(Self.quoted).joined(separator: " ")
  }

  /// `lamctl promote ENVIRONMENT` with the steps that the rollout was begun with.
  func promote(_ environment: String) -> String {
    ([line("promote", environment)] + rollout.map(Self.quoted)).joined(separator: " ")
  }

  /// `lamctl resume ENVIRONMENT`, likewise.
  func resume(_ environment: String) -> String {
    ([line("resume", environment)] + resumption.map(Self.quoted)).joined(separator: " ")
  }

  /// Whether functions and alias are named, so that nobody asks a checkout for the environment.
  private var isDirect: Bool { environment == nil && direct.contains("--alias") }

  private var resumption: [String] { rollout + (endsHeld ? ["--no-promote"] : []) }

  /// A word as a shell takes it.
  static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.,:/@%+=".contains(character))
    }
    return isPlain && !word.isEmpty ? word : CompletionScript.quoted(PlainText.line(word))
  }
}

extension NextCommand {
  /// Commands that ask neither a repository nor AWS.
  private static let placeless: Set<String> = ["completions", "help", "schema", "version"]
  /// Commands that ask a repository alone.
  private static let local: Set<String> = ["cache", "list", "package", "sandbox"]

  /// A sentence in which every command of lamctl is told what this run was told, so that it means the same place.
  ///
  /// What the modules below advise, `look at lamctl status`, knows nothing of this run's options. They are put in behind
  /// the command's name and bare words; a command that has them already stays as it is.
  ///
  /// - Parameters:
  ///   - table: the commands that there are.
  ///   - escaping: what a word needs where the sentence stands.
  func spelled(
    _ prose: String, in table: CommandTable, escaping: (String) -> String = { $0 }
  ) -> String {
    guard prose.contains("lamctl ") else { return prose }
    var done = ""
    var rest = prose[...]
    while let found = rest.firstRange(of: "lamctl ") {
      let isInsideWord = (rest[..<found.lowerBound].last ?? done.last).map(Self.continuesWord) ?? false
      done += rest[..<found.upperBound]
      rest = rest[found.upperBound...]
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      let after = rest.dropFirst(name.count).first
      // A line that tells the usage is nothing to type.
      let isUsage = rest.dropFirst(name.count).hasPrefix(" [")
      guard !isInsideWord, !isUsage, let type = table.commands.first(where: { $0.name == name }),
        after.map({ !Self.continuesWord($0) && $0 != ":" && $0 != "=" }) ?? true
      else { continue }
      done += name
      rest = rest.dropFirst(name.count)
      let outline = CommandOutline(type)
      done += bareWords(of: outline, from: &rest, escaping)
      let options = options(of: outline).map { " " + Self.quoted($0) }.joined()
      // A command that names functions itself, or was made here, is whole.
      let isWhole =
        rest.hasPrefix(options) || rest.hasPrefix(escaping(options))
        || (direct.isEmpty && rest.hasPrefix(" --function "))
      if !isWhole { done += escaping(options) }
    }
    return done + rest
  }

  /// Takes the bare words that stand behind the command's name already, and puts the environment in where it is left out.
  private func bareWords(
    of command: CommandOutline, from rest: inout Substring, _ escaping: (String) -> String
  ) -> String {
    var words = ""
    var action: String?
    for positional in command.positionals {
      switch positional.kind {
      case .words(let choices):
        action = choices.first { Self.take($0, from: &rest) }
        words += action.map { " \($0)" } ?? ""
      case .names("environments"):
        // A document that is shown, or evidence that is judged, is of no environment.
        let clause = rest.prefix { !";,\n".contains($0) }
        guard let environment, command.name != "sandbox", !clause.contains(" --input") else { continue }
        let plain = PlainText.line(environment)
        // Within code it stands unescaped.
        words += Self.take(plain, from: &rest) ? " \(plain)" : " \(escaping(plain))"
        _ = plain == escaping(plain) || Self.take(escaping(plain), from: &rest)
      case .names("functions"):
        if Self.take("FUNCTION", from: &rest) { words += " FUNCTION" }
      default:
        guard action != nil, action != "list", rest.first == " " else { continue }
        let word = rest.dropFirst().prefix { !$0.isWhitespace && !",;:()'`".contains($0) }
        rest = rest.dropFirst(word.count + 1)
        words += " \(word)"
      }
    }
    return words
  }

  /// What `command` is told behind its bare words, as far as it takes that.
  private func options(of command: CommandOutline) -> [String] {
    if Self.placeless.contains(command.name) { return [] }
    if Self.local.contains(command.name) { return globals.config.map { ["--config", $0] } ?? [] }
    let takesNames = command.options.contains { $0.spelling == "--function" }
    let moves = ["promote": rollout, "resume": resumption][command.name] ?? []
    return (takesNames ? direct : []) + globals.place + moves
  }

  /// Takes ` word` from the beginning of `rest`, if it stands there.
  private static func take(_ word: String, from rest: inout Substring) -> Bool {
    let after = rest.dropFirst(word.count + 1)
    guard rest.hasPrefix(" \(word)"), !(after.first.map(continuesWord) ?? false) else { return false }
    rest = after
    return true
  }

  private static func continuesWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "-_/".contains(character)
  }
}

extension GlobalOptions {
  /// The options that say which functions are meant, in which account: the same words again mean the same.
  fileprivate var place: [String] {
    var words: [String] = []
    for (name, value) in [("config", config), ("region", region), ("profile", profile)] {
      if let value { words += ["--\(name)", value] }
    }
    if let endpointURL { words += ["--endpoint-url", endpointURL] }
    if sandbox { words.append("--sandbox") }
    if let speed { words += ["--speed", speed.formatted(digits: 2)] }
    return words
  }
}
