internal import Core

/// Collects inputs; folders that several units share are walked once.
struct InputCollector: Sendable {
  // Of all languages: a unit may have tools in another one than its handler's.
  private static let lockNames = Set(Languages.all.flatMap(\.lockNames))
  private static let requirementNames = Set(Languages.all.flatMap(\.requirementNames))

  let workspace: Workspace
  private let walked = Lock<[RepositoryPath: [WalkedFile]]>([:])

  /// The look at the repository, where there was one in this run.
  private let index: RepositoryIndex?

  init(workspace: Workspace) {
    self.workspace = workspace
    index = workspace.surveyed.withLock { $0 }?.index
  }

  /// The inputs of each of `builds`, in their order, collected on several threads.
  ///
  /// - Throws: the error of the first that has one.
  func inputs(of builds: [UnitBuild], workers: Int) throws(PackagerError) -> [UnitInputs] {
    let results = Threads.map(count: builds.count, workers: builds.count < 8 ? 1 : workers) { number in
      Result { () throws(PackagerError) in try self.inputs(of: builds[number]) }
    }
    var inputs: [UnitInputs] = []
    for result in results { inputs.append(try result.get()) }
    return inputs
  }

  func inputs(of build: UnitBuild) throws(PackagerError) -> UnitInputs {
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
    guard index?.folders.contains(top) == true || Files.isFolder(top.absolute(in: workspace.root)) else {
      throw .inputs(
        unit: unit, reason: "its output folder \(top) does not exist", fix: "build it first, or set \"build\""
      )
    }
    inputs.own = try own(build, top: top, isPrebuilt: isPrebuilt)
    for use in build.uses { inputs.shared.append((use, try folder(use.folder))) }
    for path in build.inputs + workspace.config.globalInputs { inputs.others += try fileOrFolder(path) }
    if let image = build.image { try take(image, of: build, into: &inputs) }
    inputs.reached = build.sources.reached.map { walked($0, build) }
    let locks = try lockFiles(
      of: unit, project: build.project, own: inputs.own, more: filesBeside(build) + build.sources.locks)
    inputs.locks = locks
    for path in localPackages(of: build) { inputs.others += try folder(path) }
    inputs.others += try stored(for: build, locks, besides: inputs.own)
    inputs.others += try linkTargets(of: inputs, isPackaged: build.command == nil)
    var seen: Set<RepositoryPath> = []
    inputs.others = inputs.others.filter { seen.insert($0.path).inserted }
    return inputs
  }

  /// Adds what an image is built from, which has to be there.
  private func take(
    _ image: ImageRecipe, of build: UnitBuild, into inputs: inout UnitInputs
  ) throws(PackagerError) {
    let file = image.dockerfile
    let isOwn = build.unit.contains(file)
    let isThere =
      isOwn
      ? inputs.own.contains { $0.path == file && $0.kind != .emptyFolder }
      : Files.exists(file.absolute(in: workspace.root)) && !Files.isFolder(file.absolute(in: workspace.root))
    guard isThere else {
      throw .inputs(
        unit: build.unit, reason: "there is no \(file) to build its container image from",
        fix: "add it, take it out of the ignore rules, or name another with \"image\": { \"dockerfile\": … }")
    }
    if !isOwn { inputs.others.append(WalkedFile(path: file, kind: .file, rule: nil)) }
  }

  /// What links among the inputs lead to outside of them: it goes into the package in their place.
  ///
  /// - Parameter isPackaged: whether the inputs are the package; a command may make it of others.
  private func linkTargets(
    of inputs: UnitInputs, isPackaged: Bool
  ) throws(PackagerError) -> [WalkedFile] {
    let lists = [inputs.own, inputs.others] + inputs.shared.map(\.files)
    var pending = lists.flatMap { list in list.filter { $0.kind == .link }.map(\.path) }
    guard !pending.isEmpty else { return [] }
    let all = lists.joined()
    var known = Set(all.map(\.path))
    var targets: [WalkedFile] = []
    while let link = pending.popLast() {
      // One that leads nowhere, or out of the repository, is for the package to refuse.
      guard let target = workspace.target(ofLink: link) else {
        guard isPackaged, workspace.isCircle(link) else { continue }
        throw .archive(reason: "the link \(link) leads in a circle; remove it or add its target")
      }
      guard !known.contains(target) else { continue }
      let absolute = target.absolute(in: workspace.root)
      guard Files.isFolder(absolute) else {
        targets.append(WalkedFile(path: target, kind: .file, rule: nil))
        known.insert(target)
        continue
      }
      // A link to a folder that it lies in never ends.
      guard !target.contains(link) else {
        guard isPackaged else { continue }
        throw .archive(reason: "the link \(link) leads to a folder that it lies in itself; remove it")
      }
      let walk = TreeWalk(root: absolute, ignoreFiles: [])
      for file in try walk.files(below: .root) {
        let path = target.appending(file.path)
        guard file.kind != .emptyFolder, known.insert(path).inserted else { continue }
        targets.append(WalkedFile(path: path, kind: file.kind, rule: nil))
        if file.kind == .link { pending.append(path) }
      }
    }
    return targets
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
    // A walk with rules of its own sees other files than that of the repository did.
    let isPlain = !isPrebuilt && build.include.isEmpty && build.command == nil
    let known = isPlain ? try index?.packageFiles(below: top, walk) : nil
    let files = if let known { known } else { try walk.files(below: top) }
    guard build.command == nil else { return files }
    guard !build.exclude.isEmpty || !build.events.isEmpty else { return files }
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

  private func folder(_ path: RepositoryPath) throws(PackagerError) -> [WalkedFile] {
    if let known = walked.withLock({ $0[path] }) { return known }
    let walk = TreeWalk(root: workspace.root, git: workspace.git)
    let known = try index?.packageFiles(below: path, walk)
    let files = if let known { known } else { try walk.files(below: path) }
    walked.withLock { $0[path] = files }
    return files
  }

  private func fileOrFolder(_ path: RepositoryPath) throws(PackagerError) -> [WalkedFile] {
    if let name = DefaultExcludes.bar(path) {
      throw .inputs(
        unit: path, reason: "what lies in \(name) is of this machine alone and never an input",
        fix: "take it out of \"inputs\" or \"globalInputs\"")
    }
    let absolute = path.absolute(in: workspace.root)
    if Files.isFolder(absolute) { return try folder(path) }
    guard Files.exists(absolute) else {
      throw .inputs(
        unit: path, reason: "the input does not exist", fix: "take it out of \"inputs\" or \"globalInputs\"")
    }
    return [WalkedFile(path: path, kind: .file, rule: nil)]
  }

  /// Requirements with what they refer to, lock files of the unit, and for each language whose manifest it has without a
  /// lock the nearest one from its project upwards.
  func lockFiles(
    of unit: RepositoryPath, project: RepositoryPath, own: [WalkedFile], more: [RepositoryPath] = []
  ) throws(PackagerError) -> [WalkedFile] {
    let beside = own.filter { $0.path.parent == unit }.map(\.path)
    var paths = beside.filter { path in
      Self.lockNames.contains(path.name) || Self.requirementNames.contains(path.name)
    }
    paths += more
    var names: Set<String> = []
    if project != unit, let found = try? Files.names(in: project.absolute(in: workspace.root)) {
      names.formUnion(found)
    }
    let has = { (name: String) in
      names.contains(name) || own.contains { $0.path.isNamed(name) } || more.contains { $0.isNamed(name) }
    }
    for language in Languages.all {
      let isLocked = language.manifests.contains { $0.isLocked && has($0.name) }
      guard isLocked, !paths.contains(where: { language.lockNames.contains($0.name) }) else { continue }
      paths += nearestLock(from: project, named: language.lockNames)
    }
    for language in Languages.all {
      paths += try lists(of: language, among: paths, unit: unit).map(\.path)
    }
    return Set(paths).sorted().map { WalkedFile(path: $0, kind: .file, rule: nil) }
  }

  /// Manifests and locks of the unit and its project that are not among its own files: where not all of it is packaged.
  private func filesBeside(_ build: UnitBuild) -> [RepositoryPath] {
    guard build.sources.own != nil || build.root != build.unit || build.project != build.unit,
      let language = Languages.of(build)
    else { return [] }
    let names = language.lockNames + language.requirementNames + language.manifests.map(\.name)
    let own = Set(build.sources.own ?? []).union(build.sources.reached)
    // A list of requirements is a manifest as well.
    let paths = [build.unit, build.project].flatMap { folder in names.map { folder.appending($0) } }
    return Set(paths).sorted()
      .filter { !own.contains($0) && Files.exists($0.absolute(in: workspace.root)) }
  }

  private func nearestLock(from start: RepositoryPath, named names: [String]) -> [RepositoryPath] {
    var folder = start
    while true {
      let found = names.map { folder.appending($0) }
        .filter { Files.exists($0.absolute(in: workspace.root)) }
      if !found.isEmpty || folder.isRoot { return found }
      folder = folder.parent
    }
  }

  /// Folders of the repository that the unit's manifests name as packages, and those that they name.
  private func localPackages(of build: UnitBuild) -> [RepositoryPath] {
    var found: Set<RepositoryPath> = []
    var pending = [build.unit]
    while let folder = pending.popLast() {
      let named = Languages.all.flatMap { language in
        index?.mayNeed(language, in: folder) ?? true
          ? language.localPackages(in: folder, root: workspace.root) : []
      }
      for target in named where !build.unit.contains(target) {
        if found.insert(target).inserted { pending.append(target) }
      }
    }
    return found.sorted()
  }
}
