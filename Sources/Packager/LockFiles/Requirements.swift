/// A `requirements.txt` as pip reads it, as far as lamctl needs to.
enum Requirements {
  /// The most bytes of a file of requirements.
  static let longest = 4 << 20

  /// The lines that say something: without comments, joined where a backslash ends them.
  static func lines(_ bytes: [UInt8]) -> [String] {
    var lines: [String] = []
    var pending = ""
    for raw in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      var line = String(decoding: raw, as: UTF8.self)
      if line.hasSuffix("\r") { line.removeLast() }
      if line.hasSuffix("\\") {
        pending += line.dropLast()
        continue
      }
      lines.append(pending + line)
      pending = ""
    }
    if !pending.isEmpty { lines.append(pending) }
    return lines.compactMap { line in
      var text = line[...]
      // A # begins a comment at the start of a line or after white space; elsewhere it is part of a URL.
      for index in text.indices where text[index] == "#" {
        if index == text.startIndex || text[text.index(before: index)].isWhitespace {
          text = text[..<index]
          break
        }
      }
      let words = text.split(whereSeparator: \.isWhitespace)
      return words.isEmpty ? nil : words.joined(separator: " ")
    }
  }

  /// Whether nothing is required.
  static func isEmpty(_ bytes: [UInt8]) -> Bool { lines(bytes).isEmpty }

  /// The files that `-r` and `-c` lines name, as they are written.
  static func references(_ bytes: [UInt8]) -> [String] {
    lines(bytes).compactMap { line in
      for flag in ["--requirement", "--constraint", "-r", "-c"] where line.hasPrefix(flag) {
        let rest = line.dropFirst(flag.count).drop { $0 == " " || $0 == "=" }
        return rest.contains("://") ? nil : String(rest)
      }
      return nil
    }
  }

  /// The required projects' names, normalised as packages are: lower case, `-` for runs of `-`, `_` and `.`.
  static func names(_ bytes: [UInt8]) -> Set<String> {
    Set(
      lines(bytes).filter { !$0.hasPrefix("-") }.map { line in
        normalized(line.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) })
      })
  }

  static func normalized(_ name: some StringProtocol) -> String {
    name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
  }

  /// The condition of a line, and the line without it; nil for a line without one.
  static func marker(of line: String) -> (rest: String, marker: String)? {
    guard !line.hasPrefix("-"), let semicolon = line.firstIndex(of: ";") else { return nil }
    // In an address a semicolon is part of it unless a space is in front.
    let before = line[..<semicolon]
    if before.contains("://"), before.last != " " { return nil }
    let after = line[line.index(after: semicolon)...]
    var options = ""
    var marker = after
    if let start = after.firstRange(of: " --") {
      options = String(after[start.lowerBound...])
      marker = after[..<start.lowerBound]
    }
    return (before.trimmedAtEnd + options, String(marker))
  }

  /// What is required by name: the project and its extras.
  static func requirement(of line: String) -> (name: String, extras: Set<String>)? {
    guard !line.hasPrefix("-") else { return nil }
    let name = line.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    guard !name.isEmpty, !name.hasPrefix(".") else { return nil }
    let rest = line.dropFirst(name.count).drop { $0 == " " }
    var extras: Set<String> = []
    if rest.hasPrefix("[") {
      let list = rest.dropFirst().prefix { $0 != "]" }
      extras = Set(list.split(separator: ",").map { normalized($0.filter { $0 != " " }) })
    }
    return (normalized(name), extras)
  }

  /// Whether any line pins content by hash; pip then demands it of all.
  static func hasHashes(_ bytes: [UInt8]) -> Bool { lines(bytes).contains { $0.contains("--hash=") } }
}

extension Substring {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
