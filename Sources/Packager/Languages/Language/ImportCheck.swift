internal import Core

/// A unit whose imports are held against what it declares: a change in code of the repository that it imports without
/// declaring it would go unseen.
struct ImportCheck {
  /// Absolute path of the repository's root.
  let root: String
  let config: WorkspaceConfig
  let build: UnitBuild
  let inputs: UnitInputs

  func read(_ path: String) throws(PackagerError) -> [UInt8] {
    try system { () throws(SystemError) in try Files.read("\(root)/\(path)") }
  }

  func exists(_ path: String) -> Bool { Files.exists("\(root)/\(path)") }

  func isFolder(_ path: String) -> Bool { Files.isFolder("\(root)/\(path)") }

  /// The error for `what` in `file`, which is code in `folder` of the repository.
  func undeclared(_ what: String, in file: String, from folder: String) -> PackagerError {
    let shown = isFolder(folder) ? folder : RootPath.parent(folder)
    let up = String(repeating: "../", count: build.unit.split(separator: "/").count)
    return .undeclared(
      unit: build.unit,
      reason: "\(what) in \(file) is code of this repository (\(shown)) that the unit does not declare",
      fix: "add \"uses\": [\"\(up)\(shown)\"] to \(RootPath.join(build.unit, "function.json"))")
  }
}
