internal import Core

/// The files that a unit's package depends on.
struct UnitInputs: Sendable {
  /// The unit's own, from the root.
  var own: [WalkedFile] = []
  /// Those of each shared folder, from the root, in the order of ``UnitBuild/uses``.
  var shared: [(use: SharedUse, files: [WalkedFile])] = []
  /// Lock files and requirements, from the root; those in the unit are in ``own`` as well.
  var locks: [WalkedFile] = []
  /// `inputs`, `globalInputs` and local packages, from the root.
  var others: [WalkedFile] = []
  /// The folder whose content is the package, from the root: the unit, or its prebuilt `output`.
  var top: String

  static let lockNames: Set<String> = [
    "requirements.txt", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "uv.lock",
    "poetry.lock", "Pipfile.lock",
  ]
}

/// Collects inputs; folders that several units share are walked once.
struct InputCollector {
  let workspace: Workspace
  private var walked: [String: [WalkedFile]] = [:]

  init(workspace: Workspace) {
    self.workspace = workspace
  }

  mutating func inputs(of build: UnitBuild) throws(PackagerError) -> UnitInputs {
    let unit = build.unit
    let isPrebuilt = build.command == nil && build.output != nil
    let top = isPrebuilt ? RootPath.join(unit, build.output ?? "") : unit
    var inputs = UnitInputs(top: top)
    guard Files.isFolder("\(workspace.root)/\(top)") else {
      throw .inputs(
        unit: unit, reason: "its output folder \(top) does not exist", fix: "build it first, or set \"build\""
      )
    }
    inputs.own = try own(build, top: top, isPrebuilt: isPrebuilt)
    for use in build.uses { inputs.shared.append((use, try folder(use.folder))) }
    for path in build.inputs + workspace.config.globalInputs { inputs.others += try fileOrFolder(path) }
    let locks = try lockFiles(of: build, own: inputs.own)
    inputs.locks = locks
    for path in try localPackages(of: build) { inputs.others += try folder(path) }
    var seen: Set<String> = []
    inputs.others = inputs.others.filter { seen.insert($0.path).inserted }
    return inputs
  }

  private func own(_ build: UnitBuild, top: String, isPrebuilt: Bool) throws(PackagerError) -> [WalkedFile] {
    var walk = TreeWalk(root: workspace.root)
    // What was built elsewhere is ignored by git as a rule, and still is the package.
    if isPrebuilt { walk.ignoreFiles = [".lambdaignore"] }
    if !build.include.isEmpty {
      walk.include = IgnoreRules(patterns: build.include, file: "package.include", folder: top)
    }
    if let output = build.output, !isPrebuilt, !output.isEmpty {
      walk.skipped = [RootPath.join(build.unit, output)]
    }
    let files = try walk.files(below: top)
    guard build.command == nil else { return files }
    let exclude = ExcludeRules(build.exclude, folder: top)
    return files.filter { !exclude.removes($0.path) }
  }

  private mutating func folder(_ path: String) throws(PackagerError) -> [WalkedFile] {
    if let known = walked[path] { return known }
    let files = try TreeWalk(root: workspace.root).files(below: path)
    walked[path] = files
    return files
  }

  private mutating func fileOrFolder(_ path: String) throws(PackagerError) -> [WalkedFile] {
    let absolute = "\(workspace.root)/\(path)"
    if Files.isFolder(absolute) { return try folder(path) }
    guard Files.exists(absolute) else {
      throw .inputs(
        unit: path, reason: "the input does not exist", fix: "take it out of \"inputs\" or \"globalInputs\"")
    }
    return [WalkedFile(path: path, kind: .file, rule: nil)]
  }

  /// Requirements with what they refer to, lock files of the unit, and the nearest lock above a unit without one.
  private func lockFiles(of build: UnitBuild, own: [WalkedFile]) throws(PackagerError) -> [WalkedFile] {
    var paths = own.map(\.path).filter { path in
      RootPath.parent(path) == build.unit && UnitInputs.lockNames.contains(RootPath.name(path))
    }
    let hasManifest = own.contains { ["package.json", "pyproject.toml"].contains(RootPath.name($0.path)) }
    if hasManifest, !paths.contains(where: { RootPath.name($0) != "requirements.txt" }) {
      paths += nearestLock(above: build.unit)
    }
    var pending = paths.filter { RootPath.name($0) == "requirements.txt" }
    while let path = pending.popLast() {
      let bytes = try system { () throws(SystemError) in try Files.read("\(workspace.root)/\(path)") }
      for name in Requirements.references(bytes) {
        guard let found = RootPath.normalized(RootPath.join(RootPath.parent(path), name)),
          Files.exists("\(workspace.root)/\(found)")
        else {
          throw .inputs(
            unit: build.unit, reason: "\(path) refers to \(name), which is no file of the repository",
            fix: "correct the line in \(path)")
        }
        if !paths.contains(found) {
          paths.append(found)
          pending.append(found)
        }
      }
    }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
      WalkedFile(path: $0, kind: .file, rule: nil)
    }
  }

  private func nearestLock(above unit: String) -> [String] {
    var folder = unit
    while !folder.isEmpty {
      folder = RootPath.parent(folder)
      let found = UnitInputs.lockNames.subtracting(["requirements.txt"]).map { RootPath.join(folder, $0) }
        .filter { Files.exists("\(workspace.root)/\($0)") }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// Folders of the repository that `package.json` names with `file:`, and those that they name.
  private func localPackages(of build: UnitBuild) throws(PackagerError) -> [String] {
    var found: Set<String> = []
    var pending = [build.unit]
    while let folder = pending.popLast() {
      let path = RootPath.join(folder, "package.json")
      guard let bytes = try? Files.read("\(workspace.root)/\(path)"),
        let manifest = try? JSONReading.object(bytes)
      else { continue }
      for member in manifest["dependencies"]?.object?.members ?? [] {
        guard let text = member.value.string, text.hasPrefix("file:") else { continue }
        guard let target = RootPath.normalized(RootPath.join(folder, text.dropFirst(5))),
          Files.isFolder("\(workspace.root)/\(target)")
        else { continue }
        if !RootPath.contains(build.unit, target), found.insert(target).inserted { pending.append(target) }
      }
    }
    return found.sorted()
  }
}

/// `package.exclude`: patterns of files, and of folders with all below, to leave out.
struct ExcludeRules {
  private let rules: IgnoreRules
  private let folder: String

  init(_ patterns: [String], folder: String) {
    self.folder = folder
    rules = IgnoreRules(patterns: patterns, file: "package.exclude", folder: folder)
  }

  func removes(_ path: String) -> Bool {
    guard !rules.rules.isEmpty else { return false }
    var current = path
    var isFolder = false
    while current != folder, !current.isEmpty {
      if let rule = rules.match(current, isFolder: isFolder), !rule.isNegated { return true }
      current = RootPath.parent(current)
      isFolder = true
    }
    return false
  }
}
