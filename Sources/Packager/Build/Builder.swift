public import Core

/// Builds units and writes their packages.
public struct Builder: PackageMaker {
  private let workspace: Workspace
  private let cache: PackageCache
  private let timeout: TimeSpan
  private let workers: Int
  private let clock: any WallClock

  /// Builds the units of `workspace`.
  ///
  /// - Parameters:
  ///   - cache: where finished trees are kept; `.lamctl/cache` of the root by default.
  ///   - timeout: longest run of one build command.
  ///   - workers: threads for compressing, and units that are built at a time.
  ///   - clock: what the time of builds, and the age of what is in the cache, is measured with.
  public init(
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
  public func package(
    _ definition: FunctionDefinition, digests: FunctionDigests,
    progress: @escaping @Sendable (BuildEvent) -> Void = { _ in }
  ) async throws(PackagerError) -> BuiltPackage {
    guard definition.packageType != "Image" else {
      throw .build(
        unit: definition.unit,
        reason:
          "container images are not built here; deploy the function as a zip (\"packageType\": \"Zip\")",
        output: [])
    }
    let began = clock.now()
    let workspace = workspace
    let build = definition.build
    let inputs = try await Threads.run { () throws(PackagerError) in
      var collector = InputCollector(workspace: workspace)
      return try collector.inputs(of: build)
    }
    var builder = UnitBuilder(
      workspace: workspace, build: build, inputs: inputs, cache: cache, timeout: timeout,
      secrets: definition.secrets, clock: clock, progress: progress)
    let tree = try await builder.tree(key: digests.build, tools: digests.items[.tools] ?? [:])
    let warnings = tree.warnings
    let isFromCache = builder.isFromCache
    let key = digests.build
    let built = try await Threads.run { () throws(PackagerError) in
      let (zip, pkg) = try zip(of: tree, for: key)
      return BuiltPackage(
        pkg: pkg, zip: zip, unzippedSize: tree.unzippedSize, tree: tree, isFromCache: isFromCache,
        warnings: warnings, cost: clock.now() - began)
    }
    progress(.packaged(unit: build.unit, size: built.zip.size))
    return built
  }

  /// The zip of `tree`, which the build `key` has come to: the one from before, where that came to the same.
  private func zip(of tree: PackageTree, for key: Digest) throws(PackagerError) -> (ZipFile, pkg: Digest) {
    if cache.isFinished(key) {
      let pkg = try tree.digest(workers: workers)
      if let zip = cache.zip(of: pkg, for: key) { return (zip, pkg) }
    }
    let work = try cache.work()
    defer { work.remove() }
    let written = try ZipWriter.write(tree, to: work.folder, workers: workers) { _ in CacheWork.zip }
    return (try cache.keep(written, of: work, for: key), written.pkg)
  }

  /// The package of each of several functions by logical name, or why there is none: a unit is built once, however many
  /// functions it has, and up to `workers` units at a time. A unit that fails keeps no other from being built, so that all
  /// failures are known after one run.
  public func packages(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests],
    progress: @escaping @Sendable (BuildEvent) -> Void = { _ in }
  ) async -> [String: Result<BuiltPackage, PackagerError>] {
    try? cache.removeLeftovers()
    let units = Dictionary(grouping: definitions, by: \.build).values.sorted { $0[0].name < $1[0].name }
    let built = await Concurrent.map(units, limit: workers) {
      unit -> (names: [String], result: Result<BuiltPackage, PackagerError>)? in
      guard let first = unit.first, let known = digests[first.name] else { return nil }
      let names = unit.map(\.name)
      do throws(PackagerError) {
        return (names, .success(try await self.package(first, digests: known, progress: progress)))
      } catch {
        return (names, .failure(error))
      }
    }
    _ = try? cache.prune(now: Int(clock.now().seconds))
    var results: [String: Result<BuiltPackage, PackagerError>] = [:]
    for case let (names, result)? in built {
      for name in names { results[name] = result }
    }
    return results
  }
}
