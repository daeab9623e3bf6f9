internal import Core

/// The common shape of lamctl's lines in Descriptions: `lamctl/1 key=value key=value ; text of the user`.
enum DescriptionLine {
  /// Lambda's limit for the Description of an alias and of a version.
  static let limit = 256
  static let tag = "lamctl/1"
  static let separator = " ; "

  /// What a Description holds.
  enum Content {
    /// Text without a line of lamctl.
    case foreign
    /// A line of a format after this one.
    case newer
    /// A line that begins as lamctl's and goes on as none.
    case damaged
    /// A line: its text without the user's, and its fields.
    case line(body: String, fields: [String: String], userText: String)
  }

  static func read(_ text: String) -> Content {
    guard text.hasPrefix("lamctl/") else { return .foreign }
    let version = text.dropFirst("lamctl/".count).prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst("lamctl/".count + version.count)
    guard !version.isEmpty, rest.isEmpty || rest.first == " " else { return .foreign }
    guard version == "1" else { return version.first == "0" ? .damaged : .newer }
    let (body, userText) = halves(text)
    guard let fields = fields(of: body) else { return .damaged }
    return .line(body: body, fields: fields, userText: userText)
  }

  /// What is before the first separator, and what is behind it. By bytes: this is read at every look at every alias.
  private static func halves(_ text: String) -> (body: String, userText: String) {
    let (bytes, mark) = (text.utf8, Array(separator.utf8))
    var place = bytes.startIndex
    while let next = bytes[place...].firstIndex(of: mark[0]) {
      if bytes[next...].starts(with: mark) {
        return (String(text[..<next]), String(text[bytes.index(next, offsetBy: mark.count)...]))
      }
      place = bytes.index(after: next)
    }
    return (text, "")
  }

  /// The fields of a line, behind its first word; nil where one has no name or no value, or is there twice.
  static func fields(of body: String) -> [String: String]? {
    var fields: [String: String] = [:]
    let parts = body.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    for part in parts.dropFirst() {
      guard let sign = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let (key, value) = (body[part.startIndex..<sign], body[part.index(after: sign)..<part.endIndex])
      guard !key.isEmpty, !value.isEmpty, fields.updateValue(String(value), forKey: String(key)) == nil
      else { return nil }
    }
    return fields
  }

  /// Characters as Lambda counts them at worst: a character outside the basic plane takes two.
  static func length(_ text: String) -> Int { text.utf16.count }

  /// `line` with as much of `userText` as fits behind it, cut between characters.
  static func join(_ line: String, _ userText: String) -> (text: String, whole: Bool) {
    guard !userText.isEmpty else { return (line, true) }
    var room = limit - length(line) - length(separator)
    var kept = ""
    for character in userText {
      room -= character.utf16.count
      guard room >= 0 else { return (kept.isEmpty ? line : line + separator + kept, false) }
      kept.append(character)
    }
    return (line + separator + kept, true)
  }

  /// `text` as a value of a field: printable ASCII without blanks and `;`, everything else becomes `-`.
  static func token(_ text: String, atMost limit: Int) -> String {
    let plain = text.unicodeScalars.map { scalar -> Character in
      scalar.value > 32 && scalar.value < 127 && scalar != ";" ? Character(scalar) : "-"
    }
    return String(plain.prefix(limit))
  }

  static func isLowerHex(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// A whole number of at most `digits` digits without sign.
  static func whole(_ text: some StringProtocol, digits: Int = 11) -> Int? {
    guard !text.isEmpty, text.utf8.count <= digits, text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }
}
