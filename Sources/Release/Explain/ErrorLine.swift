internal import Core

/// Reads what an error says out of a log event, whatever runtime has written it.
enum ErrorLine {
  /// The error's type and message where the event has them as JSON, else its first line without time and request id.
  static func text(of message: String) -> String {
    if let brace = message.firstIndex(of: "{"),
      let members = try? JSON(parsing: Array(message[brace...].utf8)), let text = text(of: members)
    {
      return text
    }
    let lines = message.split(whereSeparator: \.isNewline)
    guard var line = lines.first, !isContinuation(line) else { return "" }
    if line.hasPrefix("Traceback") {
      // Python writes what happened below how it came to that.
      guard lines.count > 1, let last = lines.last else { return "" }
      line = last
    }
    var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    while let first = words.first, isNoise(first) { words.removeFirst() }
    return clean(words.filter { !isRequestID($0) }.joined(separator: " "))
  }

  private static func text(of members: JSON) -> String? {
    // Structured logs have the error in a member of its own, or in the message.
    for object in [members, members["message"] ?? .null, members["error"] ?? .null] {
      guard let text = object["errorMessage"]?.string else { continue }
      return clean([object["errorType"]?.string, text].compactMap { $0 }.joined(separator: ": "))
    }
    guard let text = members["message"]?.string ?? members["msg"]?.string, members["level"] != nil else {
      return nil
    }
    return clean(text)
  }

  /// Control characters out of a log must not reach a terminal.
  private static func clean(_ text: String) -> String {
    String(
      text.map {
        $0.unicodeScalars.allSatisfy { $0.value >= 32 && !(127...159).contains($0.value) } ? $0 : " "
      })
  }

  /// A line of a stack that was logged line by line, or one of Lambda's own about an invocation.
  private static func isContinuation(_ line: Substring) -> Bool {
    let ours = ["START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_"]
    return line.first?.isWhitespace ?? true || line.hasPrefix("at ") || ours.contains(where: line.hasPrefix)
  }

  /// A time, a level, or a request id with its label: what stands before the error itself.
  private static func isNoise(_ word: Substring) -> Bool {
    ["[ERROR]", "ERROR", "RequestId:", "Invoke"].contains(word) || isRequestID(word)
      || Timestamp(iso8601: word) != nil
  }

  /// `8-4-4-4-12` hexadecimal digits.
  private static func isRequestID(_ word: Substring) -> Bool {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }

  /// What two errors of one kind have in common.
  static func kind(of line: String) -> String {
    var kind = ""
    var wasDigit = false
    for character in line {
      let isDigit = character.isNumber
      if !isDigit { kind.append(character) } else if !wasDigit { kind.append("#") }
      wasDigit = isDigit
    }
    return kind
  }

  /// `line` without words that look like keys and tokens: 24 characters and more of letters and digits.
  static func shielded(_ line: String) -> String {
    var result = ""
    var word = ""
    func flush() {
      let isToken = word.count >= 24 && word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
      result += isToken || isAccessKey(word) ? "***" : word
      word = ""
    }
    for character in line {
      if character.isLetter || character.isNumber || "+_-=".contains(character) {
        word.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }

  private static func isAccessKey(_ word: String) -> Bool {
    word.count == 20 && (word.hasPrefix("AKIA") || word.hasPrefix("ASIA"))
  }
}
