internal import Core

/// `Gemfile.lock` of Bundler: sections at the start of a line, gems at four spaces, what they need at six.
enum GemfileLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    var reader = Reader()
    for (number, raw) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      var text = String(decoding: raw, as: UTF8.self)
      if text.hasSuffix("\r") { text.removeLast() }
      guard !text.isEmpty else { continue }
      guard reader.take(text) else {
        throw JSONSyntaxError(
          position: JSONNode.Position(line: number + 1, column: 1),
          reason: "this is no line of a Gemfile.lock; it may have been merged: run bundle lock")
      }
    }
    guard reader.hasDependencies else {
      throw JSONSyntaxError(
        position: JSONNode.Position(line: bytes.count { $0 == UInt8(ascii: "\n") } + 1, column: 1),
        reason: "the section DEPENDENCIES is missing: the lock file has been cut; run bundle lock")
    }
    // The last section, which every Bundler since 1.10 writes.
    guard reader.isEnded else { return .whole("it ends before the section BUNDLED WITH: run bundle lock") }
    if let name = reader.unlisted { return .whole("\(name) has no entry in it: run bundle lock") }
    return .graph(reader.graph)
  }

  /// The folders from which gems are taken as they lie there, as they are written.
  static func localFolders(_ bytes: [UInt8]) -> [String] {
    var section = ""
    var folders: [String] = []
    for raw in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      let line = String(decoding: raw, as: UTF8.self)
      if !line.hasPrefix(" ") {
        section = line
      } else if section == "PATH", line.hasPrefix("  remote: ") {
        folders.append(String(line.dropFirst("  remote: ".count)))
      }
    }
    return folders
  }

  private struct Reader {
    var hasDependencies = false
    var isEnded: Bool { section == "BUNDLED WITH" }
    private var section = ""
    private var remote: [String] = []
    private var current: String?
    private var gems: [String: LockGraph.Package] = [:]
    /// The entries of a gem: one a platform.
    private var byName: [String: [String]] = [:]
    private var needs: [String: [String]] = [:]
    private var roots: [String] = []
    private var sums: [String: String] = [:]

    /// Whether the line is one of a lock file.
    mutating func take(_ text: String) -> Bool {
      let indent = text.utf8.prefix { $0 == UInt8(ascii: " ") }.count
      let line = String(text.dropFirst(indent))
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first else { return true }
      switch indent {
      case 0:
        guard line.utf8.allSatisfy({ (65...90).contains($0) || $0 == 32 }) else { return false }
        section = line
        hasDependencies = hasDependencies || line == "DEPENDENCIES"
        remote = []
        current = nil
      case 2 where ["GEM", "GIT", "PATH", "PLUGIN SOURCE"].contains(section):
        if line != "specs:" { remote.append(line) }
      case 2 where section == "DEPENDENCIES": roots.append(Self.name(first))
      case 2 where section == "CHECKSUMS": sums[words.prefix(2).joined(separator: " ")] = words.last ?? ""
      case 4 where !remote.isEmpty:
        current = line
        guard byName[first]?.count ?? 0 < LockGraph.mostVersions else { return false }
        byName[first, default: []].append(line)
        gems[line] = LockGraph.Package(
          name: first, version: words.dropFirst().joined(separator: " "),
          facts: ["source": remote.joined(separator: "; ")])
      case 6: if let current { needs[current, default: []].append(Self.name(first)) }
      default: return indent % 2 == 0 || section == "BUNDLED WITH"
      }
      return true
    }

    /// An exclamation mark says that a gem comes from elsewhere than usual.
    private static func name(_ word: String) -> String {
      word.hasSuffix("!") ? String(word.dropLast()) : word
    }

    /// What is needed and not there; Bundler itself never is.
    var unlisted: String? {
      (roots + needs.values.joined()).filter { byName[$0] == nil && $0 != "bundler" }
        .min(by: LockGraph.precedes)
    }

    var graph: LockGraph {
      var graph = LockGraph(packages: gems)
      for (gem, names) in needs {
        graph.packages[gem]?.needs = names.flatMap { byName[$0] ?? [] }.map { LockGraph.Need(package: $0) }
      }
      for (gem, sum) in sums { graph.packages[gem]?.facts["sum"] = sum }
      var project = LockGraph.Package(name: "project")
      project.needs = roots.flatMap { byName[$0] ?? [] }.map { LockGraph.Need(package: $0) }
      graph.packages["project"] = project
      graph.members[.root] = "project"
      return graph
    }
  }
}
