internal import Core

/// What was installed into a folder, by the metadata that each distribution brings.
struct InstalledDistributions {
  private struct Distribution {
    let name: String
    let version: PythonVersion?
    /// What it requires, as it is written.
    let requirements: [String]
    /// The folder of its metadata.
    let folder: RepositoryPath
    /// Whether it was asked for itself, by name or as a file, and not by another one alone.
    let isRequested: Bool
  }

  private let home: String
  private var byName: [String: Distribution] = [:]

  private static let longestMetadata = 4 << 20
  private static let longestRecord = 32 << 20

  /// - Parameter folder: absolute path.
  init(folder: String) {
    home = folder
    for name in (try? Files.names(in: folder)) ?? [] where name.hasSuffix(".dist-info") {
      guard let bytes = try? Files.read("\(folder)/\(name)/METADATA", limit: Self.longestMetadata) else {
        continue
      }
      var distribution = ""
      var version = ""
      var requirements: [String] = []
      // Headers end with the first empty line; the description follows.
      for raw in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let line = String(decoding: raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw, as: UTF8.self)
        if line.isEmpty { break }
        let value = { (header: String) in
          line.lowercased().hasPrefix(header) ? String(line.dropFirst(header.count).drop { $0 == " " }) : nil
        }
        if let found = value("name:") { distribution = found.filter { !$0.isWhitespace } }
        if let found = value("version:") { version = found }
        if let found = value("requires-dist:") { requirements.append(found) }
      }
      let normalized = Requirements.normalized(distribution)
      byName[normalized] = Distribution(
        name: distribution, version: PythonVersion(version), requirements: requirements,
        folder: RepositoryPath.root.appending(name),
        isRequested: Files.exists("\(folder)/\(name)/REQUESTED"))
    }
  }

  /// What the requirements of a unit come to on a runtime.
  struct Reach {
    /// The normalised names of what is needed there, or may be.
    fileprivate(set) var names: Set<String> = []
    /// What is needed and not there, or not in a version that will do, each with who says so.
    fileprivate(set) var lacking: [String] = []
    /// Whether all that was asked for is known by name.
    fileprivate(set) var isWhole = true
  }

  /// What the lines of `requirements`, the user's own, reach on `target`.
  func reach(of requirements: [String], on target: PythonMarker.Target) -> Reach {
    var reach = Reach()
    var pending: [(name: String, extras: Set<String>)] = []
    var strangers: Set<String> = []
    for line in requirements where !line.hasPrefix("-") {
      guard let need = Requirements.requirement(of: line), byName[need.name] != nil else {
        // A folder, a file or an address: whatever was asked for under another name.
        strangers.formUnion(Requirements.extras(in: line))
        reach.isWhole = false
        continue
      }
      pending.append(need)
    }
    let named = Set(pending.map(\.name))
    for (name, distribution) in byName where distribution.isRequested {
      if !named.contains(name) { pending.append((name, strangers)) }
      reach.isWhole = true
    }
    var seen: [String: Set<String>] = [:]
    while let (name, extras) = pending.popLast() {
      let known = seen[name]
      guard known == nil || !extras.isSubset(of: known ?? []) else { continue }
      seen[name] = (known ?? []).union(extras)
      guard let distribution = byName[name] else { continue }
      for line in distribution.requirements {
        pending += needs(of: distribution, line, extras: seen[name] ?? [], on: target, &reach.lacking)
      }
    }
    reach.names = Set(seen.keys)
    return reach
  }

  /// What one line of a distribution's requirements asks for on `target`; nothing where its condition does not hold.
  private func needs(
    of distribution: Distribution, _ line: String, extras: Set<String>, on target: PythonMarker.Target,
    _ lacking: inout [String]
  ) -> [(name: String, extras: Set<String>)] {
    guard let (rest, text) = Requirements.marker(of: line), !text.isEmpty else {
      // The installer has seen to what has no condition.
      guard let need = Requirements.requirement(of: line) else { return [] }
      if byName[need.name] == nil { lacking.append(told(need.name, distribution, line)) }
      return [need]
    }
    guard let need = Requirements.requirement(of: rest) else { return [] }
    guard let marker = PythonMarker(text) else { return [need] }
    // Of the target's Python the last number is not known.
    if marker.mustHold(on: target, extras: extras) {
      if let found = byName[need.name] {
        if let version = found.version, Requirements.accepts(version, in: rest) == false {
          lacking.append(told("\(need.name) in another version", distribution, line))
        }
      } else {
        lacking.append(told(need.name, distribution, line))
      }
      return [need]
    }
    return marker.mayHold(on: target, extras: extras) ? [need] : []
  }

  private func told(_ what: String, _ by: Distribution, _ line: String) -> String {
    "\(what) (\(by.name) requires '\(line)')"
  }

  /// The files of the distributions that are none of `names`, as far as no other one has them too: what is needed by the
  /// Python that installed them alone. A distribution that does not say which files it has stays.
  func files(besides names: Set<String>) -> Set<RepositoryPath> {
    var dropped: Set<RepositoryPath> = []
    var kept: Set<RepositoryPath> = []
    for (name, distribution) in byName {
      guard let files = record(of: distribution) else { continue }
      if names.contains(name) { kept.formUnion(files) } else { dropped.formUnion(files) }
    }
    return dropped.subtracting(kept)
  }

  /// The files of a distribution by the list that it brings; nil without one. A path with a comma stands in quotes.
  private func record(of distribution: Distribution) -> [RepositoryPath]? {
    let file = distribution.folder.appending("RECORD").absolute(in: home)
    guard let bytes = try? Files.read(file, limit: Self.longestRecord) else { return nil }
    let files = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line -> RepositoryPath? in
      let text = String(decoding: line, as: UTF8.self)
      let path = text.hasPrefix("\"") ? text.dropFirst().prefix { $0 != "\"" } : text.prefix { $0 != "," }
      return RepositoryPath(path)
    }
    return files.contains(distribution.folder.appending("METADATA")) ? files : nil
  }
}
