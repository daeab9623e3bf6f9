internal import Core

/// JavaScript and TypeScript, installed by npm.
struct Node: Language {
  let name = "node"
  let runtimePrefix = "nodejs"
  let standardRuntime = "nodejs22.x"
  let packagesSources = true
  let extensions = ["js", "mjs", "cjs", "ts", "mts", "cts"]
  /// Node does not run TypeScript here: what Lambda gets must be JavaScript.
  let packagedExtensions = ["js", "mjs", "cjs"]
  let lockNames = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"]
  let buildPrograms = ["npm", "npx", "node", "yarn", "pnpm", "bun", "deno", "esbuild", "tsc"]

  let manifests = [
    Manifest(name: "package.json", isLocked: true) { bytes, isAtTop in
      guard let manifest = try? NodeManifest.object(bytes) else { return true }
      if manifest["workspaces"] != nil { return false }
      return !isAtTop || manifest["dependencies"]?.object?.isEmpty == false
    }
  ]

  /// Declarations of types have no code.
  func reads(_ file: RepositoryPath) -> Bool {
    !file.hasSuffix(".d.ts") && !file.hasSuffix(".d.mts") && !file.hasSuffix(".d.cts")
  }

  func reading(of source: [UInt8], file: RepositoryPath) -> SourceReading {
    let module = ScriptModule(source: source)
    return SourceReading(
      handlers: NodeHandlers.symbols(in: module),
      imports: module.specifiers.sorted().map { SourceImport(module: $0) })
  }

  /// The version that the nearest statement names; the newest in wide use where that will do.
  func statedRuntime(for folder: RepositoryPath, in index: RepositoryIndex) -> StatedRuntime? {
    index.stated(for: folder) { folder in
      let manifest = folder.appending("package.json")
      let engines = index.manifest(manifest).flatMap { try? NodeManifest.object($0) }?["engines"]?["node"]?
        .string
      let found =
        index.firstLine(of: [".nvmrc", ".node-version"], in: folder) ?? engines.map { ($0, manifest) }
        ?? index.toolVersion(["nodejs", "node"], in: folder)
      guard let found, let version = StatedVersion(found.0), version.major <= 24 else { return nil }
      if version.isOpen, version.major <= 22 { return StatedRuntime(runtime: standardRuntime, file: found.1) }
      guard version.major >= 18, version.major.isMultiple(of: 2) else { return nil }
      return StatedRuntime(runtime: "nodejs\(version.major).x", file: found.1)
    }
  }

  func symbols(in source: [UInt8], without symbol: String) -> [String]? {
    let module = ScriptModule(source: source)
    if module.hasOpenExports || module.exports.contains(where: { $0.name == symbol }) { return nil }
    return module.exports.map(\.name)
  }

  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath] {
    guard let manifest = NodeManifest.read(in: folder.absolute(in: root)) else { return [] }
    return (manifest["dependencies"]?.object?.members ?? []).compactMap { member in
      guard let text = member.value.string, text.utf8.starts(with: "file:".utf8),
        let target = folder.resolving(String(Substring(text.utf8.dropFirst(5)))),
        Files.isFolder(target.absolute(in: root))
      else { return nil }
      return target
    }
  }

  func graph(of index: RepositoryIndex) -> (any SourceGraph)? { NodeGraph(index: index, language: self) }

  /// Lambda runs no TypeScript.
  func bundles(_ handler: RepositoryPath) -> Bool { Self.bundles([handler]) }

  func fault(in bytes: [UInt8], of file: RepositoryPath) -> PackagerError? {
    do throws(JSONSyntaxError) {
      _ = try JSON(parsing: bytes)
      return nil
    } catch {
      return .config(
        location: "\(file):\(error.position.line):\(error.position.column)",
        reason: "it is no JSON: \(error.reason)")
    }
  }

  func dependencies(of build: UnitBuild, unit: String) -> Dependencies {
    guard NodeManifest.hasDependencies(unit: unit) else { return .nothing }
    guard NodeManifest.lock(unit: unit) != nil else {
      return .unpinned(
        warning:
          "\(build.unit)/package.json has dependencies but no package-lock.json: they are not installed; run npm install"
          + " once and commit the lock")
    }
    return .install(NodeInstall(build: build))
  }

  func installTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    guard NodeManifest.hasDependencies(unit: unit), NodeManifest.lock(unit: unit) != nil else { return [] }
    return [
      BuildTool(name: "npm", command: ["npm", "--version"]),
      BuildTool(name: "node", command: ["node", "--version"], countsMinorOnly: true),
    ]
  }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    let isSource = subject.definition.discovered.handlerFile.map { $0.hasSuffix("ts") } ?? false
    return subject.symbolFaults(
      of: self,
      missingFix: isSource
        ? "set \"build\" to a command that compiles the TypeScript and \"output\" to its folder"
        : GateSubject.missingSource)
  }
}
