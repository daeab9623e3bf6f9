internal import Core

/// Holds what npm has installed against its lock: some versions end without an error and with half a tree.
struct NpmTree {
  let build: UnitBuild
  let project: NodeProject
  let place: BuildPlace

  private static let longestLock = 256 << 20
  private static let mostNamed = 5

  /// The packages of the lock by their places, from its folder.
  private func locked() throws(PackagerError) -> [(place: String, entry: JSON)] {
    let path = project.folder.appending(project.lock)
    let absolute = path.absolute(in: place.root)
    let bytes = try system { () throws(SystemError) in try Files.read(absolute, limit: Self.longestLock) }
    let document: JSONObject
    do throws(JSONSyntaxError) {
      document = try NodeManifest.object(bytes)
    } catch {
      throw .inputs(
        unit: build.unit, reason: "\(path): \(error)", fix: "run npm install once and commit the lock")
    }
    return (document["packages"]?.object?.members ?? []).filter { $0.key.contains("node_modules/") }.map {
      ($0.key, $0.value)
    }
  }

  /// Throws unless everything that the lock has for production is there in its version.
  func requireAll() throws(PackagerError) {
    let flags = ["dev", "devOptional", "optional", "peer", "link", "extraneous", "inBundle"]
    let expected = try locked().filter { locked in flags.allSatisfy { locked.entry[$0]?.bool != true } }
    let wrong = expected.filter { !isThere($0.entry, at: $0.place) }
    try refuse(wrong.map(\.place), of: expected.count)
  }

  /// Throws unless what lies in `folders`, absolute paths, has the lock's versions.
  func requireVersions(of folders: [String]) throws(PackagerError) {
    let top = project.folder.absolute(in: place.root) + "/"
    let present = Set(folders.filter { $0.hasPrefix(top) }.map { String($0.dropFirst(top.count)) })
    let expected = try locked().filter { present.contains($0.place) && $0.entry["link"]?.bool != true }
    try refuse(expected.filter { !isThere($0.entry, at: $0.place) }.map(\.place), of: expected.count)
  }

  private func isThere(_ entry: JSON, at name: String) -> Bool {
    let folder = "\(project.folder.absolute(in: place.root))/\(name)"
    guard let manifest = NodeManifest.read(in: folder) else { return false }
    guard let wanted = entry["version"]?.string, let found = manifest["version"]?.string else { return true }
    return wanted == found
  }

  private func refuse(_ missing: [String], of count: Int) throws(PackagerError) {
    guard !missing.isEmpty else { return }
    let names = missing.prefix(Self.mostNamed).map { $0.escaped }.joined(separator: ", ")
    let more = missing.count > Self.mostNamed ? " and \(missing.count - Self.mostNamed) more" : ""
    throw .inputs(
      unit: build.unit,
      reason:
        "npm ended without an error, but of the \(count) packages that \(project.lock) pins \(missing.count) are not installed in their versions: \(names)\(more)",
      fix: "run the same command again; if it stays, 'npm cache clean --force', or use another version of npm"
    )
  }
}
