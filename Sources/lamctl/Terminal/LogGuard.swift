internal import Core

/// Keeps what others have written from being read as a command by the CI system in whose log it ends up.
///
/// A function's error quotes what a caller has sent, a file is called as its author likes. GitHub's runner and Azure's agent
/// look for commands in all that a step prints, on stdout and stderr: `##[` and `##vso[` anywhere in a line, `::` where it
/// begins. In what lamctl has not written as a command, none of them stays whole.
struct LogGuard: Equatable, Sendable {
  /// `text` with a blank within each of them.
  func prose(_ text: String) -> String { broken(text, by: " ", isProse: true) }

  /// A document of JSON that says the same: numbers and words hold none of them, and in a string a sign may be told by its
  /// number.
  func document(_ json: String) -> String { broken(json, by: "\\u0023", isProse: false) }

  /// - Parameter mark: stands between the two signs, or where no prose is for the second.
  private func broken(_ text: String, by mark: String, isProse: Bool) -> String {
    guard text.contains("##") || (isProse && text.contains("::")) else { return text }
    var result = String.UnicodeScalarView()
    var isAtStart = true
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      result.append(scalar)
      let breaks =
        scalar == "#" ? Self.opens(rest) : isProse && isAtStart && scalar == ":" && rest.first == ":"
      if breaks {
        result.append(contentsOf: mark.unicodeScalars)
        if !isProse { rest.removeFirst() }
      }
      isAtStart = Self.endsLine(scalar) || (isAtStart && scalar.properties.isWhitespace)
    }
    return String(result)
  }

  /// Whether a sign before `rest` makes it the beginning of a command.
  private static func opens(_ rest: Substring.UnicodeScalarView) -> Bool {
    guard rest.first == "#" else { return false }
    let word = String(String.UnicodeScalarView(rest.dropFirst().prefix(4))).lowercased()
    return word.hasPrefix("[") || word == "vso["
  }

  /// Whether a line ends here, as the readers of either system see it.
  private static func endsLine(_ scalar: UnicodeScalar) -> Bool {
    ["\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }
}

/// Text that a CI system is to read as a command. ``LogMarkup`` makes them, and nothing else does.
struct LogCommand: Equatable, Sendable {
  /// The line, or nothing where the system has no such command.
  let text: String

  init(_ text: String) { self.text = text }
}
