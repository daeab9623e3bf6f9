internal import Core

/// `poetry.lock`, whose roots are in the `pyproject.toml` beside it.
///
/// Source: https://python-poetry.org/docs/basic-usage/#installing-with-poetrylock
enum PoetryLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(toml: bytes)
    _ = try document.required("metadata")
    var graph = LockGraph()
    let entries = document["package"]?.elements ?? []
    // Several versions of one package are there where markers choose.
    var keys: [String: [(key: String, version: String)]] = [:]
    // Before version 2 the digests stand at the end, by name.
    let files = document["metadata"]?["files"]?.byName ?? [:]
    for entry in entries {
      let name = Requirements.normalized(try entry.requiredText("name"))
      let version = try entry.requiredText("version")
      keys[name, default: []].append(("\(name) \(version)", version))
      guard keys[name]?.count ?? 0 <= LockGraph.mostVersions else {
        throw entry.fault("there are more than \(LockGraph.mostVersions) versions of \(name)")
      }
    }
    for entry in entries {
      let written = try entry.requiredText("name")
      let name = Requirements.normalized(written)
      let version = try entry.requiredText("version")
      var package = LockGraph.Package(name: name, version: version)
      let list = entry["files"] ?? files[written]
      guard list != nil || entry["source"] != nil else {
        return .whole("it has no file of \(written): run poetry lock")
      }
      let hashes = Set(list?.elements.compactMap { $0["hash"]?.string } ?? []).sorted(by: LockGraph.precedes)
      package.facts = entry.facts(["source"])
      package.facts["files"] = hashes.joined(separator: " ")
      package.pin = PythonPin(
        name: written, version: version, hashes: hashes, source: source(entry["source"]))
      package.marker = marker(of: entry)
      for need in entry["dependencies"]?.members ?? [] { package.needs += needs(need.key, need.value, keys) }
      for extra in entry["extras"]?.members ?? [] {
        for text in extra.value.elements.compactMap(\.string) {
          // `name (>=1)`: the same need stands among the dependencies, marked with the name of the group.
          let name = text.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
          package.needs += (keys[Requirements.normalized(name)] ?? []).map {
            LockGraph.Need(package: $0.key, extra: extra.key)
          }
        }
      }
      graph.packages["\(name) \(version)"] = package
    }
    guard let manifest = sources.toml("pyproject.toml") else {
      return .whole("no pyproject.toml that can be understood lies beside it")
    }
    graph.members[.root] = "project"
    graph.packages["project"] = project(manifest, keys)
    return .graph(graph)
  }

  private static func source(_ node: JSONNode?) -> PythonPin.Source {
    let address = node?["url"]?.string ?? ""
    switch node?["type"]?.string {
    case "git": return .url("git+\(address)@\(node?["resolved_reference"]?.string ?? "HEAD")")
    case "url": return .url(address)
    case "directory", "file": return .path(address)
    case "legacy": return PythonPin.Source(index: address)
    default: return .index(nil)
    }
  }

  /// When the package is installed at all, which locks say since version 2.1: in one word, or for each group of needs.
  private static func marker(of entry: JSONNode) -> String? {
    let markers = entry["markers"]
    return markers?.string ?? markers?["main"]?.string
  }

  private static func needs(
    _ name: String, _ node: JSONNode, _ keys: [String: [(key: String, version: String)]]
  ) -> [LockGraph.Need] {
    let found = keys[Requirements.normalized(name)] ?? []
    let choices = node.elements.isEmpty ? [node] : node.elements
    return choices.flatMap { choice in
      // What only a group of needs asks for comes with that group.
      guard choice["optional"]?.bool != true else { return [LockGraph.Need]() }
      let extras = choice["extras"]?.elements.compactMap(\.string) ?? []
      let constraint = (choice["version"] ?? choice).string.flatMap(PoetryConstraint.init)
      let taken = found.filter { constraint?.takes($0.version) ?? true }
      let marker = condition(of: choice)
      return (taken.isEmpty ? found : taken).map {
        LockGraph.Need(package: $0.key, marker: marker, extras: extras)
      }
    }
  }

  /// When a choice among several is meant: its marker, its Pythons and its platform.
  private static func condition(of choice: JSONNode) -> String? {
    var parts: [String] = []
    if let marker = choice["markers"]?.string { parts.append(marker) }
    if let pythons = choice["python"]?.string.flatMap(PoetryConstraint.init)?.marker { parts.append(pythons) }
    if let platform = choice["platform"]?.string { parts.append("sys_platform == '\(platform)'") }
    return LockGraph.both(parts)
  }

  /// What the project itself asks for.
  private static func project(
    _ manifest: JSONNode, _ keys: [String: [(key: String, version: String)]]
  ) -> LockGraph.Package {
    var project = LockGraph.Package(name: "project")
    for text in manifest["project"]?["dependencies"]?.elements.compactMap(\.string) ?? [] {
      let requirement = PythonRequirement(text)
      project.needs += (keys[Requirements.normalized(requirement.name)] ?? []).map {
        LockGraph.Need(package: $0.key, marker: requirement.marker, extras: requirement.extras)
      }
    }
    let poetry = manifest["tool"]?["poetry"]
    let main = poetry?["group"]?["main"]?["dependencies"]
    for need in (poetry?["dependencies"]?.members ?? []) + (main?.members ?? []) where need.key != "python" {
      project.needs += needs(need.key, need.value, keys)
    }
    var groups =
      poetry?["group"]?.members.filter { $0.key != "main" }.map { $0.value["dependencies"] } ?? []
    groups.append(poetry?["dev-dependencies"])
    for group in groups {
      for need in group?.members ?? [] {
        project.needs += needs(need.key, need.value, keys).map {
          var need = $0
          need.isDevelopment = true
          return need
        }
      }
    }
    return project
  }
}

/// One requirement as PEP 508 writes it: `name[extra] >= 1; marker`.
struct PythonRequirement {
  let name: String
  let extras: [String]
  /// What stands between name and marker, without white space around it.
  let version: String
  let marker: String?

  init(_ text: String) {
    let halves = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
    let head = halves[0].drop(while: \.isWhitespace)
    let name = head.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    self.name = String(name)
    var rest = head.dropFirst(name.count).drop(while: \.isWhitespace)
    var extras: [String] = []
    if rest.first == "[", let close = rest.firstIndex(of: "]") {
      extras = rest[..<close].dropFirst().split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      rest = rest[close...].dropFirst()
    }
    self.extras = extras
    version = rest.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    marker = halves.count > 1 ? halves[1].split(whereSeparator: \.isWhitespace).joined(separator: " ") : nil
  }
}
