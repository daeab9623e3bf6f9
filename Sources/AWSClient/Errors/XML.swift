/// The little XML that AWS's older protocols answer with: elements by name, in written order.
enum XML {
  /// The text of the first element `name`, with entities resolved; nil when there is none.
  static func text(of name: String, in document: some StringProtocol) -> String? {
    element(name, in: document).map { unescaped($0) }
  }

  /// What stands between the tags of the first element `name`; empty for `<name/>`.
  static func element(_ name: String, in document: some StringProtocol) -> String? {
    elements(name, in: document, limit: 1).first
  }

  /// What stands between the tags of each element `name`. Elements of one name must not be nested.
  static func elements(_ name: String, in document: some StringProtocol, limit: Int = .max) -> [String] {
    var found: [String] = []
    var rest = Substring(document)
    while found.count < limit, let open = rest.firstRange(of: "<\(name)") {
      rest = rest[open.upperBound...]
      guard let next = rest.first else { break }
      // <CodeName> is no <Code>.
      guard next == ">" || next == "/" || next.isWhitespace, let end = rest.firstIndex(of: ">") else {
        continue
      }
      let closedAtOnce = rest[..<end].last == "/"
      rest = rest[rest.index(after: end)...]
      if closedAtOnce {
        found.append("")
        continue
      }
      guard let close = rest.firstRange(of: "</\(name)>") else { break }
      found.append(String(rest[..<close.lowerBound]))
      rest = rest[close.upperBound...]
    }
    return found
  }

  /// `text` as it may stand between tags.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  private static func unescaped(_ text: String) -> String {
    guard text.contains("&") else { return text }
    var result = ""
    var rest = Substring(text)
    while let ampersand = rest.firstIndex(of: "&") {
      result += rest[..<ampersand]
      rest = rest[rest.index(after: ampersand)...]
      guard let end = rest.firstIndex(of: ";"), let scalar = scalar(named: rest[..<end]) else {
        result += "&"
        continue
      }
      result.unicodeScalars.append(scalar)
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func scalar(named name: Substring) -> UnicodeScalar? {
    switch name {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    default:
      if name.hasPrefix("#x") {
        UInt32(name.dropFirst(2), radix: 16).flatMap(UnicodeScalar.init)
      } else if name.hasPrefix("#") {
        UInt32(name.dropFirst()).flatMap(UnicodeScalar.init)
      } else {
        nil
      }
    }
  }
}
