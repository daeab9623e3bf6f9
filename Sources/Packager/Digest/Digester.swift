import Core
internal import LambdaSettings

/// Computes what the functions of a repository depend on, reading every file once.
package struct Digester: Sendable {
  private let workspace: Workspace
  private let tools: ToolVersions
  private let workers: Int

  /// Digests for the functions of `workspace`; `tools` is asked for the versions of what builds them.
  package init(_ workspace: Workspace, tools: ToolVersions? = nil, workers: Int = Threads.processorCount) {
    self.workspace = workspace
    self.tools = tools ?? ToolVersions(environment: workspace.environment)
    self.workers = workers
  }

  /// The digests of every definition, by logical name.
  ///
  /// - Throws: ``PackagerError`` when a file cannot be read, or when a unit imports code of the repository that it does
  ///   not declare.
  package func digest(_ definitions: [FunctionDefinition]) async throws(PackagerError) -> [String:
    FunctionDigests]
  {
    let builds = Set(definitions.map(\.build)).sorted { $0.unit < $1.unit }
    var versions: [UnitBuild: DigestItems] = [:]
    let workspace = workspace
    let workers = workers
    let index = workspace.surveyed.withLock { $0 }?.index
    let asked = await Threads.run {
      Threads.map(count: builds.count, workers: builds.count < 8 ? 1 : workers) { number in
        ToolVersions.tools(for: builds[number], root: workspace.root, index: index)
      }
    }
    for (build, asked) in zip(builds, asked) { versions[build] = await tools.versions(for: build, asked) }
    let layers = definitions.map { $0.layerBuilds(root: workspace.root) }
    let all = builds + Set(layers.joined().flatMap(\.units)).sorted { $0.unit < $1.unit }
    let units = try await Threads.run { () throws(PackagerError) in
      try Self.items(of: all, in: workspace, workers: workers)
    }
    let layerDigests = LayerDigests(units: units)
    let known = versions
    let digests = await Threads.run {
      Threads.map(count: definitions.count, workers: definitions.count < 8 ? 1 : workers) { number in
        let definition = definitions[number]
        let layers = layers[number].map(layerDigests.digest)
        var items = units[definition.build] ?? [:]
        items[.tools] = known[definition.build]
        items[.command]?["handler"] = definition.handler
        items[.config] = ConfigItems.items(of: definition)
        items[.layers] = layers.reduce(into: [:]) { all, layer in all.merge(layer.items) { $1 } }
        return FunctionDigests(items: items, layers: layers.map(\.layer))
      }
    }
    return Dictionary(zip(definitions.map(\.name), digests)) { $1 }
  }

  private static func items(
    of builds: [UnitBuild], in workspace: Workspace, workers: Int
  ) throws(PackagerError) -> [UnitBuild: [DigestPart: DigestItems]] {
    let inputs = try InputCollector(workspace: workspace).inputs(of: builds, workers: workers)
    var slices: [[RepositoryPath: String]] = []
    var locks = LockReader(root: workspace.root)
    var faults: [PackagerError] = []
    for (build, input) in zip(builds, inputs) {
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        slices.append(try locks.words(of: input, for: build))
      }
    }
    if let error = PackagerError(all: faults) { throw error }
    let files = Self.files(of: inputs, sliced: slices)
    let index = workspace.surveyed.withLock { $0 }?.index
    let cache = index?.cache ?? StatCache(root: workspace.root, environment: workspace.environment)
    let words = try FileHash.words(
      root: workspace.root, files: files, workers: workers, known: index?.takeWords() ?? [:], cache: cache)
    cache?.save()
    let byPath = Dictionary(uniqueKeysWithValues: zip(files.map(\.path), words))
    // What its imports say is undeclared would be no part of any digest.
    let refused =
      refusals(of: builds, in: workspace, index, workers: workers) + builds.flatMap(\.sources.undeclared)
    if let error = PackagerError(all: refused) { throw error }
    let globals = workspace.config.globalInputs
    let sliced = slices
    let results = Threads.map(count: builds.count, workers: builds.count < 8 ? 1 : workers) { number in
      items(of: builds[number], inputs[number], words: byPath, slices: sliced[number], globals: globals)
    }
    return Dictionary(uniqueKeysWithValues: zip(builds, results))
  }

  /// The files whose words are wanted, each once, in byte order.
  private static func files(
    of inputs: [UnitInputs], sliced: [[RepositoryPath: String]]
  ) -> [WalkedFile] {
    var files: [WalkedFile] = []
    files.reserveCapacity(inputs.reduce(0) { $0 + $1.own.count })
    for (input, sliced) in zip(inputs, sliced) {
      for list in [input.own, input.locks, input.others, input.reached] + input.shared.map(\.files) {
        for file in list where file.kind != .emptyFolder && (sliced.isEmpty || sliced[file.path] == nil) {
          files.append(file)
        }
      }
    }
    // Each list is in order, and so are the units: there is little to do.
    files.sort { $0.path < $1.path }
    var unique: [WalkedFile] = []
    unique.reserveCapacity(files.count)
    for file in files {
      if unique.last?.path == file.path { unique.removeLast() }
      unique.append(file)
    }
    return unique
  }

  /// What a manifest asks for and nothing can install would be no part of any package.
  private static func refusals(
    of builds: [UnitBuild], in workspace: Workspace, _ index: RepositoryIndex?, workers: Int
  ) -> [PackagerError] {
    let found = Threads.map(count: builds.count, workers: builds.count < 8 ? 1 : workers) {
      number -> PackagerError? in
      let build = builds[number]
      guard build.command == nil, !build.isPrebuilt, let language = Languages.of(build),
        index?.mayNeed(language, in: build.unit) ?? true,
        case .refused(let error) = language.dependencies(
          of: build, unit: build.unit.absolute(in: workspace.root))
      else { return nil }
      return error
    }
    return found.compactMap(\.self)
  }

  private static func items(
    of build: UnitBuild, _ input: UnitInputs, words: [RepositoryPath: String],
    slices: [RepositoryPath: String], globals: [RepositoryPath]
  ) -> [DigestPart: DigestItems] {
    let lockPaths = Set(input.locks.map(\.path))
    var files: DigestItems = [:]
    files.reserveCapacity(input.own.count)
    var shared: DigestItems = [:]
    var locks: DigestItems = [:]
    // Names are relative to the unit: moving a unit in the repository does not change what it is.
    for file in input.own where lockPaths.isEmpty || !lockPaths.contains(file.path) {
      let name = file.path.relative(to: input.top)
      files[name.isRoot ? build.artifact?.name ?? "." : name.itemName] = words[file.path]
    }
    for file in input.others {
      let name = "/" + file.path.itemName
      if globals.contains(where: { $0.contains(file.path) }) {
        shared[name] = words[file.path]
      } else {
        files[name] = words[file.path]
      }
    }
    for file in input.reached { shared[file.path.itemName] = words[file.path] }
    for (_, files) in input.shared { for file in files { shared[file.path.itemName] = words[file.path] } }
    for file in input.locks { locks[file.path.itemName] = slices[file.path] ?? words[file.path] }
    var items: [DigestPart: DigestItems] = [.files: files, .shared: shared, .locks: locks]
    items[.command] = command(build)
    items[.env] = [:]
    for (name, value) in build.variables { items[.env]?[name] = variable(name, value) }
    return items
  }

  /// A secret counts by being there. Which one it is decides about no package, and a digest of it could be searched.
  private static func variable(_ name: String, _ value: String?) -> String {
    guard let value else { return "unset" }
    return Secrets.isSecretName(name) ? "secret" : ConfigItems.short(value)
  }

  private static func command(_ build: UnitBuild) -> DigestItems {
    let list = { (words: [String]) in JSON.array(words.map(JSON.string)).text() }
    var items: DigestItems = ["runtime": build.runtime ?? "image", "architecture": build.architecture]
    items["build"] = build.recordedCommand.map { ConfigItems.short(list($0)) }
    items["output"] = build.output?.text
    items["target"] = build.target
    items["artifact"] = build.artifact.map { $0.fileExtension ?? "folder" }
    if !build.include.isEmpty { items["package.include"] = list(build.include) }
    if !build.exclude.isEmpty { items["package.exclude"] = list(build.exclude) }
    if build.compilesBytecode { items["python.bytecode"] = "unchecked-hash" }
    let compiled = build.entries.filter { file in
      guard let language = Languages.of(file: file) else { return false }
      return language.packagesSources && !language.packagedExtensions.contains(file.fileExtension ?? "")
    }
    if !compiled.isEmpty { items["entries"] = list(compiled.map { $0.relative(to: build.unit).text }) }
    if let image = build.image {
      items["dockerfile"] = image.dockerfile.relative(to: build.unit).text
      items["context"] = image.context.relative(to: build.unit).text
      items["stage"] = image.stage
    }
    for use in build.uses { items["into \(use.folder.itemName)"] = use.into.text }
    return items
  }
}

extension RepositoryPath {
  /// The path as the name of a digest item. Names of items are strings, to which two forms of one accented letter are
  /// equal: beyond ASCII a piece of the bytes' digest keeps them apart.
  var itemName: String {
    isASCII ? text : "\(text) (\(SHA256.digest(of: text).hex.prefix(8)))"
  }
}

/// A function's configuration as digest items. Secrets and the values of variables are not among them: a digest of a short
/// value can be searched, so that those are compared with what Lambda has, in memory.
enum ConfigItems {
  static func short(_ value: String) -> String { String(SHA256.digest(of: value).hex.prefix(32)) }

  /// Everything that a version fixes. What has a call of its own, such as tags, changes without a version.
  static func items(of definition: FunctionDefinition) -> DigestItems {
    var items: DigestItems = [:]
    for (key, value) in definition.configuration.members
    where SettingCatalogue[key]?.call.needsVersion ?? true {
      if key == "Environment" {
        for name in value["Variables"]?.object?.keys ?? [] { items["Environment.\(name)"] = "variable" }
      } else {
        let recorded = definition.recordedSettings[key] ?? value
        items[key] = short(recorded.text(sortedKeys: true))
      }
    }
    if definition.configuration["Environment"] != nil {
      items["Environment mode"] = definition.environmentMode.rawValue
    }
    return items
  }
}
