internal import Core

/// `go.sum`, cut to what the `go.mod` beside it requires.
///
/// From Go 1.17 on `go.mod` lists every module that the packages of the module need to be built; what else is in
/// `go.sum` serves choosing versions only. Source: https://go.dev/ref/mod#graph-pruning
enum GoSum {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    var sums: [(module: String, version: String, sum: String)] = []
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
      if words.isEmpty { continue }
      guard words.count == 3, words[2].hasPrefix("h1:"), words[2].utf8.count == 47 else {
        throw JSONSyntaxError(
          position: JSONNode.Position(line: number + 1, column: 1),
          reason:
            "this is no module with its version and sum; it may have been cut or merged: run go mod tidy")
      }
      sums.append((words[0], words[1], words[2]))
    }
    guard let bytes = sources.read("go.mod") else { return .whole("no go.mod lies beside it") }
    let manifest = GoModule(bytes)
    guard manifest.listsAll else {
      return .whole("go.mod is of a Go before 1.17 and does not list all modules")
    }
    var graph = LockGraph()
    var module = LockGraph.Package(name: "module")
    for (name, version, sum) in sums {
      let plain = version.hasSuffix("/go.mod") ? String(version.dropLast(7)) : version
      guard manifest.needs("\(name) \(plain)") else { continue }
      let key = "\(name) \(version)"
      graph.packages[key] = LockGraph.Package(name: name, version: version, facts: ["sum": sum])
      module.needs.append(LockGraph.Need(package: key))
    }
    if let missing = manifest.needed.first(where: { graph.packages["\($0)/go.mod"] == nil }) {
      return .whole("\(missing), which go.mod names, has no sum in it: run go mod tidy")
    }
    graph.members[.root] = "module"
    graph.packages["module"] = module
    return .graph(graph)
  }
}

/// What a `go.mod` requires and replaces. Source: https://go.dev/ref/mod#go-mod-file
struct GoModule {
  private var required: Set<String> = []
  /// What stands in the place of others, and what has something else in its place, with or without a version.
  private var replaced: Set<String> = []
  private var substituted: Set<String> = []
  /// Whether all modules are listed that are needed to build.
  private(set) var listsAll = false

  init(_ bytes: [UInt8]) {
    var block = ""
    for raw in bytes.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: raw, as: UTF8.self)
      let line = text.firstRange(of: "//").map { text[..<$0.lowerBound] } ?? text[...]
      var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      if words == [")"] {
        block = ""
        continue
      }
      if words.count == 2, words[1] == "(" {
        block = words[0]
        continue
      }
      if !block.isEmpty { words.insert(block, at: 0) }
      take(words)
    }
  }

  private mutating func take(_ words: [String]) {
    switch words.first {
    case "go"? where words.count == 2:
      let numbers = words[1].split(separator: ".").compactMap { Int($0) }
      listsAll = numbers.count >= 2 && (numbers[0], numbers[1]) >= (1, 17)
    case "require"? where words.count >= 3: required.insert("\(words[1]) \(words[2])")
    case "replace"?:
      guard let arrow = words.firstIndex(of: "=>") else { return }
      substituted.insert(words[1..<arrow].joined(separator: " "))
      guard words.count == arrow + 3 else { return }
      replaced.insert("\(words[arrow + 1]) \(words[arrow + 2])")
    default: break
    }
  }

  /// Whether the module with its version, with a space between, is needed.
  func needs(_ module: String) -> Bool { required.contains(module) || replaced.contains(module) }

  /// The modules that must have a sum, in byte order: for what is replaced there may be none.
  var needed: [String] {
    let others = required.filter { module in
      !substituted.contains(module) && !substituted.contains(String(module.prefix { $0 != " " }))
    }
    return others.union(replaced).sorted(by: LockGraph.precedes)
  }
}
