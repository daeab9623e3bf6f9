internal import Core

/// Pieces of a page. Everything that comes from outside goes through ``escaped(_:)``.
enum HTMLText {
  /// `text` as it is read, also where it is hostile: markup means nothing in it, and there are no hidden characters.
  static func escaped(_ text: some StringProtocol) -> String {
    PlainText.line(text).map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: String(character)
      }
    }.joined()
  }

  /// An element with escaped text.
  static func element(_ name: String, _ text: some StringProtocol, class style: String? = nil) -> String {
    "<\(name)\(style.map { " class=\"\($0)\"" } ?? "")>\(escaped(text))</\(name)>"
  }

  /// A table; a row a line. All cells are escaped, and know their heading, which stands beside them on a phone.
  static func table(_ heading: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    let head = heading.map { element("th", $0) }.joined()
    let body = rows.map { row in
      let cells = zip(heading, row).map { "<td data-label=\"\(escaped($0))\">\(escaped($1))</td>" }
      return "<tr>\(cells.joined())</tr>\n"
    }.joined()
    return
      "<div class=\"wide\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(body)</tbody></table></div>\n"
  }

  /// A link where the address is one of the web, else its text: no script is ever behind it.
  static func link(_ address: String) -> String {
    guard address.hasPrefix("https://") || address.hasPrefix("http://") else { return escaped(address) }
    return
      "<a href=\"\(escaped(WebAddress.safe(PlainText.line(address))))\" rel=\"noopener noreferrer\">\(escaped(address))</a>"
  }
}
