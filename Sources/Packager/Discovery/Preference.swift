internal import Core

/// Rule Z2 inside a unit: conventional file names before others, the shallowest first; the rest are helpers.
enum Preference {
  static func narrow(
    _ units: [String: [HandlerCandidate]]
  ) -> (kept: [String: [HandlerCandidate]], passedOver: [PassedOver]) {
    var kept: [String: [HandlerCandidate]] = [:]
    var passedOver: [PassedOver] = []
    let conventional = units.flatMap { unit, candidates in
      candidates.filter(\.isConventional).map { (unit: unit, candidate: $0) }
    }
    for (unit, candidates) in units {
      for candidate in candidates {
        let better = conventional.first { other in
          beats(other.candidate, candidate, isSameUnit: other.unit == unit)
        }
        if let better {
          passedOver.append(
            PassedOver(
              path: candidate.file,
              reason: "looks like a handler but \(better.candidate.file) is the more usual place"))
        } else {
          kept[unit, default: []].append(candidate)
        }
      }
    }
    return (kept, passedOver.sorted { $0.path < $1.path })
  }

  /// Whether `a`, which has a conventional name, makes `b` a helper.
  private static func beats(_ a: HandlerCandidate, _ b: HandlerCandidate, isSameUnit: Bool) -> Bool {
    guard a.file != b.file, a.language == b.language else { return false }
    if a.folder == b.folder { return !b.isConventional }
    // What lies at the top of the repository says nothing about all the folders below.
    guard !a.folder.isEmpty, b.folder.hasPrefix(a.folder + "/") else { return false }
    let between = b.folder.dropFirst(a.folder.count).split(separator: "/").map(String.init)
    guard !between.contains(where: Narrowing.conventionalParents.contains) else { return false }
    return !b.isConventional || isSameUnit
  }
}

/// Rule Z2 between units: where a handler's unit begins.
struct Manifests {
  private static let names: [Language: [String]] = [
    .python: ["requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock", "Pipfile", "setup.py"],
    .node: ["package.json"],
  ]

  let index: RepositoryIndex

  /// The nearest folder with a manifest of the handler's language, else the handler's own.
  func unit(of candidate: HandlerCandidate) -> String {
    var folder = candidate.folder
    while true {
      let names = Self.names[candidate.language] ?? []
      if names.contains(where: { counts(RootPath.join(folder, $0), atTop: folder.isEmpty) }) { return folder }
      guard !folder.isEmpty else { return candidate.folder }
      folder = RootPath.parent(folder)
    }
  }

  /// Whether the file exists and declares something to run with: the settings of a repository's tools do not.
  private func counts(_ path: String, atTop: Bool) -> Bool {
    guard index.hasFile(path), let bytes = try? index.read(path) else { return false }
    switch RootPath.name(path) {
    case "package.json":
      guard let manifest = try? JSONReading.object(bytes) else { return true }
      if manifest["workspaces"] != nil { return false }
      return !atTop || manifest["dependencies"]?.object?.isEmpty == false
    case "pyproject.toml":
      let text = String(decoding: bytes, as: UTF8.self)
      return text.split(separator: "\n").contains { line in
        line.hasPrefix("[project]") || line.hasPrefix("[tool.poetry]")
      }
    case "requirements.txt": return !atTop || !Requirements.isEmpty(bytes)
    case "setup.py": return !atTop
    default: return true
    }
  }
}
