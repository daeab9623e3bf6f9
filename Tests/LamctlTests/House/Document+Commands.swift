import Core

extension Document {
  /// A command line of lamctl that the page shows: the words after the program's name.
  struct CommandLine {
    let line: Int
    let words: [String]
  }

  private static let shells: Set<String> = ["sh", "bash", "console"]
  /// What shows output and data: words there are no commands.
  private static let silent: Set<String> = ["text", "json", "diff", "http"]

  /// Every command line of lamctl in the blocks, and those in the text that have no placeholder.
  var commandLines: [CommandLine] {
    var found: [CommandLine] = []
    for block in blocks {
      guard let language = block.language, !Self.shells.contains(language) else {
        for (offset, line) in Self.joined(block.lines) {
          found += Self.commands(of: line, at: block.line + offset)
        }
        continue
      }
      guard !Self.silent.contains(language) else { continue }
      for (offset, line) in Self.joined(block.lines) {
        for text in Self.embedded(in: line) { found += Self.commands(of: text, at: block.line + offset) }
      }
    }
    for span in spans where span.text.hasPrefix("lamctl ") && !Self.hasPlaceholder(span.text) {
      found += Self.commands(of: span.text, at: span.line)
    }
    return found
  }

  /// The lines with those joined that end in a backslash, each with the number of its first one.
  private static func joined(_ lines: [String]) -> [(offset: Int, text: String)] {
    var joined: [(offset: Int, text: String)] = []
    var isOpen = false
    for (offset, line) in lines.enumerated() {
      let text = line.hasSuffix("\\") ? String(line.dropLast()) : line
      if isOpen, let last = joined.popLast() {
        joined.append((last.offset, last.text + text))
      } else {
        joined.append((offset, text))
      }
      isOpen = line.hasSuffix("\\")
    }
    return joined
  }

  /// The pieces of a line of a pipeline's file that begin with the program's name: up to the quote that they stand in.
  private static func embedded(in line: String) -> [String] {
    let bare = line.drop { $0 == " " || $0 == "-" }
    guard !bare.hasPrefix("#"), !bare.hasPrefix("//") else { return [] }
    return line.indices.compactMap { start in
      let (before, rest) = (line[..<start], line[start...])
      guard rest.hasPrefix("lamctl ") else { return nil }
      guard before.last.map({ " '\"".contains($0) }) ?? true else { return nil }
      guard let quote = openQuote(in: before) else { return String(rest) }
      return String(rest.prefix { $0 != quote })
    }
  }

  /// The quote that is open at the end of `text`.
  private static func openQuote(in text: Substring) -> Character? {
    var open: Character?
    for character in text where character == "'" || character == "\"" {
      if open == nil { open = character } else if open == character { open = nil }
    }
    return open
  }

  private static func hasPlaceholder(_ text: String) -> Bool {
    text.contains("…") || text.contains("<")
      || text.split(separator: " ").contains { word in
        word.count > 1 && word.allSatisfy { $0.isUppercase }
      }
  }

  /// The lamctl commands of one line of a shell.
  static func commands(of line: String, at number: Int) -> [CommandLine] {
    let text = line.hasPrefix("$ ") ? String(line.dropFirst(2)) : line
    return ShellWords(text).commands.compactMap { words in
      // What may stand in front: variables, and words of the shell.
      let own = words.drop { word in
        ["if", "then", "do", "!", "{", "exec", "time", "while", "else"].contains(word) || isAssignment(word)
      }
      guard own.first == "lamctl", own.count > 1 else { return nil }
      return CommandLine(line: number, words: Array(own.dropFirst()))
    }
  }

  private static func isAssignment(_ word: String) -> Bool {
    let name = word.prefix { $0 != "=" }
    return name.count < word.count && !name.isEmpty
      && name.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
  }
}
