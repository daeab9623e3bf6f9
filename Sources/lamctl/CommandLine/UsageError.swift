/// Arguments or `LAMCTL_*` variables that cannot be understood. Ends the run with exit code 64.
struct UsageError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and why, as one line.
  let message: String
  /// What to write instead, where that is known.
  var fix: String?

  /// The message without the fix.
  var description: String { message }
}

/// The text of one value that its parser refused; whoever read it adds where the text came from.
struct ValueError: Error, Equatable {
  /// Quotes the text and says what is accepted.
  let sentence: String

  init(_ sentence: String) {
    self.sentence = sentence
  }
}
