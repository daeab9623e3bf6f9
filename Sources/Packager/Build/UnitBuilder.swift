internal import Core

/// Builds the package tree of one unit.
struct UnitBuilder {
  let workspace: Workspace
  let build: UnitBuild
  let inputs: UnitInputs
  let cache: PackageCache
  let timeout: TimeSpan
  let secrets: SecretMask
  let progress: @Sendable (BuildEvent) -> Void
  private(set) var isFromCache = true
  private(set) var warnings: [String] = []

  init(
    workspace: Workspace, build: UnitBuild, inputs: UnitInputs, cache: PackageCache, timeout: TimeSpan,
    secrets: SecretMask, progress: @escaping @Sendable (BuildEvent) -> Void
  ) {
    self.workspace = workspace
    self.build = build
    self.inputs = inputs
    self.cache = cache
    self.timeout = timeout
    self.secrets = secrets
    self.progress = progress
  }

  private var unitPath: String { build.unit.absolute(in: workspace.root) }

  private var language: (any Language)? { Languages.of(build) }

  /// The tree, with `key` naming the inputs of an own build in the cache.
  mutating func tree(key: Digest, tools: DigestItems) async throws(PackagerError) -> PackageTree {
    if build.command != nil {
      return try PackageTree(folder: try await ownBuild(key: key), exclude: build.exclude)
    }
    var sources: [PackageTree.Source] = []
    let dependencies = build.output == nil ? try await installed(tools: tools) : nil
    for file in inputs.own {
      let path = file.path.relative(to: inputs.top)
      // What is installed replaces what happens to lie there.
      if let dependencies, dependencies.installer.replaces(path) { continue }
      guard !path.isRoot else { continue }
      sources.append(
        PackageTree.Source(
          path: path, file: file.path.absolute(in: workspace.root), kind: file.kind, rule: file.rule))
    }
    sources += sharedSources
    if let dependencies {
      sources += try dependencySources(dependencies.folder, own: Set(sources.map(\.path)))
    }
    return try PackageTree(sources, boundary: [workspace.root, cache.folder])
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

  private func dependencySources(_ folder: String, own: Set<RepositoryPath>) throws(PackagerError)
    -> [PackageTree
    .Source]
  {
    let exclude = ExcludeRules(build.exclude, folder: .root)
    let walk = TreeWalk(root: folder, ignoreFiles: [], excludesDefaults: false)
    return try walk.files(below: .root).filter { !exclude.removes($0.path) && !own.contains($0.path) }.map {
      file in
      PackageTree.Source(
        path: file.path, file: file.path.absolute(in: folder), kind: file.kind, rule: "dependencies")
    }
  }

  /// The folder of the installed dependencies, from the cache where nothing that decides about them changed.
  private mutating func installed(
    tools: DigestItems
  ) async throws(PackagerError) -> (folder: String, installer: any DependencyInstaller)? {
    switch language?.dependencies(of: build, unit: unitPath) {
    case .install(let installer): return (try await layer(tools: tools, installer), installer)
    case .unpinned(let warning):
      warnings.append(warning)
      return nil
    case .nothing, nil: return nil
    }
  }

  private mutating func layer(
    tools: DigestItems, _ installer: any DependencyInstaller
  ) async throws(PackagerError) -> String {
    let staged = (inputs.locks + inputs.own.filter { installer.needs($0.path) } + inputs.others).filter {
      $0.kind == .file
    }
    let words = try FileHash.words(root: workspace.root, files: staged, workers: 1)
    let hasher = RecordHasher(tag: "lamctl-dependencies-1")
    hasher.add([build.runtime ?? "", build.architecture, build.unit.text] + installer.settings)
    let unique = Dictionary(zip(staged, words).map { ($0.path, (file: $0, word: $1)) }) { first, _ in first }
    for (path, entry) in unique.sorted(by: { $0.key < $1.key }) { hasher.add([path.text, entry.word]) }
    for (name, version) in tools.sorted(by: { $0.key < $1.key }) { hasher.add([name, version]) }
    let key = hasher.digest()
    if let tree = cache.tree(for: key) { return tree }
    isFromCache = false
    let work = try cache.work()
    defer { work.remove() }
    let sources = unique.values.map { entry in
      PackageTree.Source(
        path: entry.file.path, file: entry.file.path.absolute(in: workspace.root), kind: entry.file.kind,
        rule: nil)
    }
    let staging = try folder("staging", of: work)
    try TreeCopy.write(try PackageTree(sources, boundary: [workspace.root]), to: staging)
    let unit = build.unit.absolute(in: staging.path)
    let target = work.folder.path(of: "target")
    for command in installer.commands(target: target) { try await run(command, in: unit) }
    let result = try installer.result(unit: unit, target: target, staging: staging.path)
    try TreeCopy.write(result, to: try folder("tree", of: work))
    return try cache.publish("tree", of: work, for: key)
  }

  private func folder(_ name: String, of work: CacheWork) throws(PackagerError) -> StateFolder {
    try system { () throws(SystemError) in try work.folder.folder(name) }
  }

  /// Runs the unit's own command in a copy that holds only what is declared.
  private mutating func ownBuild(key: Digest) async throws(PackagerError) -> String {
    if let tree = cache.tree(for: key) {
      progress(.cached(unit: build.unit))
      return tree
    }
    isFromCache = false
    let work = try cache.work()
    defer { work.remove() }
    let staging = try folder("staging", of: work)
    var files: [RepositoryPath: PackageTree.Source] = [:]
    for file in inputs.own + inputs.shared.flatMap(\.files) + inputs.others + inputs.reached + inputs.locks
    where !file.path.isRoot {
      files[file.path] = PackageTree.Source(
        path: file.path, file: file.path.absolute(in: workspace.root), kind: file.kind, rule: nil)
    }
    if language?.packagesSources == true {
      // Where the package has shared code the build finds it as well.
      for source in sharedSources {
        let path = build.unit.appending(source.path)
        if files[path] == nil {
          files[path] = PackageTree.Source(path: path, file: source.file, kind: source.kind, rule: nil)
        }
      }
    }
    try TreeCopy.write(try PackageTree(Array(files.values), boundary: [workspace.root]), to: staging)
    let unit = try system { () throws(SystemError) in try TreeCopy.folder(build.unit, in: staging).path }
    try await run(build.command ?? [], in: unit)
    let named = build.output ?? .root
    let output = named.absolute(in: unit)
    guard Files.isFolder(output) else {
      throw .build(
        unit: build.unit, reason: "the build made no folder '\(shown(named))', which \"output\" names",
        output: [])
    }
    let walk = TreeWalk(root: output, ignoreFiles: [])
    let sources = try walk.files(below: .root).map { file in
      PackageTree.Source(path: file.path, file: file.path.absolute(in: output), kind: file.kind, rule: nil)
    }
    guard !sources.isEmpty else {
      throw .build(unit: build.unit, reason: "the build left '\(shown(named))' empty", output: [])
    }
    try TreeCopy.write(try PackageTree(sources, boundary: [staging.path]), to: try folder("tree", of: work))
    return try cache.publish("tree", of: work, for: key)
  }

  private func shown(_ output: RepositoryPath) -> String { output.isRoot ? "." : output.description }

  private func run(_ command: [String], in folder: String) async throws(PackagerError) {
    let unit = build.unit
    let mask = secrets
    let progress = progress
    progress(.started(unit: unit, command: command.map(mask.masked)))
    let tail = Lock<[String]>([])
    let variables = ChildEnvironment.build(
      workspace.environment, declared: build.variables.compactMapValues { $0 })
    let specification = ChildProcess.Specification(
      arguments: command, environment: variables, folder: folder, timeout: timeout)
    let exit: ChildProcess.Exit
    do throws(SystemError) {
      exit = try await ChildProcess.run(specification) { stream, line in
        let shown = mask.masked(line)
        tail.withLock { tail in
          tail.append(shown)
          if tail.count > 20 { tail.removeFirst() }
        }
        progress(.line(unit: unit, stream: stream, text: shown))
      }
    } catch {
      throw .build(
        unit: unit, reason: "'\(command.first ?? "")' cannot be run: \(error.reason)", output: [])
    }
    if Task.isCancelled { throw .cancelled }
    let words = mask.masked(command.prefix(4).joined(separator: " ")) + (command.count > 4 ? " …" : "")
    let lines = tail.withLock { $0 }
    switch exit {
    case .code(0): return
    case .code(let code):
      throw .build(unit: unit, reason: "'\(words)' failed with exit code \(code)", output: lines)
    case .signal(let signal):
      throw .build(unit: unit, reason: "'\(words)' was ended by signal \(signal)", output: lines)
    case .timedOut: throw .build(unit: unit, reason: "'\(words)' took longer than \(timeout)", output: lines)
    }
  }
}
