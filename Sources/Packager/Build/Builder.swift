public import Core

/// Builds units and writes their packages.
public struct Builder: Sendable {
  private let workspace: Workspace
  private let cache: PackageCache
  private let timeout: TimeSpan
  private let workers: Int
  private let clock: any WallClock

  /// Builds the units of `workspace`.
  ///
  /// - Parameters:
  ///   - cacheFolder: absolute path of the cache; `.lamctl/cache` of the root by default.
  ///   - timeout: longest run of one build command.
  ///   - workers: threads for compressing, and units that are built at a time.
  ///   - clock: what the age of what earlier runs left is measured with.
  public init(
    _ workspace: Workspace, cacheFolder: String? = nil, timeout: TimeSpan = .minutes(30),
    workers: Int = Threads.processorCount, clock: any WallClock = SystemClock()
  ) {
    self.workspace = workspace
    self.clock = clock
    cache = PackageCache(folder: cacheFolder ?? "\(workspace.root)/\(StateFolder.name)/cache")
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
    let cache = cache
    let workers = workers
    let built = try await Threads.run { () throws(PackagerError) in
      let pkg = try tree.digest(workers: workers)
      let zip = try ZipWriter.write(
        tree, to: try cache.zips(), as: "\(FunctionDigests.short(pkg)).zip", workers: workers)
      return BuiltPackage(
        pkg: pkg, zip: zip, unzippedSize: tree.unzippedSize, tree: tree, isFromCache: isFromCache,
        warnings: warnings)
    }
    progress(.packaged(unit: build.unit, size: built.zip.size))
    return built
  }

  /// The package of each of several functions by logical name, or why there is none: a unit is built once, however many
  /// functions it has, and up to `workers` units at a time. A unit that fails keeps no other from being built, so that all
  /// failures are known after one run.
  public func packages(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests],
    progress: @escaping @Sendable (BuildEvent) -> Void = { _ in }
  ) async -> [String: Result<BuiltPackage, PackagerError>] {
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
    var results: [String: Result<BuiltPackage, PackagerError>] = [:]
    for case let (names, result)? in built {
      for name in names { results[name] = result }
    }
    return results
  }
}
