internal import Core

/// `yarn.lock` of yarn 1: blocks of `"name@range", name@range:` with two spaces before what belongs to them.
///
/// Source: https://classic.yarnpkg.com/en/docs/yarn-lock
enum YarnLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    if bytes.split(separator: UInt8(ascii: "\n")).contains(where: { $0.starts(with: "__metadata:".utf8) }) {
      return try YarnBerryLock.read(bytes, sources)
    }
    guard let workspaces = NodeWorkspaces(sources) else {
      return .whole("a pattern in \"workspaces\" of package.json is of a kind that is not read here")
    }
    var graph = LockGraph()
    var places: [String: String] = [:]
    var wanted: [(package: String, need: Need)] = []
    for block in try blocks(bytes) {
      guard let first = block.patterns.first else { continue }
      var package = LockGraph.Package(name: name(of: first))
      package.version = block.values["version"] ?? ""
      package.facts = block.values.filter { ["resolved", "integrity"].contains($0.key) }
      for need in block.needs { wanted.append((first, need)) }
      graph.packages[first] = package
      for pattern in block.patterns { places[pattern] = first }
    }
    for (package, need) in wanted {
      guard let target = places["\(need.name)@\(need.range)"] else {
        if need.isOptional { continue }
        return .whole("\(need.name) of \(package) has no entry in it: run yarn install")
      }
      graph.packages[package]?.needs.append(LockGraph.Need(package: target))
    }
    for folder in workspaces.folders {
      let manifest = workspaces.manifests[folder]
      var member = LockGraph.Package(name: folder.text)
      for list in ["dependencies", "optionalDependencies", "devDependencies"] {
        for need in manifest?[list]?.members ?? [] {
          let target: String
          if let found = places["\(need.key)@\(need.value.string ?? "")"] {
            target = found
          } else if let other = workspaces.byName[need.key] {
            target = "workspace " + other.text
          } else if list == "optionalDependencies" || isPath(need.value.string ?? "") {
            continue
          } else {
            return .whole(
              "\(need.key) of \(folder.appending("package.json")) has no entry in it: run yarn install")
          }
          member.needs.append(LockGraph.Need(package: target, isDevelopment: list == "devDependencies"))
        }
      }
      graph.members[folder] = "workspace " + folder.text
      graph.packages["workspace " + folder.text] = member
    }
    return .graph(graph)
  }

  private static func isPath(_ range: String) -> Bool {
    range.hasPrefix("link:") || range.hasPrefix("file:") || range.hasPrefix(".")
  }

  private static func name(of pattern: String) -> String {
    pattern.dropFirst().firstIndex(of: "@").map { String(pattern[..<$0]) } ?? pattern
  }

  private struct Block {
    let patterns: [String]
    var values: [String: String] = [:]
    var needs: [Need] = []
  }

  private struct Need {
    let name: String
    let range: String
    /// It may be missing then.
    let isOptional: Bool
  }

  private static func blocks(_ bytes: [UInt8]) throws(JSONSyntaxError) -> [Block] {
    var blocks: [Block] = []
    var list = ""
    for (number, raw) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      var text = String(decoding: raw, as: UTF8.self)
      if text.hasSuffix("\r") { text.removeLast() }
      let indent = text.utf8.prefix { $0 == UInt8(ascii: " ") }.count
      let line = text.dropFirst(indent)
      guard !line.isEmpty, line.utf8.first != UInt8(ascii: "#") else { continue }
      let fault = JSONSyntaxError(
        position: JSONNode.Position(line: number + 1, column: indent + 1),
        reason: "this is no line of a lock file of yarn; it may have been cut or merged: run yarn install")
      switch indent {
      case 0:
        guard let patterns = words(line, separator: ","), line.hasSuffix(":") else { throw fault }
        blocks.append(Block(patterns: patterns))
      case 2 where line.hasSuffix(":"): list = String(line.dropLast())
      case 2, 4:
        guard !blocks.isEmpty, let words = words(line, separator: " "), words.count == 2 else { throw fault }
        if indent == 2 {
          blocks[blocks.count - 1].values[words[0]] = words[1]
        } else if ["dependencies", "optionalDependencies"].contains(list) {
          blocks[blocks.count - 1].needs.append(
            Need(name: words[0], range: words[1], isOptional: list == "optionalDependencies"))
        }
      default: throw fault
      }
    }
    if let last = blocks.last, last.values["version"] == nil {
      throw JSONSyntaxError(
        position: JSONNode.Position(line: bytes.count { $0 == UInt8(ascii: "\n") } + 1, column: 1),
        reason:
          "the lock file ends inside the entry of \(last.patterns[0]): it has been cut; run yarn install")
    }
    return blocks
  }

  /// The words of a line, some of them in quotes; nil when a quote is left open. A colon at the end is none of theirs.
  private static func words(_ line: Substring, separator: Character) -> [String]? {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    var isEscaped = false
    for character in line.hasSuffix(":") ? line.dropLast() : line {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if character == "\\", isQuoted {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == separator, !isQuoted {
        words.append(word)
        word = ""
      } else if character != " " || isQuoted || !word.isEmpty {
        word.append(character)
      }
    }
    words.append(word)
    return isQuoted || words.contains(where: \.isEmpty) ? nil : words
  }
}
