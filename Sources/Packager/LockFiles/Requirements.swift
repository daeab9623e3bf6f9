internal import Core

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
    named(by: ["--requirement", "--constraint", "-r", "-c"], bytes)
  }

  /// The files whose requirements are required as well, those of `-r` lines, as they are written.
  static func included(_ bytes: [UInt8]) -> [String] { named(by: ["--requirement", "-r"], bytes) }

  private static func named(by flags: [String], _ bytes: [UInt8]) -> [String] {
    lines(bytes).compactMap { line in
      for flag in flags where line.hasPrefix(flag) {
        let rest = line.dropFirst(flag.count).drop { $0 == " " || $0 == "=" }
        return rest.contains("://") ? nil : String(rest)
      }
      return nil
    }
  }

  /// A place in which lines look for packages rather than in an index, as it is written.
  struct Store: Hashable {
    let text: String
    /// Whether nothing is looked for elsewhere where it is not there, whatever the target.
    let isNeeded: Bool
  }

  /// Those of `--find-links ../wheels` and `../wheels/x-1.0-py3-none-any.whl`.
  static func stores(_ bytes: [UInt8]) -> [Store] {
    lines(bytes).flatMap { line -> [Store] in
      guard !line.hasPrefix("-") else {
        return folders(in: line).compactMap { path in
          local(path[...]).map { Store(text: $0, isNeeded: true) }
        }
      }
      let condition = marker(of: line)
      let text = condition?.rest ?? line
      let path = text.firstRange(of: "@ file:").map { text[$0.upperBound...] } ?? text[...]
      let file = path.prefix { $0 != " " && $0 != "[" }
      guard archives.contains(where: file.hasSuffix), let path = local(file) else { return [] }
      return [Store(text: path, isNeeded: condition == nil)]
    }
  }

  /// What `--find-links` names in a line of options, of which there may be several.
  private static func folders(in line: String) -> [String] {
    var folders: [String] = []
    var rest = line[...]
    var isNamed = false
    while let first = rest.first {
      if first == " " {
        rest = rest.dropFirst()
        continue
      }
      for flag in ["--find-links=", "-f="] where rest.hasPrefix(flag) {
        rest = rest.dropFirst(flag.count)
        isNamed = true
      }
      if rest.hasPrefix("-f"), !rest.hasPrefix("-f "), rest.count > 2 {
        rest = rest.dropFirst(2)
        isNamed = true
      }
      let quote = rest.first.flatMap { "\"'".contains($0) ? $0 : nil }
      let word = quote.map { mark in rest.dropFirst().prefix { $0 != mark } } ?? rest.prefix { $0 != " " }
      rest = rest.dropFirst(word.count + (quote == nil ? 0 : 2))
      if isNamed { folders.append(String(word)) }
      isNamed = !isNamed && quote == nil && ["--find-links", "-f"].contains(word)
    }
    return folders
  }

  /// How the names of packages end.
  static let archives = [".whl", ".tar.gz", ".zip"]

  /// The path, unless it is an address, or has a variable in it that only the run shows.
  private static func local(_ text: Substring) -> String? {
    let path = ["file://", "file:"].first(where: text.hasPrefix).map { text.dropFirst($0.count) } ?? text
    return path.isEmpty || path.contains("://") || path.contains("${") ? nil : String(path)
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
    let name = line.prefix { isName($0) }
    guard !name.isEmpty, !name.hasPrefix(".") else { return nil }
    let rest = line.dropFirst(name.count).drop { $0 == " " }
    return (normalized(name), rest.hasPrefix("[") ? extras(in: line) : [])
  }

  private static func isName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "-_.".contains(character)
  }

  /// The extras that stand in brackets behind a name or a path, normalised.
  static func extras(in line: String) -> Set<String> {
    guard let open = line.firstIndex(of: "["), let close = line[open...].firstIndex(of: "]") else {
      return []
    }
    let list = line[line.index(after: open)..<close]
    return Set(list.split(separator: ",").map { normalized($0.filter { $0 != " " }) })
  }

  /// Whether `version` is one that a requirement by name, without its condition, allows; nil where that cannot be told.
  static func accepts(_ version: PythonVersion, in line: String) -> Bool? {
    var rest = line.drop { isName($0) }.drop { $0 == " " }
    if rest.hasPrefix("[") { rest = rest.drop { $0 != "]" }.dropFirst() }
    let clauses = rest.filter { !" ()".contains($0) }.split(separator: ",")
    var isAccepted: Bool? = true
    for clause in clauses {
      let comparison = clause.prefix { "<>=!~".contains($0) }
      switch version.meets(String(comparison), clause.dropFirst(comparison.count)) {
      case false?: return false
      case nil: isAccepted = nil
      case true?: break
      }
    }
    return isAccepted
  }
}

extension Substring {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
