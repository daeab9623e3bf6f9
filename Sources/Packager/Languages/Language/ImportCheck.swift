internal import Core

/// A unit whose imports are held against what it declares: a change in code of the repository that it imports without
/// declaring it would go unseen.
struct ImportCheck {
  /// Absolute path of the repository's root.
  let root: String
  let config: WorkspaceConfig
  let build: UnitBuild
  let inputs: UnitInputs

  func read(_ path: RepositoryPath) throws(PackagerError) -> [UInt8] {
    try system { () throws(SystemError) in try Files.read(path.absolute(in: root)) }
  }

  func exists(_ path: RepositoryPath) -> Bool { Files.exists(path.absolute(in: root)) }

  func isFolder(_ path: RepositoryPath) -> Bool { Files.isFolder(path.absolute(in: root)) }

  /// The error for `what` in `file`, which is code in `folder` of the repository.
  func undeclared(_ what: String, in file: RepositoryPath, from folder: RepositoryPath) -> PackagerError {
    let shown = isFolder(folder) ? folder : folder.parent
    let up = String(repeating: "../", count: build.unit.components.count)
    return .undeclared(
      unit: build.unit,
      reason: "\(what) in \(file) is code of this repository (\(shown)) that the unit does not declare",
      fix: "add \"uses\": [\"\(up)\(shown)\"] to \(build.unit.appending("function.json"))")
  }
}
