internal import Core

/// What was installed into a folder, by the metadata that each distribution brings.
struct InstalledDistributions {
  private struct Distribution {
    let name: String
    /// What it requires, as it is written.
    let requirements: [String]
  }

  private var byName: [String: Distribution] = [:]

  private static let longestMetadata = 4 << 20

  /// - Parameter folder: absolute path.
  init(folder: String) {
    for name in (try? Files.names(in: folder)) ?? [] where name.hasSuffix(".dist-info") {
      guard let bytes = try? Files.read("\(folder)/\(name)/METADATA", limit: Self.longestMetadata) else {
        continue
      }
      var distribution = ""
      var requirements: [String] = []
      // Headers end with the first empty line; the description follows.
      for raw in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let line = String(decoding: raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw, as: UTF8.self)
        if line.isEmpty { break }
        let value = { (header: String) in
          line.lowercased().hasPrefix(header) ? String(line.dropFirst(header.count).drop { $0 == " " }) : nil
        }
        if let found = value("name:") { distribution = found.filter { !$0.isWhitespace } }
        if let found = value("requires-dist:") { requirements.append(found) }
      }
      let normalized = Requirements.normalized(distribution)
      byName[normalized] = Distribution(name: distribution, requirements: requirements)
    }
  }

  /// Throws when something that the target needs is missing: pip decides conditions by the interpreter that runs it.
  ///
  /// - Parameter requirements: absolute path of the file that was installed from.
  func check(
    requirements: String, target: PythonMarker.Target, build: UnitBuild
  ) throws(PackagerError) {
    let bytes = (try? Files.read(requirements, limit: Requirements.longest)) ?? []
    var pending: [(name: String, extras: Set<String>)] = Requirements.lines(bytes).compactMap { line in
      Requirements.requirement(of: line)
    }
    var seen: [String: Set<String>] = [:]
    var missing: [String] = []
    while let (name, extras) = pending.popLast() {
      let known = seen[name]
      guard known == nil || !extras.isSubset(of: known ?? []) else { continue }
      seen[name] = (known ?? []).union(extras)
      // What is named by a folder or an address may be called otherwise.
      guard let distribution = byName[name] else { continue }
      for line in distribution.requirements {
        let (rest, text) = Requirements.marker(of: line) ?? (line, "")
        if !text.isEmpty {
          guard let marker = PythonMarker(text), marker.holds(on: target, extras: seen[name] ?? []) else {
            continue
          }
        }
        guard let need = Requirements.requirement(of: rest) else { continue }
        if byName[need.name] == nil {
          missing.append("\(need.name) (\(distribution.name) requires '\(line)')")
        } else {
          pending.append(need)
        }
      }
    }
    guard !missing.isEmpty else { return }
    let names = Array(Set(missing)).sorted().joined(separator: ", ")
    throw .inputs(
      unit: build.unit,
      reason:
        "pip decided conditions by the Python that runs it rather than by \(build.runtime ?? "the runtime"), and left out \(names)",
      fix:
        "install uv, which decides for the target, or add what is missing to requirements.txt by name")
  }
}
