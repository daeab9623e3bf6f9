internal import Core

/// Collects inputs; folders that several units share are walked once.
struct InputCollector {
  // Of all languages: a unit may have tools in another one than its handler's.
  private static let lockNames = Set(Languages.all.flatMap(\.lockNames))
  private static let requirementNames = Set(Languages.all.flatMap(\.requirementNames))
  private static let lockedManifests = Set(
    Languages.all.flatMap { $0.manifests.filter(\.isLocked).map(\.name) })

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
    for path in localPackages(of: build) { inputs.others += try folder(path) }
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
      RootPath.parent(path) == build.unit
        && (Self.lockNames.contains(RootPath.name(path))
          || Self.requirementNames.contains(RootPath.name(path)))
    }
    let hasManifest = own.contains { Self.lockedManifests.contains(RootPath.name($0.path)) }
    if hasManifest, !paths.contains(where: { Self.lockNames.contains(RootPath.name($0)) }) {
      paths += nearestLock(above: build.unit)
    }
    for language in Languages.all { try addReferences(of: language, to: &paths, unit: build.unit) }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
      WalkedFile(path: $0, kind: .file, rule: nil)
    }
  }

  /// Adds what requirements among `paths` refer to, and what that refers to.
  private func addReferences(
    of language: any Language, to paths: inout [String], unit: String
  ) throws(PackagerError) {
    var pending = paths.filter { language.requirementNames.contains(RootPath.name($0)) }
    while let path = pending.popLast() {
      let bytes = try system { () throws(SystemError) in try Files.read("\(workspace.root)/\(path)") }
      for name in language.references(in: bytes) {
        guard let found = RootPath.normalized(RootPath.join(RootPath.parent(path), name)),
          Files.exists("\(workspace.root)/\(found)")
        else {
          throw .inputs(
            unit: unit, reason: "\(path) refers to \(name), which is no file of the repository",
            fix: "correct the line in \(path)")
        }
        if !paths.contains(found) {
          paths.append(found)
          pending.append(found)
        }
      }
    }
  }

  private func nearestLock(above unit: String) -> [String] {
    var folder = unit
    while !folder.isEmpty {
      folder = RootPath.parent(folder)
      let found = Self.lockNames.map { RootPath.join(folder, $0) }
        .filter { Files.exists("\(workspace.root)/\($0)") }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// Folders of the repository that the unit's manifests name as packages, and those that they name.
  private func localPackages(of build: UnitBuild) -> [String] {
    var found: Set<String> = []
    var pending = [build.unit]
    while let folder = pending.popLast() {
      for target in Languages.all.flatMap({ $0.localPackages(in: folder, root: workspace.root) })
      where !RootPath.contains(build.unit, target) {
        if found.insert(target).inserted { pending.append(target) }
      }
    }
    return found.sorted()
  }
}
