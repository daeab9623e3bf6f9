internal import Core

/// `package-lock.json` and `npm-shrinkwrap.json` of npm 7 and later.
///
/// Source: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
enum NpmLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(parsing: bytes)
    let version = document["lockfileVersion"]?.word ?? "1"
    guard ["2", "3"].contains(version) else {
      return .whole("it is of lockfileVersion \(version), which has no list of packages")
    }
    let entries = try document.required("packages").members
    let byPlace = Dictionary(entries.map { ($0.key, $0.value) }) { _, last in last }
    var graph = LockGraph()
    for entry in entries {
      let place = entry.key
      let node = entry.value
      try node.check(place: place)
      if node["link"]?.bool == true { continue }
      let isMember = !place.utf8.starts(with: "node_modules/".utf8) && !place.contains("/node_modules/")
      var package = LockGraph.Package(name: node["name"]?.string ?? name(of: place))
      if isMember {
        // What lies beside the lock's folder has no place in it.
        if let folder = RepositoryPath(place) {
          graph.members[folder] = place
        } else if !place.utf8.starts(with: "../".utf8) {
          throw JSONSyntaxError(position: entry.keyPosition, reason: "no folder has the name \"\(place)\"")
        }
      } else {
        package.version = node["version"]?.string ?? ""
        package.facts = node.facts([
          "resolved", "integrity", "os", "cpu", "libc", "hasInstallScript", "bin", "bundleDependencies",
          "inBundle",
        ])
      }
      var lists = [("dependencies", false), ("optionalDependencies", false), ("peerDependencies", false)]
      if isMember { lists.append(("devDependencies", true)) }
      var seen: Set<String> = []
      for (list, isDevelopment) in lists {
        for need in node[list]?.members ?? [] where seen.insert(need.key).inserted {
          // Optional ones and peers may be missing.
          guard let target = target(of: need.key, from: place, in: byPlace) else { continue }
          package.needs.append(LockGraph.Need(package: target, isDevelopment: isDevelopment))
        }
      }
      graph.packages[place] = package
    }
    return .graph(graph)
  }

  /// The package's name by the place that it is put in.
  private static func name(of place: String) -> String {
    let parts = place.split(separator: "/")
    guard let last = parts.lastIndex(of: "node_modules") else { return place }
    return parts[(last + 1)...].joined(separator: "/")
  }

  /// Where Node finds `name` from `place`: in the nearest `node_modules` there or above.
  private static func target(of name: String, from place: String, in places: [String: JSONNode]) -> String? {
    var folder = place[...]
    for _ in 0...LockGraph.deepest {
      let candidate = folder.isEmpty ? "node_modules/\(name)" : "\(folder)/node_modules/\(name)"
      if let found = places[candidate] {
        guard found["link"]?.bool == true else { return candidate }
        return found["resolved"]?.string
      }
      guard !folder.isEmpty else { return nil }
      folder = folder.lastIndex(of: "/").map { folder[..<$0] } ?? ""
    }
    return nil
  }
}
