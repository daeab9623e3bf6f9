internal import Core

/// JavaScript and TypeScript, installed by npm.
struct Node: Language {
  let name = "node"
  let runtimePrefix = "nodejs"
  let standardRuntime = "nodejs22.x"
  let layerFolder: String? = "nodejs"
  let packagesSources = true
  let extensions = ["js", "mjs", "cjs", "ts", "mts", "cts"]
  /// Node does not run TypeScript here: what Lambda gets must be JavaScript.
  let packagedExtensions = ["js", "mjs", "cjs"]
  let lockNames = NodeProject.lockNames
  /// Yarn itself where it is kept in the repository, and what it changes of itself and of packages.
  let hiddenSettings = [".yarn/releases", ".yarn/plugins", ".yarn/patches"]
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
    // Of `routes.get` only the first is an export.
    let symbol = symbol.split(separator: ".").first.map(String.init) ?? symbol
    if module.hasOpenExports || module.exports.contains(where: { $0.name == symbol }) { return nil }
    return module.exports.map(\.name)
  }

  /// Packages that are named by their folders, and members of the unit's workspace, which are named like any other.
  func localPackages(in folder: RepositoryPath, root: String) -> [RepositoryPath] {
    guard let manifest = NodeManifest.read(in: folder.absolute(in: root)) else { return [] }
    let needs = ["dependencies", "optionalDependencies"].flatMap { manifest[$0]?.object?.members ?? [] }
    guard !needs.isEmpty else { return [] }
    let project = NodeProject.find(for: folder, root: root)
    let members = project?.isWorkspace == true ? project?.members(root: root) ?? [:] : [:]
    return needs.compactMap { member in
      if let found = members[member.key] { return found }
      let text = member.value.string ?? ""
      guard let kind = ["file:", "link:", "portal:"].first(where: text.hasPrefix),
        let target = folder.resolving(text.dropFirst(kind.count)), Files.isFolder(target.absolute(in: root))
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
    let root = build.root(of: unit)
    guard let project = NodeProject.find(for: build.unit, root: root) else {
      return .refused(
        .inputs(
          unit: build.unit,
          reason: "\(build.unit.appending("package.json")) has dependencies, and no lock pins them",
          fix:
            "run 'npm install --package-lock-only' in \(build.unit) (or yarn, pnpm, bun) and commit the lock")
      )
    }
    return .install(NodeInstall(build: build, project: project, root: root))
  }

  func installTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    guard NodeManifest.hasDependencies(unit: unit),
      let project = NodeProject.find(for: build.unit, root: build.root(of: unit))
    else { return [] }
    let program = project.manager.program
    return [
      BuildTool(name: program, command: [program, "--version"]),
      BuildTool(name: "node", command: ["node", "--version"], countsMinorOnly: true),
    ]
  }

  func compileTools(for build: UnitBuild, unit: String) -> [BuildTool] {
    Esbuild(build: build, root: build.root(of: unit)).map { [$0.tool] } ?? []
  }

  func compiler(of build: UnitBuild, root: String) -> (any Compiler)? { Esbuild(build: build, root: root) }

  func handlerFaults(_ subject: GateSubject) -> [GateFault] {
    let isSource = subject.definition.discovered.handlerFile.map { $0.hasSuffix("ts") } ?? false
    let faults = subject.symbolFaults(
      of: self,
      missingFix: isSource
        ? "set \"build\" to a command that compiles the TypeScript and \"output\" to its folder"
        : GateSubject.missingSource)
    guard let handler = subject.handlerPath(of: self) else { return faults }
    var imports = NodeImportGate(subject)
    let symbol = split(handler: subject.handler)?.symbol ?? ""
    let lack = faults.isEmpty ? imports.lacks(symbol, in: handler).map { [$0] } ?? [] : []
    return faults + lack + imports.check(handler)
  }

  /// Node's runtime takes for the module what stands before the first dot behind the last slash, and the rest for a way
  /// through its exports.
  ///
  /// Source: `UserFunction.js` of aws-lambda-nodejs-runtime-interface-client.
  func split(handler: String) -> (module: String, symbol: String)? { HandlerFile.splitEarly(handler) }
}
