public import Core

/// Builds units and writes their packages.
public struct Builder: Sendable {
  private let workspace: Workspace
  private let cache: PackageCache
  private let timeout: TimeSpan
  private let workers: Int

  /// Builds the units of `workspace`.
  ///
  /// - Parameters:
  ///   - cacheFolder: absolute path of the cache; `.lamctl/cache` of the root by default.
  ///   - timeout: longest run of one build command.
  ///   - workers: threads for compressing, and units that are built at a time.
  public init(
    _ workspace: Workspace, cacheFolder: String? = nil, timeout: TimeSpan = .minutes(30),
    workers: Int = Threads.processorCount
  ) {
    self.workspace = workspace
    cache = PackageCache(folder: cacheFolder ?? "\(workspace.root)/.lamctl/cache")
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
      secrets: definition.secrets, progress: progress)
    let tree = try await builder.tree(key: digests.build, tools: digests.items[.tools] ?? [:])
    let warnings = builder.warnings + tree.warnings
    let isFromCache = builder.isFromCache
    let cache = cache
    let workers = workers
    let built = try await Threads.run { () throws(PackagerError) in
      let pkg = try tree.digest(workers: workers)
      let folder = "\(cache.folder)/zips"
      try system { () throws(SystemError) in try Files.createFolder(folder) }
      let zip = try ZipWriter.write(tree, to: "\(folder)/\(FunctionDigests.short(pkg)).zip", workers: workers)
      return BuiltPackage(
        pkg: pkg, zip: zip, unzippedSize: tree.unzippedSize, tree: tree, isFromCache: isFromCache,
        warnings: warnings)
    }
    progress(.packaged(unit: build.unit, size: built.zip.size))
    return built
  }

  /// The packages of several functions by logical name: a unit is built once, however many functions it has, and up to
  /// `workers` units at a time.
  ///
  /// - Throws: ``PackagerError`` of the first unit that failed; the others are ended.
  public func packages(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests],
    progress: @escaping @Sendable (BuildEvent) -> Void = { _ in }
  ) async throws(PackagerError) -> [String: BuiltPackage] {
    let units = Dictionary(grouping: definitions, by: \.build).values.sorted { $0[0].name < $1[0].name }
    do {
      return try await withThrowingTaskGroup(of: [String: BuiltPackage].self) { group in
        var waiting = units[...]
        var results: [String: BuiltPackage] = [:]
        let start = { (group: inout ThrowingTaskGroup<[String: BuiltPackage], any Error>) in
          guard let unit = waiting.popFirst(), let first = unit.first, let known = digests[first.name] else {
            return
          }
          group.addTask {
            let package = try await self.package(first, digests: known, progress: progress)
            return Dictionary(uniqueKeysWithValues: unit.map { ($0.name, package) })
          }
        }
        for _ in 0..<max(1, workers) { start(&group) }
        while let finished = try await group.next() {
          results.merge(finished) { $1 }
          start(&group)
        }
        return results
      }
    } catch let error as PackagerError {
      throw error
    } catch {
      throw .cancelled
    }
  }
}
