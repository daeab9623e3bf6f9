internal import Core

/// The commands that a result names as the way on. They work as they are printed: where this run was told by an option which
/// environment it works with, or how the traffic moves, they are told the same. Pure.
struct NextCommand: Equatable, Sendable {
  var globals = GlobalOptions()
  var direct = DirectOptions()
  /// The options by which the run was told how traffic moves; none where it goes by the environment's rollout.
  var rollout: [String] = []
  /// Whether the run was to end before the promotion.
  var endsHeld = false

  /// `lamctl NAME ENVIRONMENT` for a command that takes the traffic or shows it.
  func line(_ name: String, _ environment: String) -> String {
    words(name, environment).map(Self.quoted).joined(separator: " ")
  }

  /// `lamctl promote ENVIRONMENT` with the steps that the rollout was begun with.
  func promote(_ environment: String) -> String {
    (words("promote", environment) + rollout).map(Self.quoted).joined(separator: " ")
  }

  /// `lamctl resume ENVIRONMENT`, likewise.
  func resume(_ environment: String) -> String {
    (words("resume", environment) + rollout + (endsHeld ? ["--no-promote"] : []))
      .map(Self.quoted).joined(separator: " ")
  }

  private func words(_ name: String, _ environment: String) -> [String] {
    var words = ["lamctl", name, PlainText.line(environment)]
    for function in direct.functions { words += ["--function", function.text] }
    if let alias = direct.alias { words += ["--alias", alias] }
    return words + globals.place
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.,:/@%+=".contains(character))
    }
    return isPlain && !word.isEmpty ? word : CompletionScript.quoted(PlainText.line(word))
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
