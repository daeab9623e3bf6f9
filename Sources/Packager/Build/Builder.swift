package import Core

/// Builds units and writes their packages.
package struct Builder: PackageMaker {
  let workspace: Workspace
  let cache: PackageCache
  let timeout: TimeSpan
  let workers: Int
  let clock: any WallClock
  private let memory = ZipMemory()

  /// Builds the units of `workspace`.
  ///
  /// - Parameters:
  ///   - cache: where finished trees are kept; `.lamctl/cache` of the root by default.
  ///   - timeout: longest run of one build command.
  ///   - workers: threads for compressing, and units that are built at a time.
  ///   - clock: what the time of builds, and the age of what is in the cache, is measured with.
  package init(
    _ workspace: Workspace, cache: PackageCache? = nil, timeout: TimeSpan = .minutes(30),
    workers: Int = Threads.processorCount, clock: any WallClock = SystemClock()
  ) {
    self.workspace = workspace
    self.clock = clock
    self.cache = cache ?? PackageCache(folder: PackageCache.folder(of: workspace.root))
    self.timeout = timeout
    self.workers = workers
  }

  /// The package of one function.
  ///
  /// - Parameter digests: the function's digests, which name its build in the cache.
  /// - Throws: ``PackagerError``; cancelling the task ends the programs that build.
  package func package(
    _ definition: FunctionDefinition, digests: FunctionDigests,
    progress: @escaping @Sendable (BuildEvent) -> Void = { _ in }
  ) async throws(PackagerError) -> BuiltPackage {
    try refuseImage(definition)
    let shelf = try await shelf()
    defer { shelf.close() }
    let layers = await layers(
      of: [definition], digests: [definition.name: digests], shelf: shelf, progress: progress)
    let (package, made) = try await made(definition, digests: digests, shelf: shelf, progress: progress)
    let new = layers.new + [made].compactMap { $0 }
    try await Threads.run { () throws(PackagerError) in try shelf.note(new) }
    return try layers.joined(to: package, digests).get()
  }

  private func shelf() async throws(PackagerError) -> PackageShelf {
    try await Threads.run { () throws(PackagerError) in try PackageShelf(cache) }
  }

  private func refuseImage(_ definition: FunctionDefinition) throws(PackagerError) {
    guard definition.packageType == "Image" else { return }
    throw .build(
      unit: definition.unit,
      reason:
        "it is a container image, which has no package: 'lamctl deploy' builds and pushes it",
      output: [])
  }

  /// The package, and what the cache is to be told of it.
  private func made(
    _ definition: FunctionDefinition, digests: FunctionDigests, shelf: PackageShelf,
    progress: @escaping @Sendable (BuildEvent) -> Void
  ) async throws(PackagerError) -> (BuiltPackage, NewPackage?) {
    let began = clock.now()
    let workspace = workspace
    let build = definition.build
    let inputs = try await Threads.run { () throws(PackagerError) in
      let collector = InputCollector(workspace: workspace)
      return try collector.inputs(of: build)
    }
    var builder = UnitBuilder(
      workspace: workspace, build: build, inputs: inputs, locks: digests.items[.locks] ?? [:],
      cache: cache, timeout: timeout, secrets: definition.secrets, progress: progress)
    let tree = try await builder.tree(key: digests.build, tools: digests.items[.tools] ?? [:])
    let warnings = tree.warnings
    let isFromCache = builder.isFromCache
    let key = digests.build
    let (written, isNew) = try await Threads.run { () throws(PackagerError) in
      try self.zip(of: tree, for: key, shelf: shelf)
    }
    let built = BuiltPackage(
      pkg: written.pkg, zip: written.zip, unzippedSize: tree.unzippedSize, tree: written.tree,
      isFromCache: isFromCache,
      warnings: warnings, cost: clock.now() - began)
    progress(.packaged(unit: build.unit, size: written.zip.size))
    return (built, isNew ? NewPackage(key: key, pkg: written.pkg, zip: written.zip) : nil)
  }

  /// The zip of `tree`, which the build `key` has come to: the one from before, where that came to the same.
  func zip(
    of tree: PackageTree, for key: Digest, shelf: PackageShelf
  ) throws(PackagerError) -> (WrittenZip, isNew: Bool) {
    if shelf.isFinished(key) {
      let (pkg, tree) = try tree.read(workers: workers)
      if let zip = shelf.zip(of: pkg, for: key) { return (WrittenZip(zip: zip, pkg: pkg, tree: tree), false) }
    }
    return (try shelf.write(tree, workers: workers, memory: memory), true)
  }

  /// The package of each of several functions by logical name, or why there is none: a unit is built once, however many
  /// functions it has, and up to `workers` units at a time. A unit that fails keeps no other from being built, so that all
  /// failures are known after one run.
  package func packages(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests],
    progress: @escaping @Sendable (BuildEvent) -> Void = { _ in }
  ) async -> [String: Result<BuiltPackage, PackagerError>] {
    guard !definitions.isEmpty else { return [:] }
    try? cache.removeLeftovers()
    let shelf: PackageShelf
    do throws(PackagerError) {
      shelf = try await self.shelf()
    } catch {
      return Dictionary(definitions.map { ($0.name, .failure(error)) }) { first, _ in first }
    }
    defer { shelf.close() }
    let layers = await layers(of: definitions, digests: digests, shelf: shelf, progress: progress)
    let units = Dictionary(grouping: definitions, by: \.build).values.sorted { $0[0].name < $1[0].name }
    let built = await Concurrent.map(units, limit: workers) {
      unit -> (names: [String], result: Result<(BuiltPackage, NewPackage?), PackagerError>)? in
      guard let first = unit.first, let known = digests[first.name] else { return nil }
      let names = unit.map(\.name)
      do throws(PackagerError) {
        try refuseImage(first)
        return (names, .success(try await self.made(first, digests: known, shelf: shelf, progress: progress)))
      } catch {
        return (names, .failure(error))
      }
    }
    let new = built.compactMap { try? $0?.result.get().1 } + layers.new
    var unsettled: PackagerError?
    do throws(PackagerError) {
      try await Threads.run { () throws(PackagerError) in try shelf.note(new) }
    } catch {
      unsettled = error
    }
    _ = try? cache.prune(now: Int(clock.now().seconds))
    var results: [String: Result<BuiltPackage, PackagerError>] = [:]
    for case let (names, result)? in built {
      let package = result.map(\.0)
      // Functions of one unit may have other layers each.
      for name in names {
        results[name] =
          unsettled.map { .failure($0) } ?? package.flatMap { layers.joined(to: $0, digests[name]) }
      }
    }
    return results
  }
}
