internal import Core

/// Prose in lines of a width, broken between words. Pure.
enum Paragraph {
  /// `text`, whose lines are at most `columns` cells wide where words and commands allow it.
  ///
  /// - Parameter columns: nil, as for a pipe, for lines as they are.
  static func wrapped(_ text: String, columns: Int?) -> String {
    guard let columns else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { lines(String($0), columns: columns) }.joined(separator: "\n")
  }

  /// One line as several, the further ones two cells deeper than the first. A command is never broken: half of one that is
  /// copied does something else. What has no room on any line stands on one of its own, and the terminal breaks it.
  ///
  /// - Parameter first: cells that stand before the first line already.
  static func lines(_ line: String, columns: Int, indent: Int? = nil) -> [String] {
    guard width(line) > columns else { return [line] }
    let depth = line.prefix { $0 == " " }.count
    let hanging = String(repeating: " ", count: min(indent ?? depth + 2, max(0, columns / 2)))
    var lines: [String] = []
    var current = String(line.prefix(depth))
    var isEmpty = true
    for piece in pieces(line.dropFirst(depth)) {
      let added = isEmpty ? piece.text : piece.gap + piece.text
      if !isEmpty, width(current) + width(added) > columns {
        lines.append(current)
        current = hanging + piece.text
      } else {
        current += added
      }
      isEmpty = false
    }
    return lines + [current]
  }

  /// The cells of a line, without what paints it.
  private static func width(_ line: String) -> Int { Cells.width(PlainText.line(line)) }

  /// What stays together, and the blanks before it.
  private struct Piece {
    let gap: String
    var text: String
  }

  /// Words, and commands with all that is said to them.
  private static func pieces(_ text: Substring) -> [Piece] {
    var pieces: [Piece] = []
    var command: CommandWords?
    var gap = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      guard !word.isEmpty else {
        gap += " "
        continue
      }
      if !pieces.isEmpty { gap += " " }
      if command?.takes(word) ?? false, !pieces.isEmpty {
        pieces[pieces.count - 1].text += gap + word
      } else {
        command = CommandWords(beginningWith: word)
        pieces.append(Piece(gap: gap, text: String(word)))
      }
      gap = ""
    }
    return pieces
  }
}

/// Which of the words behind a program's name are said to it, as far as that can be told from prose.
private struct CommandWords {
  /// Words that may come before the first option: a command and what it is about.
  private var bare = 2
  /// Whether the last word was an option whose value may follow.
  private var wantsValue = false
  /// Whether a quoted word goes on.
  private var quote: Character?
  private var isOver = false

  /// Nil for a word that is no program's name.
  init?(beginningWith word: Substring) {
    guard ["lamctl", "aws"].contains(String(word.drop { "'\"`(".contains($0) })) else { return nil }
  }

  /// Takes the next word, if it is one of the command's.
  mutating func takes(_ word: Substring) -> Bool {
    if isOver { return false }
    if let open = quote {
      if word.last == open { quote = nil }
      return true
    }
    let isOption = word.hasPrefix("-")
    guard isOption || wantsValue || bare > 0 else { return false }
    if isOption { bare = 0 } else if !wantsValue { bare -= 1 }
    wantsValue = isOption && !word.contains("=")
    if let first = word.first, "'\"".contains(first), word.last != first || word.count == 1 { quote = first }
    isOver = quote == nil && word.last.map { ",;:)'\"`".contains($0) && word.first != $0 } ?? false
    return true
  }
}
