internal import Core

/// What says which dependencies a Python unit has.
enum PythonProject {
  case nothing
  /// A `requirements.txt`.
  case requirements
  /// A `uv.lock`, `poetry.lock` or `Pipfile.lock`, by its path from the root.
  case lock(RepositoryPath)
  /// `file` names dependencies that nothing pins; `advice` is the way out.
  case unlocked(file: RepositoryPath, advice: String)

  /// That of `unit`; `root` is the absolute path of the repository.
  static func find(for unit: RepositoryPath, root: String) -> PythonProject {
    let folder = unit.absolute(in: root)
    let bytes = { (name: String) in (try? Files.read("\(folder)/\(name)", limit: Requirements.longest)) ?? []
    }
    if !Requirements.isEmpty(bytes("requirements.txt")) { return .requirements }
    if let lock = lock(for: unit, root: root) { return .lock(lock) }
    let shown = unit.isRoot ? "the root folder" : unit.description
    if declaresPackages(bytes("Pipfile"), in: ["packages"]) {
      return .unlocked(
        file: unit.appending("Pipfile"),
        advice: "run 'pipenv lock' in \(shown) and commit Pipfile.lock")
    }
    let project = bytes("pyproject.toml")
    if declaresPackages(project, in: ["tool.poetry.dependencies"]) {
      return .unlocked(
        file: unit.appending("pyproject.toml"),
        advice: "run 'poetry lock' in \(shown) and commit poetry.lock")
    }
    if declaresList(project) {
      return .unlocked(
        file: unit.appending("pyproject.toml"),
        advice: "run 'uv lock' in \(shown) and commit uv.lock")
    }
    return .nothing
  }

  /// The lock beside the unit's manifest, or the one of uv's workspace above it.
  private static func lock(for unit: RepositoryPath, root: String) -> RepositoryPath? {
    let exists = { (path: RepositoryPath) in Files.exists(path.absolute(in: root)) }
    if let own = ["uv.lock", "poetry.lock", "Pipfile.lock"].map({ unit.appending($0) }).first(where: exists) {
      return own
    }
    guard exists(unit.appending("pyproject.toml")) else { return nil }
    var folder = unit
    while !folder.isRoot {
      folder = folder.parent
      let lock = folder.appending("uv.lock")
      if exists(lock) { return lock }
    }
    return nil
  }

  private static func lines(_ bytes: [UInt8]) -> [Substring] {
    bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.map { line in
      String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "\t" }
    }
  }

  /// Whether one of the tables has a key other than `python`.
  private static func declaresPackages(_ bytes: [UInt8], in tables: [String]) -> Bool {
    var isInside = false
    for line in lines(bytes) {
      if line.hasPrefix("[") {
        isInside = tables.contains(String(line.dropFirst().prefix { $0 != "]" }))
      } else if isInside, !line.hasPrefix("#"), line.contains("="), !line.hasPrefix("python") {
        return true
      } else if isInside, line.hasPrefix("python-") || line.hasPrefix("python_") {
        return true
      }
    }
    return false
  }

  /// Whether `dependencies` of the table `project` names anything.
  private static func declaresList(_ bytes: [UInt8]) -> Bool {
    var isInside = false
    var isInList = false
    for line in lines(bytes) {
      if line.hasPrefix("["), !isInList { isInside = line.hasPrefix("[project]") }
      if isInside, line.hasPrefix("dependencies") { isInList = true }
      guard isInList else { continue }
      let text = line.prefix { $0 != "#" }
      if text.contains("\"") || text.contains("'") { return true }
      if text.contains("]") { return false }
    }
    return false
  }
}
