internal import Core

/// Collects inputs; folders that several units share are walked once.
struct InputCollector {
  // Of all languages: a unit may have tools in another one than its handler's.
  private static let lockNames = Set(Languages.all.flatMap(\.lockNames))
  private static let requirementNames = Set(Languages.all.flatMap(\.requirementNames))
  private static let lockedManifests = Set(
    Languages.all.flatMap { $0.manifests.filter(\.isLocked).map(\.name) })

  let workspace: Workspace
  private var walked: [RepositoryPath: [WalkedFile]] = [:]

  init(workspace: Workspace) {
    self.workspace = workspace
  }

  mutating func inputs(of build: UnitBuild) throws(PackagerError) -> UnitInputs {
    let unit = build.unit
    let isPrebuilt = build.isPrebuilt
    // A command of the unit's own runs in the unit.
    let home = build.command == nil ? build.root : unit
    let top = build.artifact ?? (isPrebuilt ? unit.appending(build.output ?? .root) : home)
    var inputs = UnitInputs(top: top)
    if build.artifact != nil, !Files.isFolder(top.absolute(in: workspace.root)) {
      inputs.own = [WalkedFile(path: top, kind: .file, rule: nil)]
      return inputs
    }
    guard Files.isFolder(top.absolute(in: workspace.root)) else {
      throw .inputs(
        unit: unit, reason: "its output folder \(top) does not exist", fix: "build it first, or set \"build\""
      )
    }
    inputs.own = try own(build, top: top, isPrebuilt: isPrebuilt)
    for use in build.uses { inputs.shared.append((use, try folder(use.folder))) }
    for path in build.inputs + workspace.config.globalInputs { inputs.others += try fileOrFolder(path) }
    inputs.reached = build.sources.reached.map { walked($0, build) }
    let locks = try lockFiles(of: build, own: inputs.own)
    inputs.locks = locks
    for path in localPackages(of: build) { inputs.others += try folder(path) }
    var seen: Set<RepositoryPath> = []
    inputs.others = inputs.others.filter { seen.insert($0.path).inserted }
    return inputs
  }

  private func own(_ build: UnitBuild, top: RepositoryPath, isPrebuilt: Bool) throws(PackagerError)
    -> [WalkedFile]
  {
    if !isPrebuilt, build.command == nil, let files = build.sources.own {
      return try chosen(files, of: build, top: top)
    }
    var walk = TreeWalk(root: workspace.root)
    // What was built elsewhere is ignored by git as a rule, and still is the package.
    walk.git = isPrebuilt ? nil : workspace.git
    if !build.include.isEmpty {
      walk.include = IgnoreRules(patterns: build.include, file: "package.include", folder: top)
    }
    if let output = build.output, !isPrebuilt, !output.isRoot {
      walk.skipped = [build.unit.appending(output)]
    }
    let files = try walk.files(below: top)
    guard build.command == nil else { return files }
    let exclude = ExcludeRules(build.exclude, folder: top)
    let include = ExcludeRules(build.include, folder: top)
    let events = Set(build.events)
    return files.filter { file in
      !exclude.removes(file.path) && (!events.contains(file.path) || include.removes(file.path))
    }
  }

  private func walked(_ path: RepositoryPath, _ build: UnitBuild) -> WalkedFile {
    WalkedFile(path: path, kind: build.sources.links.contains(path) ? .link : .file, rule: nil)
  }

  /// What is reached, and what `package.include` adds to it.
  private func chosen(
    _ files: [RepositoryPath], of build: UnitBuild, top: RepositoryPath
  ) throws(PackagerError) -> [WalkedFile] {
    let exclude = ExcludeRules(build.exclude, folder: top)
    var found = files.filter { !exclude.removes($0) }.map { walked($0, build) }
    guard !build.include.isEmpty else { return found }
    let rules = IgnoreRules(patterns: build.include, file: "package.include", folder: top)
    var walk = TreeWalk(root: workspace.root, git: workspace.git)
    walk.include = rules
    let known = Set(files)
    found += try walk.files(below: top).filter { file in
      guard !known.contains(file.path), !exclude.removes(file.path) else { return false }
      return rules.match(file.path, isFolder: false).map { !$0.isNegated } ?? false
    }
    return found.sorted { $0.path < $1.path }
  }

  private mutating func folder(_ path: RepositoryPath) throws(PackagerError) -> [WalkedFile] {
    if let known = walked[path] { return known }
    let files = try TreeWalk(root: workspace.root, git: workspace.git).files(below: path)
    walked[path] = files
    return files
  }

  private mutating func fileOrFolder(_ path: RepositoryPath) throws(PackagerError) -> [WalkedFile] {
    let absolute = path.absolute(in: workspace.root)
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
      path.parent == build.unit
        && (Self.lockNames.contains(path.name)
          || Self.requirementNames.contains(path.name))
    }
    let beside = filesBeside(build)
    paths += beside.filter { !paths.contains($0) }
    let hasManifest =
      own.contains { Self.lockedManifests.contains($0.path.name) }
      || beside.contains { Self.lockedManifests.contains($0.name) }
    if hasManifest, !paths.contains(where: { Self.lockNames.contains($0.name) }) {
      paths += nearestLock(above: build.unit)
    }
    paths += build.sources.locks.filter { !paths.contains($0) }
    for language in Languages.all { try addReferences(of: language, to: &paths, unit: build.unit) }
    return paths.sorted().map { WalkedFile(path: $0, kind: .file, rule: nil) }
  }

  /// Manifests and locks of the unit and its project that are not among its own files: where not all of it is packaged.
  private func filesBeside(_ build: UnitBuild) -> [RepositoryPath] {
    guard build.sources.own != nil || build.root != build.unit || build.project != build.unit,
      let language = Languages.of(build)
    else { return [] }
    let names = language.lockNames + language.requirementNames + language.manifests.map(\.name)
    let own = Set(build.sources.own ?? []).union(build.sources.reached)
    return Set([build.unit, build.project]).sorted().flatMap { folder in names.map { folder.appending($0) } }
      .filter { !own.contains($0) && Files.exists($0.absolute(in: workspace.root)) }
  }

  /// Adds what requirements among `paths` refer to, and what that refers to.
  private func addReferences(
    of language: any Language, to paths: inout [RepositoryPath], unit: RepositoryPath
  ) throws(PackagerError) {
    var pending = paths.filter { language.requirementNames.contains($0.name) }
    while let path = pending.popLast() {
      let bytes = try system { () throws(SystemError) in
        try Files.read(path.absolute(in: workspace.root), limit: Requirements.longest)
      }
      for name in language.references(in: bytes) {
        guard let found = path.parent.resolving(name), Files.exists(found.absolute(in: workspace.root))
        else {
          throw .inputs(
            unit: unit, reason: "\(path) refers to \(name.escaped), which is no file of the repository",
            fix: "correct the line in \(path)")
        }
        if !paths.contains(found) {
          paths.append(found)
          pending.append(found)
        }
      }
    }
  }

  private func nearestLock(above unit: RepositoryPath) -> [RepositoryPath] {
    var folder = unit
    while !folder.isRoot {
      folder = folder.parent
      let found = Self.lockNames.map { folder.appending($0) }
        .filter { Files.exists($0.absolute(in: workspace.root)) }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// Folders of the repository that the unit's manifests name as packages, and those that they name.
  private func localPackages(of build: UnitBuild) -> [RepositoryPath] {
    var found: Set<RepositoryPath> = []
    var pending = [build.unit]
    while let folder = pending.popLast() {
      for target in Languages.all.flatMap({ $0.localPackages(in: folder, root: workspace.root) })
      where !build.unit.contains(target) {
        if found.insert(target).inserted { pending.append(target) }
      }
    }
    return found.sorted()
  }
}
