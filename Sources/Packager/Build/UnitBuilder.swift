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

  private var unitPath: String { build.unit.isEmpty ? workspace.root : "\(workspace.root)/\(build.unit)" }

  private var language: (any Language)? { Languages.of(runtime: build.runtime) }

  /// The tree, with `key` naming the inputs of an own build in the cache.
  mutating func tree(key: Digest, tools: DigestItems) async throws(PackagerError) -> PackageTree {
    if build.command != nil {
      return try PackageTree(folder: try await ownBuild(key: key), exclude: build.exclude)
    }
    var sources: [PackageTree.Source] = []
    let dependencies = build.output == nil ? try await installed(tools: tools) : nil
    for file in inputs.own {
      let path = inputs.top.isEmpty ? file.path : String(file.path.dropFirst(inputs.top.count + 1))
      // What is installed replaces what happens to lie there.
      if let dependencies, dependencies.installer.replaces(path) { continue }
      guard !path.isEmpty else { continue }
      sources.append(
        PackageTree.Source(
          path: path, file: "\(workspace.root)/\(file.path)", kind: file.kind, rule: file.rule))
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
      files.filter { $0.path.count > use.folder.count }.map { file in
        PackageTree.Source(
          path: RootPath.join(use.into, file.path.dropFirst(use.folder.count + 1)),
          file: "\(root)/\(file.path)",
          kind: file.kind, rule: "uses: \(use.folder)")
      }
    }
  }

  private func dependencySources(_ folder: String, own: Set<String>) throws(PackagerError) -> [PackageTree
    .Source]
  {
    let exclude = ExcludeRules(build.exclude, folder: "")
    let walk = TreeWalk(root: folder, ignoreFiles: [], excludesDefaults: false)
    return try walk.files(below: "").filter { !exclude.removes($0.path) && !own.contains($0.path) }.map {
      file in
      PackageTree.Source(
        path: file.path, file: "\(folder)/\(file.path)", kind: file.kind, rule: "dependencies")
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
    hasher.add([build.runtime ?? "", build.architecture, build.unit] + installer.settings)
    for (file, word) in Set(zip(staged, words).map { [$0.path, $1] }).sorted(by: { $0[0] < $1[0] }).map({
      ($0[0], $0[1])
    }) {
      hasher.add([file, word])
    }
    for (name, version) in tools.sorted(by: { $0.key < $1.key }) { hasher.add([name, version]) }
    let key = hasher.digest()
    if let tree = cache.tree(for: key) { return tree }
    isFromCache = false
    let work = try cache.workFolder()
    defer { try? Files.remove(work) }
    let unique = Dictionary(staged.map { ($0.path, $0) }) { first, _ in first }.values
    let sources = unique.map { file in
      PackageTree.Source(path: file.path, file: "\(workspace.root)/\(file.path)", kind: file.kind, rule: nil)
    }
    try TreeCopy.write(try PackageTree(sources, boundary: [workspace.root]), to: "\(work)/staging")
    let unit = build.unit.isEmpty ? "\(work)/staging" : "\(work)/staging/\(build.unit)"
    for command in installer.commands(target: "\(work)/target") { try await run(command, in: unit) }
    let result = try installer.result(unit: unit, target: "\(work)/target", staging: "\(work)/staging")
    try TreeCopy.write(result, to: "\(work)/tree")
    return try cache.publish("\(work)/tree", for: key)
  }

  /// Runs the unit's own command in a copy that holds only what is declared.
  private mutating func ownBuild(key: Digest) async throws(PackagerError) -> String {
    if let tree = cache.tree(for: key) {
      progress(.cached(unit: build.unit))
      return tree
    }
    isFromCache = false
    let work = try cache.workFolder()
    defer { try? Files.remove(work) }
    let staging = "\(work)/staging"
    var files: [String: PackageTree.Source] = [:]
    for file in inputs.own + inputs.shared.flatMap(\.files) + inputs.others + inputs.locks
    where !file.path.isEmpty {
      files[file.path] = PackageTree.Source(
        path: file.path, file: "\(workspace.root)/\(file.path)", kind: file.kind, rule: nil)
    }
    if language?.packagesSources == true {
      // Where the package has shared code the build finds it as well.
      for source in sharedSources {
        let path = RootPath.join(build.unit, source.path)
        if files[path] == nil {
          files[path] = PackageTree.Source(path: path, file: source.file, kind: source.kind, rule: nil)
        }
      }
    }
    try TreeCopy.write(try PackageTree(Array(files.values), boundary: [workspace.root]), to: staging)
    let unit = RootPath.join(staging, build.unit)
    try system { () throws(SystemError) in try Files.createFolder(unit) }
    try await run(build.command ?? [], in: unit)
    let output = RootPath.join(unit, build.output ?? "")
    guard Files.isFolder(output) else {
      throw .build(
        unit: build.unit, reason: "the build made no folder '\(build.output ?? ".")', which \"output\" names",
        output: [])
    }
    let walk = TreeWalk(root: output, ignoreFiles: [])
    let sources = try walk.files(below: "").map { file in
      PackageTree.Source(path: file.path, file: "\(output)/\(file.path)", kind: file.kind, rule: nil)
    }
    guard !sources.isEmpty else {
      throw .build(unit: build.unit, reason: "the build left '\(build.output ?? ".")' empty", output: [])
    }
    try TreeCopy.write(try PackageTree(sources, boundary: [staging]), to: "\(work)/tree")
    return try cache.publish("\(work)/tree", for: key)
  }

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
