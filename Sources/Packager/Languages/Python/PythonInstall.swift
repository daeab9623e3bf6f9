internal import Core

/// `requirements.txt` by pip, from wheels only: one that is built here might not run there.
struct PythonInstall: DependencyInstaller {
  let build: UnitBuild

  var settings: [String] { [build.compilesBytecode ? "unchecked-hash" : "none"] }

  func needs(_ path: RepositoryPath) -> Bool {
    // Local wheels and files that requirements refer to.
    path.hasSuffix(".whl") || (path.hasSuffix(".txt") && path.name.contains("require"))
  }

  func commands(target: String) -> [[String]] {
    let runtime = build.runtime ?? ""
    let version = WheelPlatforms.pythonVersion(runtime) ?? "3.13"
    var install = [
      "python3", "-m", "pip", "install", "-r", "requirements.txt", "--target", target, "--only-binary=:all:",
      "--implementation", "cp", "--python-version", version, "--no-compile", "--disable-pip-version-check",
      "--no-input", "--no-warn-script-location",
    ]
    for platform in WheelPlatforms.tags(runtime: runtime, architecture: build.architecture) {
      install += ["--platform", platform]
    }
    guard build.compilesBytecode else { return [install] }
    // Bytecode is only of use to the interpreter that made it.
    return [
      install,
      [
        "python\(version)", "-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash",
        "-s", target,
        "-p", "/var/task", target,
      ],
    ]
  }

  func result(unit: String, target: String, staging: String) throws(PackagerError) -> PackageTree {
    guard Files.isFolder(target) else { return try PackageTree([], boundary: []) }
    let walk = TreeWalk(root: target, ignoreFiles: [], excludesDefaults: false)
    let sources = try walk.files(below: .root).filter { keeps($0.path) }.map { file in
      PackageTree.Source(path: file.path, file: file.path.absolute(in: target), kind: file.kind, rule: nil)
    }
    return try PackageTree(sources, boundary: [target])
  }

  /// Leaves out what names this machine or only serves pip: paths of local packages, shebangs of console scripts.
  private func keeps(_ path: RepositoryPath) -> Bool {
    let name = path.name
    let folder = path.parent.name
    if folder.hasSuffix(".dist-info"), ["direct_url.json", "REQUESTED", "INSTALLER", "RECORD"].contains(name)
    {
      return false
    }
    if path.components.first == "bin" && path != "bin" || path == ".lock" { return false }
    return build.compilesBytecode || (folder != "__pycache__" && !name.hasSuffix(".pyc"))
  }
}
