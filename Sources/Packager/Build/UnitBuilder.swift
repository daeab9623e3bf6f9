internal import Core

/// Builds the package tree of one unit.
struct UnitBuilder: Sendable {
  let workspace: Workspace
  let build: UnitBuild
  let inputs: UnitInputs
  /// What stands for each lock among the digests.
  let locks: DigestItems
  let cache: PackageCache
  let timeout: TimeSpan
  let secrets: SecretMask
  let progress: @Sendable (BuildEvent) -> Void
  private(set) var isFromCache = true

  init(
    workspace: Workspace, build: UnitBuild, inputs: UnitInputs, locks: DigestItems, cache: PackageCache,
    timeout: TimeSpan, secrets: SecretMask, progress: @escaping @Sendable (BuildEvent) -> Void
  ) {
    self.workspace = workspace
    self.build = build
    self.inputs = inputs
    self.locks = locks
    self.cache = cache
    self.timeout = timeout
    self.secrets = secrets
    self.progress = progress
  }

  private var unitPath: String { build.unit.absolute(in: workspace.root) }

  private var language: (any Language)? { Languages.of(build) }

  var runner: BuildRunner {
    BuildRunner(
      unit: build.unit, environment: workspace.environment,
      declared: build.variables.compactMapValues { $0 }, timeout: timeout, secrets: secrets,
      progress: progress)
  }

  /// The tree, with `key` naming the inputs of an own build in the cache.
  mutating func tree(key: Digest, tools: DigestItems) async throws(PackagerError) -> PackageTree {
    if build.command != nil {
      return try PackageTree(folder: try await ownBuild(key: key), exclude: build.exclude)
    }
    if let artifact = build.artifact, !Files.isFolder(artifact.absolute(in: workspace.root)) {
      return try PackageTree(folder: try await unpacked(artifact, key: key), exclude: build.exclude)
    }
    guard !build.isPrebuilt else { return try tree(adding: [], where: { _ in true }) }
    if let compiler = language?.compiler(of: build, root: workspace.root) {
      let made = try made(in: try await compiled(compiler, key: key, tools: tools), rule: nil)
      let taken = Set(made.map(\.path))
      let include = ExcludeRules(build.include, folder: .root)
      return try tree(adding: made) { path in
        (compiler.keeps(path) || include.removes(path)) && !taken.contains(path)
      }
    }
    guard let dependencies = try await installed(tools: tools) else {
      return try tree(adding: [], where: { _ in true })
    }
    let made = try made(in: dependencies.folder, rule: PackageTree.dependencyRule)
    // What is installed replaces what happens to lie there.
    return try tree(adding: made) { !dependencies.installer.replaces($0) }
  }

  /// The folder of what is in a zip or jar, from the cache where its content is the same.
  private mutating func unpacked(_ artifact: RepositoryPath, key: Digest) async throws(PackagerError)
    -> String
  {
    let file = artifact.absolute(in: workspace.root)
    let tree = try await cache.tree(for: key, about: "content of \(artifact)") {
      (work) throws(PackagerError) in
      try ArtifactTree.unpack(file, shown: artifact, into: try work.treeFolder())
    }
    if tree.isMade { isFromCache = false }
    return tree.path
  }

  /// The unit's own files that `keeps` takes, by their paths in the package, its shared code, and `made`, which gives way
  /// to both.
  func tree(
    adding made: [PackageTree.Source], where keeps: (RepositoryPath) -> Bool
  ) throws(PackagerError) -> PackageTree {
    var sources = inputs.own.compactMap { file -> PackageTree.Source? in
      let path = file.path.relative(to: inputs.top)
      guard !path.isRoot, keeps(path) else { return nil }
      return PackageTree.Source(
        path: path, file: file.path.absolute(in: workspace.root), kind: file.kind, rule: file.rule)
    }
    sources += sharedSources.filter { keeps($0.path) }
    let own = Set(sources.map(\.path))
    return try PackageTree(
      sources + made.filter { !own.contains($0.path) }, boundary: [workspace.root, cache.folder])
  }

  /// Shared code where the package has it.
  private var sharedSources: [PackageTree.Source] {
    let root = workspace.root
    return inputs.shared.flatMap { use, files in
      files.filter { $0.path != use.folder }.map { file in
        PackageTree.Source(
          path: use.into.appending(file.path.relative(to: use.folder)),
          file: file.path.absolute(in: root),
          kind: file.kind, rule: "uses: \(use.folder)")
      }
    }
  }

  func made(in folder: String, rule: String?) throws(PackagerError) -> [PackageTree.Source] {
    let exclude = ExcludeRules(build.exclude, folder: .root)
    let walk = TreeWalk(root: folder, ignoreFiles: [], excludesDefaults: false)
    return try walk.files(below: .root).filter { !$0.path.isRoot && !exclude.removes($0.path) }.map { file in
      PackageTree.Source(path: file.path, file: file.path.absolute(in: folder), kind: file.kind, rule: rule)
    }
  }

  /// The folder of the installed dependencies, from the cache where nothing that decides about them changed.
  mutating func installed(
    tools: DigestItems
  ) async throws(PackagerError) -> (folder: String, installer: any DependencyInstaller)? {
    switch language?.dependencies(of: build, unit: unitPath) {
    case .install(let installer): return (try await layer(tools: tools, installer), installer)
    case .refused(let error): throw error
    case .nothing, nil: return nil
    }
  }

  private mutating func layer(
    tools: DigestItems, _ installer: any DependencyInstaller
  ) async throws(PackagerError) -> String {
    let more = installer.files.map { WalkedFile(path: $0, kind: .file, rule: nil) }
    let staged = (inputs.locks + inputs.own.filter { installer.needs($0.path) } + inputs.others + more).filter
    {
      $0.kind == .file
    }
    let unique = try unique(staged, installer)
    let hasher = RecordHasher(tag: "lamctl-dependencies-4")
    // Units that ask for the same have one layer, wherever they lie. What they refer to beside them is another thing
    // from another folder.
    let place = unique.keys.allSatisfy(build.unit.contains) ? "" : build.unit.parent.text
    hasher.add([build.runtime ?? "", build.architecture, place] + installer.settings)
    for (path, entry) in unique.sorted(by: { $0.key < $1.key }) {
      guard let word = entry.word else { continue }
      let isOwn = build.unit.contains(path)
      hasher.add([isOwn ? "unit" : "root", path.relative(to: isOwn ? build.unit : .root).text, word])
    }
    for (name, version) in tools.sorted(by: { $0.key < $1.key }) { hasher.add([name, version]) }
    let builder = self
    let about = "dependencies as of \(build.unit) for \(build.runtime ?? "an image") on \(build.architecture)"
    // Functions with equal dependencies have one layer, whichever of them is built first.
    let layer = try await cache.tree(for: hasher.digest(), about: about) { (work) throws(PackagerError) in
      try await builder.install(installer, from: unique.values.map(\.file), tools: tools, in: work)
    }
    if layer.isMade { isFromCache = false }
    return layer.path
  }

  private func install(
    _ installer: any DependencyInstaller, from files: [WalkedFile], tools: DigestItems, in work: CacheWork
  ) async throws(PackagerError) {
    let builds = try BuildFolder()
    defer { builds.remove() }
    let place = try stage(sources(files), in: builds, tools: tools)
    for step in try installer.steps(in: place) {
      do throws(PackagerError) {
        try await runner.run(step)
      } catch {
        throw installer.explained(error)
      }
    }
    try TreeCopy.write(try installer.result(in: place), to: try work.treeFolder())
  }

  /// What a compiler makes of the unit, from the cache where no input changed.
  private mutating func compiled(
    _ compiler: any Compiler, key: Digest, tools: DigestItems
  ) async throws(PackagerError) -> String {
    let dependencies = compiler.needsDependencies ? try await installed(tools: tools) : nil
    let builder = self
    let tree = try await cache.tree(for: key, about: "build of \(build.unit)") {
      (work) throws(PackagerError) in
      try await builder.compile(compiler, dependencies: dependencies?.folder, tools: tools, in: work)
    }
    if tree.isMade { isFromCache = false } else { progress(.cached(unit: build.unit)) }
    return tree.path
  }

  private func compile(
    _ compiler: any Compiler, dependencies: String?, tools: DigestItems, in work: CacheWork
  ) async throws(PackagerError) {
    let builds = try BuildFolder()
    defer { builds.remove() }
    var place = try stage(compiler.isInPlace ? [] : declaredSources, in: builds, tools: tools)
    if compiler.isInPlace {
      place = BuildPlace(root: workspace.root, unit: unitPath, target: place.target, tools: tools)
    } else if let dependencies, Files.isFolder("\(dependencies)/node_modules") {
      try link("\(dependencies)/node_modules", of: builds)
    }
    for step in try compiler.steps(in: place) { try await runner.run(step) }
    if compiler.isInPlace { try await requireDeclared(try compiler.readFiles(in: place)) }
    try TreeCopy.write(try compiler.result(in: place), to: try work.treeFolder())
  }

  /// Puts what is installed where the unit's code looks for it.
  private func link(_ modules: String, of builds: BuildFolder) throws(PackagerError) {
    try system { () throws(SystemError) in
      let repository = try builds.folder.folder(Self.repositoryName)
      let unit = try TreeCopy.folder(build.unit, in: repository)
      if !unit.contains("node_modules") { try unit.makeLink("node_modules", to: modules) }
    }
  }

  static let repositoryName = "repository"

  /// Copies `sources`, by their paths from the root, outside of the repository.
  func stage(
    _ sources: [PackageTree.Source], in builds: BuildFolder, tools: DigestItems
  ) throws(PackagerError) -> BuildPlace {
    let staging = try system { () throws(SystemError) in try builds.folder.folder(Self.repositoryName) }
    try TreeCopy.write(try PackageTree(sources, boundary: [workspace.root]), to: staging)
    let unit = try system { () throws(SystemError) in try TreeCopy.folder(build.unit, in: staging).path }
    return BuildPlace(
      root: staging.path, unit: unit, target: builds.folder.path(of: "target"), tools: tools)
  }

  private func sources(_ files: [WalkedFile]) -> [PackageTree.Source] {
    files.map { file in
      PackageTree.Source(
        path: file.path, file: file.path.absolute(in: workspace.root), kind: file.kind, rule: nil)
    }
  }

  /// Everything that the unit declares, by its path from the root.
  var declaredSources: [PackageTree.Source] {
    var files: [RepositoryPath: PackageTree.Source] = [:]
    for source in sources(
      inputs.own + inputs.shared.flatMap(\.files) + inputs.others + inputs.reached + inputs.locks)
    where !source.path.isRoot {
      files[source.path] = source
    }
    if language?.packagesSources == true || build.image != nil {
      // Where the package has shared code the build finds it as well.
      for source in sharedSources {
        let path = build.unit.appending(source.path)
        if files[path] == nil {
          files[path] = PackageTree.Source(path: path, file: source.file, kind: source.kind, rule: nil)
        }
      }
    }
    return Array(files.values)
  }

  /// Runs the unit's own command in a copy that holds only what is declared.
  private mutating func ownBuild(key: Digest) async throws(PackagerError) -> String {
    let builder = self
    let tree = try await cache.tree(for: key, about: "build of \(build.unit)") {
      (work) throws(PackagerError) in
      try await builder.runOwnBuild(in: work)
    }
    if tree.isMade { isFromCache = false } else { progress(.cached(unit: build.unit)) }
    return tree.path
  }

  private func runOwnBuild(in work: CacheWork) async throws(PackagerError) {
    let builds = try BuildFolder()
    defer { builds.remove() }
    let place = try stage(declaredSources, in: builds, tools: [:])
    let links = try InstalledModules(root: workspace.root, place: place).link(for: build.unit)
    try await runner.run(BuildStep(arguments: build.command ?? [], folder: place.unit))
    let named = build.output ?? .root
    let output = named.absolute(in: place.unit)
    guard Files.isFolder(output) else {
      throw .build(
        unit: build.unit, reason: "the build made no folder '\(shown(named))', which \"output\" names",
        output: [])
    }
    let walk = TreeWalk(root: output, ignoreFiles: [])
    let sources = try walk.files(below: .root).map { file in
      PackageTree.Source(path: file.path, file: file.path.absolute(in: output), kind: file.kind, rule: nil)
    }.filter { $0.kind != .link || !links.contains($0.file) }
    guard !sources.isEmpty else {
      throw .build(unit: build.unit, reason: "the build left '\(shown(named))' empty", output: [])
    }
    try TreeCopy.write(try PackageTree(sources, boundary: [place.root]), to: try work.treeFolder())
  }

  private func shown(_ output: RepositoryPath) -> String { output.isRoot ? "." : output.description }
}
