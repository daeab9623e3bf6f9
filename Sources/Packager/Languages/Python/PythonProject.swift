internal import Core

/// What says which dependencies a Python unit has.
enum PythonProject {
  case nothing
  /// A `requirements.txt`.
  case requirements
  /// `file` names dependencies that nothing pins; `advice` is the way out.
  case unlocked(file: RepositoryPath, advice: String)

  private static let longestManifest = 1 << 20

  /// That of `unit`; `root` is the absolute path of the repository.
  static func find(for unit: RepositoryPath, root: String) -> PythonProject {
    let folder = unit.absolute(in: root)
    let bytes = { (name: String) in (try? Files.read("\(folder)/\(name)", limit: Requirements.longest)) ?? []
    }
    if !Requirements.isEmpty(bytes("requirements.txt")) { return .requirements }
    let shown = unit.isRoot ? "the root folder" : unit.description
    if declaresPackages(bytes("Pipfile"), in: ["packages"]) {
      return .unlocked(
        file: unit.appending("Pipfile"),
        advice: "run 'pipenv requirements > requirements.txt' in \(shown) and commit the file")
    }
    let project = bytes("pyproject.toml")
    if declaresPackages(project, in: ["tool.poetry.dependencies"]) {
      return .unlocked(
        file: unit.appending("pyproject.toml"),
        advice: "run 'poetry export -o requirements.txt' in \(shown) and commit the file")
    }
    if declaresList(project) {
      return .unlocked(
        file: unit.appending("pyproject.toml"),
        advice:
          "run 'uv export --no-dev --no-emit-project -o requirements.txt' in \(shown) and commit the file")
    }
    return .nothing
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
