internal import Core

/// `requirements.txt`, or what a lock pins, by uv or pip, from wheels only: one that is built here might not run there.
struct PythonInstall: DependencyInstaller {
  let build: UnitBuild
  /// The lock, from the repository's root; nil for a `requirements.txt`.
  let lock: RepositoryPath?
  /// Absolute path of the repository.
  private let root: String
  /// The packages of the repository that lie in the unit, from its root.
  private let localFolders: [RepositoryPath]

  init(build: UnitBuild, lock: RepositoryPath?, root: String) {
    self.build = build
    self.lock = lock
    self.root = root
    localFolders = Python().localPackages(in: build.unit, root: root).filter { build.unit.contains($0) }
  }

  var settings: [String] { [build.compilesBytecode ? "unchecked-hash" : "none"] }

  func needs(_ path: RepositoryPath) -> Bool {
    // Local wheels and packages, and files that requirements refer to.
    path.hasSuffix(".whl") || (path.hasSuffix(".txt") && path.name.contains("require"))
      || (path.parent == build.unit && ["pyproject.toml", "Pipfile"].contains(path.name))
      || localFolders.contains { $0.contains(path) }
  }

  private var minor: Int { WheelPlatforms.pythonMinor(build.runtime) }

  private var target: PythonMarker.Target {
    PythonMarker.Target(minor: minor, architecture: build.architecture)
  }

  func steps(in place: BuildPlace) throws(PackagerError) -> [BuildStep] {
    let lists: [RequirementList]
    if let lock {
      // All that is needed on the target is pinned: nothing is left for pip to decide.
      lists = try PythonPins(lock: lock, unit: build.unit).write(for: target, in: place, root: root)
    } else {
      try RequirementsTarget(target: target).rewrite(RequirementList.own, in: place.unit)
      let local = Python().localPackages(in: build.unit, root: root).compactMap {
        PythonManifest.projectName(in: $0, root: root)
      }
      lists = [RequirementList(file: RequirementList.own, built: local)]
    }
    return lists.flatMap { list in
      let target = InstalledFolders(place.target).folder(of: list)
      let install = BuildStep(
        arguments: place.has("uv") ? uv(list, into: target) : pip(list, into: target), folder: place.unit,
        advice: "install Python with pip, or uv")
      guard build.compilesBytecode else { return [install] }
      // Bytecode is only of use to the interpreter that made it.
      let compile = BuildStep(
        arguments: [
          "python3.\(minor)", "-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash",
          "-s", target, "-p", "/var/task", target,
        ], folder: place.unit, advice: "bytecode needs Python 3.\(minor) itself")
      return [install, compile]
    }
  }

  func explained(_ error: PackagerError) -> PackagerError {
    guard case .build(_, _, let output) = error, let lack = MissingWheel(output: output) else { return error }
    let runtime = build.runtime ?? "the runtime"
    let tags = WheelPlatforms.tags(runtime: build.runtime ?? "", architecture: build.architecture)
    let shown = [tags.first, tags.last { $0.hasPrefix("manylinux") }, "any"].compactMap { $0 }
    return .inputs(
      unit: build.unit,
      reason:
        "there is no wheel of '\(lack.requirement.escaped)' for \(runtime) on \(build.architecture) (cp3\(minor), \(shown[0]) down to \(shown[1]), or any)\(lack.versions.map { "; versions with one: \($0.escaped)" } ?? "")",
      fix:
        "require a version that has one, or another \"architectures\" or \"runtime\"; or build the wheel ('pip wheel') into a folder of the repository and name that with '--find-links'"
    )
  }

  private func pip(_ list: RequirementList, into target: String) -> [String] {
    let install = [
      "python3", "-m", "pip", "install", "-r", list.file, "--target", target,
      "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.\(minor)", "--no-compile",
      "--disable-pip-version-check", "--no-input", "--no-warn-script-location",
    ]
    let tags = WheelPlatforms.tags(runtime: build.runtime ?? "", architecture: build.architecture)
    return install + (lock == nil ? [] : ["--no-deps"]) + tags.flatMap { ["--platform", $0] }
  }

  /// Unlike pip, uv takes "wheels only" for folders of the repository too, unless they are named.
  private func uv(_ list: RequirementList, into target: String) -> [String] {
    [
      "uv", "pip", "install", "-r", list.file, "--target", target, "--only-binary", ":all:",
      "--python-version", "3.\(minor)", "--python-platform",
      WheelPlatforms.uvPlatform(runtime: build.runtime ?? "", architecture: build.architecture),
      "--link-mode", "copy", "--no-config", "--no-progress",
    ] + list.built.flatMap { ["--no-binary", $0] } + (lock == nil ? [] : ["--no-deps"])
  }

  func result(in place: BuildPlace) throws(PackagerError) -> PackageTree {
    let installed = InstalledFolders(place.target)
    var foreign: Set<RepositoryPath> = []
    if lock == nil {
      let list = RequirementList(file: RequirementList.own)
      foreign = try needless(in: installed.folder(of: list), place)
    }
    let sources = try installed.merged(for: build.unit) { path in
      keeps(path) && !foreign.contains(path) && !foreign.contains(Self.source(of: path))
    }
    return try PackageTree(sources, boundary: [place.target])
  }

  /// The files in the folder that only the Python needs that has run pip, which decides conditions of wheels by it.
  ///
  /// - Throws: ``PackagerError`` where something is missing that the target needs.
  private func needless(in folder: String, _ place: BuildPlace) throws(PackagerError) -> Set<RepositoryPath> {
    let distributions = InstalledDistributions(folder: folder)
    let reach = distributions.reach(
      of: RequirementsTarget.lines(of: RequirementList.own, in: place.unit), on: target)
    guard reach.lacking.isEmpty else {
      let names = Array(Set(reach.lacking)).sorted().joined(separator: ", ")
      throw .inputs(
        unit: build.unit,
        reason:
          "pip decided conditions by the Python that runs it rather than by \(build.runtime ?? "the runtime"), and left out \(names)",
        fix:
          "install uv, which decides for the target, or add what is missing to requirements.txt by name")
    }
    return place.has("uv") || !reach.isWhole ? [] : distributions.files(besides: reach.names)
  }

  /// The source that a file of bytecode was made of; other files themselves.
  private static func source(of path: RepositoryPath) -> RepositoryPath {
    guard path.hasSuffix(".pyc"), path.parent.name == "__pycache__" else { return path }
    return path.parent.parent.appending("\(path.name.prefix { $0 != "." }).py")
  }

  /// Leaves out what names this machine or only serves pip: paths of local packages, shebangs of console scripts.
  private func keeps(_ path: RepositoryPath) -> Bool {
    let name = path.name
    let folder = path.parent.name
    if folder.hasSuffix(".dist-info"),
      ["direct_url.json", "REQUESTED", "INSTALLER", "RECORD", "uv_cache.json"].contains(name)
    {
      return false
    }
    if path.components.first == "bin" && path != "bin" || path == ".lock" { return false }
    return build.compilesBytecode || (folder != "__pycache__" && !name.hasSuffix(".pyc"))
  }
}
