internal import Core

/// Pieces of Markdown as GitHub, GitLab and Buildkite read it. What comes from outside stays text in it.
enum Markdown {
  /// `text` on one line, with nothing in it that would become markup, a link or a mention.
  static func escaped(_ text: some StringProtocol) -> String {
    PlainText.line(text).map { character in
      switch character {
      case "<": "&lt;"
      case ">": "&gt;"
      case "&": "&amp;"
      // A mention would call people, a number would link to a stranger's request.
      case "@": "&#64;"
      case "#": "&#35;"
      case "\\", "`", "*", "_", "[", "]", "|", "~": "\\\(character)"
      default: String(character)
      }
    }.joined()
  }

  /// What stands above the news of a rehearsal.
  static let rehearsal = "**A rehearsal on one machine: nothing of this happened in AWS.**"

  /// `text` as code, where nothing but a backtick means anything.
  static func code(_ text: some StringProtocol) -> String {
    let plain = PlainText.line(text).replacing("`", with: "'")
    return plain.isEmpty ? "" : "`\(plain)`"
  }

  /// `text` as code in a table, whose cells end at a bar wherever it stands.
  static func cell(_ text: some StringProtocol) -> String { code(text).replacing("|", with: "\\|") }

  /// Lines that are shown as they are.
  static func block(_ lines: [String]) -> String {
    "```text\n" + lines.map { PlainText.line($0).replacing("```", with: "'''") + "\n" }.joined() + "```\n"
  }

  /// A table. The cells are Markdown already.
  static func table(_ heading: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    let lines = [heading, heading.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// A link where the address is one of the web, else nothing.
  static func link(_ words: String, _ address: String?) -> String? {
    guard let address, address.hasPrefix("https://") || address.hasPrefix("http://") else { return nil }
    return "[\(words)](\(WebAddress.safe(PlainText.line(address))))"
  }
}
