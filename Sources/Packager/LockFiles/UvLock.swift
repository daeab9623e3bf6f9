internal import Core

/// `uv.lock`.
///
/// Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
enum UvLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(toml: bytes)
    let version = try document.requiredText("version")
    guard version == "1" else { return .whole("it is of version \(version), and lamctl knows 1") }
    var graph = LockGraph()
    let entries = document["package"]?.elements ?? []
    var keys: [String: [(key: String, node: JSONNode)]] = [:]
    for entry in entries {
      let name = try entry.requiredText("name")
      if try entry.required("source")["registry"] != nil, entry["wheels"] == nil, entry["sdist"] == nil {
        return .whole("it has no file of \(name): run uv lock")
      }
      keys[name, default: []].append((key(entry), entry))
      guard keys[name]?.count ?? 0 <= LockGraph.mostVersions else {
        throw entry.fault("there are more than \(LockGraph.mostVersions) versions of \(name)")
      }
    }
    for entry in entries {
      let name = try entry.requiredText("name")
      var package = LockGraph.Package(name: name, version: entry["version"]?.string ?? "")
      package.facts = facts(entry)
      package.pin = try pin(entry, name: name)
      for need in entry["dependencies"]?.elements ?? [] {
        package.needs += try self.needs(need, keys)
      }
      for group in entry["optional-dependencies"]?.members ?? [] {
        for need in group.value.elements {
          package.needs += try self.needs(need, keys).map {
            var need = $0
            need.extra = group.key
            return need
          }
        }
      }
      for group in entry["dev-dependencies"]?.members ?? [] {
        for need in group.value.elements {
          package.needs += try self.needs(need, keys).map {
            var need = $0
            need.isDevelopment = true
            return need
          }
        }
      }
      let key = key(entry)
      graph.packages[key] = package
      if let folder = folder(entry).flatMap({ RepositoryPath($0) }) { graph.members[folder] = key }
    }
    for name in document["manifest"]?["members"]?.elements.compactMap(\.string) ?? [] where keys[name] == nil
    {
      return .whole("it has no entry for \(name), which it lists as a member: run uv lock")
    }
    if let reason = lack(of: entries, keys, sources) { return .whole(reason) }
    return .graph(graph)
  }

  /// What an entry must have and has not, as an entry that was cut; nil when nothing lacks.
  private static func lack(
    of entries: [JSONNode], _ keys: [String: [(key: String, node: JSONNode)]], _ sources: LockSources
  ) -> String? {
    for entry in entries {
      for need in entry["dependencies"]?.elements ?? [] {
        let found = keys[need["name"]?.string ?? ""] ?? []
        for extra in need["extra"]?.elements.compactMap(\.string) ?? []
        where !found.contains(where: { $0.node["optional-dependencies"]?[extra] != nil }) {
          return "\(need["name"]?.string ?? "") has no \"\(extra)\" in it: run uv lock"
        }
      }
      guard let folder = folder(entry).flatMap({ RepositoryPath($0) }) else { continue }
      let file = folder.appending("pyproject.toml")
      let manifest = sources.toml(file)
      // What no Python of the project can take is among what was asked for, and not among what is needed.
      let metadata = entry["metadata"]
      let groups = manifest?["dependency-groups"]?.members ?? []
      let lists =
        [(manifest?["project"]?["dependencies"], [entry["dependencies"], metadata?["requires-dist"]])]
        + groups.map { group in
          let name = group.key
          return (group.value, [entry["dev-dependencies"]?[name], metadata?["requires-dev"]?[name]])
        }
      for (asked, given) in lists {
        let names = Set(given.flatMap { $0?.elements ?? [] }.compactMap { $0["name"]?.string })
        for text in asked?.elements.compactMap(\.string) ?? [] {
          let name = Requirements.normalized(PythonRequirement(text).name)
          if !name.isEmpty, name != entry["name"]?.string, !names.contains(name) {
            return "\(name) of \(file) has no entry in it: run uv lock"
          }
        }
      }
    }
    return nil
  }

  private static func key(_ entry: JSONNode) -> String {
    let source = entry["source"]?.json.text(sortedKeys: true) ?? ""
    return "\(entry["name"]?.string ?? "") \(entry["version"]?.string ?? "") \(source)"
  }

  /// The folder of a package of the repository.
  private static func folder(_ entry: JSONNode) -> String? {
    let source = entry["source"]
    return (source?["virtual"] ?? source?["editable"] ?? source?["directory"] ?? source?["path"])?.string
  }

  private static func facts(_ entry: JSONNode) -> [String: String] {
    var facts = entry.facts(["source"])
    let files = (entry["wheels"]?.elements ?? []) + (entry["sdist"].map { [$0] } ?? [])
    let hashes = files.map { $0["hash"]?.string ?? $0["url"]?.string ?? $0["path"]?.string ?? "" }
    facts["files"] = Set(hashes).sorted(by: LockGraph.precedes).joined(separator: " ")
    return facts
  }

  private static func pin(_ entry: JSONNode, name: String) throws(JSONSyntaxError) -> PythonPin {
    let source = entry["source"]
    let from: PythonPin.Source
    if let folder = folder(entry) {
      from = .path(folder)
    } else if let address = source?["git"]?.string {
      // What stands behind the question mark is what was asked for, behind the number sign what was found.
      let repository = address.prefix { $0 != "?" && $0 != "#" }
      let found = address.lastIndex(of: "#").map { String(address[$0...].dropFirst()) }
      from = .url("git+\(repository)@\(found ?? "HEAD")")
    } else if let address = source?["url"]?.string {
      from = .url(address)
    } else {
      from = PythonPin.Source(index: source?["registry"]?.string)
    }
    let files = (entry["wheels"]?.elements ?? []) + (entry["sdist"].map { [$0] } ?? [])
    let hashes = Set(files.compactMap { $0["hash"]?.string }).sorted(by: LockGraph.precedes)
    return PythonPin(name: name, version: entry["version"]?.string ?? "", hashes: hashes, source: from)
  }

  /// The packages that a line of needs may mean: several where markers choose a version.
  private static func needs(
    _ need: JSONNode, _ keys: [String: [(key: String, node: JSONNode)]]
  ) throws(JSONSyntaxError) -> [LockGraph.Need] {
    let name = try need.requiredText("name")
    let version = need["version"]?.string
    let source = need["source"]?.json
    let found = (keys[name] ?? []).filter { candidate in
      (version == nil || candidate.node["version"]?.string == version)
        && (source == nil || candidate.node["source"]?.json == source)
    }
    guard !found.isEmpty else { throw need.fault("\"\(name)\" is no package of the lock file: run uv lock") }
    return found.map {
      LockGraph.Need(
        package: $0.key, marker: need["marker"]?.string,
        extras: need["extra"]?.elements.compactMap(\.string) ?? [])
    }
  }
}
