internal import Core

/// `bun.lock`, which is JSON with comments.
///
/// Source: https://bun.sh/docs/install/lockfile
enum BunLock {
  static func read(_ bytes: [UInt8], _ sources: LockSources) throws(JSONSyntaxError) -> LockReading {
    let document = try JSONNode(parsing: bytes, comments: true)
    let version = try document.requiredText("lockfileVersion")
    guard ["0", "1"].contains(version) else {
      return .whole("it is of lockfileVersion \(version), and lamctl knows 0 and 1")
    }
    let workspaces = try document.required("workspaces").members
    let packages = try document.required("packages").members
    var graph = LockGraph()
    let keys = Set(packages.map(\.key))
    // A member stands among the packages under its name, as a link to its folder.
    var links: [String: String] = [:]
    for package in packages {
      if let identity = package.value.elements.first?.string,
        let marker = identity.firstRange(of: "@workspace:")
      {
        links[package.key] = "workspace " + identity[marker.upperBound...]
      }
    }
    let find = { (name: String, place: String) -> String? in
      target(of: name, from: place, in: keys).map { links[$0] ?? $0 }
    }
    for entry in packages where links[entry.key] == nil {
      try entry.value.check(place: entry.key)
      let elements = entry.value.elements
      guard let identity = elements.first?.string,
        let at = identity.utf8.dropFirst().firstIndex(of: UInt8(ascii: "@"))
      else { throw entry.value.fault("a package is a list that begins with its name and version") }
      var package = LockGraph.Package(
        name: String(identity[..<at]), version: String(identity[identity.utf8.index(after: at)...]))
      let details = elements.first { if case .object = $0.kind { true } else { false } }
      package.facts = details?.facts(["os", "cpu", "libc", "bin"]) ?? [:]
      package.facts["rest"] = elements.dropFirst().compactMap(\.string).joined(separator: " ")
      for list in ["dependencies", "optionalDependencies", "peerDependencies"] {
        for need in details?[list]?.members ?? [] {
          find(need.key, entry.key).map { package.needs.append(LockGraph.Need(package: $0)) }
        }
      }
      graph.packages[entry.key] = package
    }
    for workspace in workspaces {
      guard let folder = RepositoryPath(workspace.key) else {
        throw JSONSyntaxError(
          position: workspace.keyPosition, reason: "no folder has the name \"\(workspace.key)\"")
      }
      var member = LockGraph.Package(name: workspace.key)
      let place = workspace.value["name"]?.string ?? ""
      try workspace.value.check(place: place)
      for list in ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"] {
        for need in workspace.value[list]?.members ?? [] {
          find(need.key, place).map {
            member.needs.append(LockGraph.Need(package: $0, isDevelopment: list == "devDependencies"))
          }
        }
      }
      graph.members[folder] = "workspace " + workspace.key
      graph.packages["workspace " + workspace.key] = member
    }
    return .graph(graph)
  }

  /// The key of `name` as seen from `place`: `place/name`, then from one package further up.
  private static func target(of name: String, from place: String, in keys: Set<String>) -> String? {
    var parts = place.split(separator: "/")
    guard parts.count <= LockGraph.deepest else { return nil }
    while !parts.isEmpty {
      let candidate = parts.joined(separator: "/") + "/" + name
      if keys.contains(candidate) { return candidate }
      parts.removeLast()
    }
    return keys.contains(name) ? name : nil
  }
}
