package import Core

/// What a build has put among the artifacts, of one function.
package struct BuiltArtifact: Hashable, Sendable {
  /// Where its package came from.
  package enum Origin: String, Sendable {
    /// It was built now.
    case built
    /// Nothing had to be built: it is files as they are, or what the build cache has.
    case reused
    /// An earlier build of the same inputs is among the artifacts.
    case earlier
  }

  /// Logical name.
  package let function: String
  /// The folder that is built, from the root.
  package let unit: RepositoryPath
  /// Where its package came from.
  package let origin: Origin
  /// Digest of what it is made of, in 64 hexadecimal digits.
  package let src: String
  /// Digest of the content, in 64 hexadecimal digits.
  package let pkg: String
  /// Digest of the zip, in 64 hexadecimal digits.
  package let sha256: String
  /// Length of the zip in bytes.
  package let size: Int

  init(_ entry: ArtifactEntry, _ origin: Origin) {
    function = entry.function
    unit = entry.unit
    src = entry.content.src
    pkg = entry.content.package.pkg
    sha256 = entry.content.package.sha256
    size = entry.content.package.size
    self.origin = origin
  }
}

/// What a build has come to.
package struct BuiltArtifacts: Sendable {
  /// The functions that it was to build.
  package let functions: [BuiltArtifact]
  /// Logical names of the functions of this share that were left out, and have no package there from before.
  package let left: [String]
}

/// Builds the packages of a repository, or one machine's share of them, into a place from which they are released later.
package struct ArtifactBuild: Sendable {
  private let store: any ArtifactStore
  private let maker: any PackageMaker
  private let shard: Shard
  private let commit: String?
  private let parallel: Int

  /// A build into `store`.
  ///
  /// - Parameters:
  ///   - shard: which share of the units is built.
  ///   - commit: what the index names as the source.
  ///   - parallel: how many packages are handed over at once.
  package init(
    into store: any ArtifactStore, maker: any PackageMaker, shard: Shard, commit: String?, parallel: Int
  ) {
    self.store = store
    self.maker = maker
    self.shard = shard
    self.commit = commit
    self.parallel = parallel
  }

  /// Builds what the store does not have yet, and writes the index of this share.
  ///
  /// - Parameters:
  ///   - definitions: all functions of the repository; container images are none of a build's artifacts.
  ///   - only: logical names of those that are built; nil for all. What the place has of the others stays.
  ///   - check: throws where a package must not be released.
  /// - Throws: ``PackagerError`` with all that failed; the index is written only when nothing has.
  package func run(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests], only: Set<String>? = nil,
    check: @escaping @Sendable (BuiltPackage, FunctionDefinition) throws(PackagerError) -> Void,
    progress: @escaping @Sendable (BuildEvent) -> Void
  ) async throws(PackagerError) -> BuiltArtifacts {
    let packed = definitions.filter { $0.packageType != "Image" }
    let layout = ArtifactLayout(digests.filter { name, _ in packed.contains { $0.name == name } })
    var last = try await LastBuild(in: store)
    let (plan, planBytes) = try await plan(layout, packed, digests, last)
    if only != nil, let bytes = try await store.read(layout.index(shard), limit: ArtifactLayout.limit),
      let index = ArtifactIndex(bytes)
    {
      last.take(index)
    }
    let places = Dictionary(plan.units.map { ($0.unit, $0.shard) }, uniquingKeysWith: { first, _ in first })
    let mine = packed.filter { places[$0.unit] == shard.number }
    var artifacts: [String: (entry: ArtifactEntry, origin: BuiltArtifact.Origin)] = [:]
    for entry in try await earlier(mine, digests, last) { artifacts[entry.function] = (entry, .earlier) }
    let chosen = mine.filter { only?.contains($0.name) ?? true }
    let missing = chosen.filter { artifacts[$0.name] == nil }
    let built = await maker.packages(missing, digests: digests, progress: progress)
    let made = missing.compactMap { definition in built[definition.name].map { (definition, $0) } }
    let checked = await Threads.run {
      Threads.map(count: made.count, workers: Threads.processorCount) { index in
        let (definition, result) = made[index]
        return result.flatMap { package in
          Result { () throws(PackagerError) in
            try check(package, definition)
            return package
          }
        }
      }
    }
    var faults: [PackagerError] = []
    for ((definition, _), result) in zip(made, checked) {
      guard let digests = digests[definition.name] else { continue }
      switch result {
      case .success(let package):
        let entry = ArtifactEntry(
          definition, digests: digests, package: package, cost: last.costs[definition.unit])
        artifacts[definition.name] = (entry, package.isFromCache ? .reused : .built)
      case .failure(let error): faults.append(error)
      }
    }
    if let error = PackagerError(all: faults) { throw error }
    try await hand(over: missing.compactMap { built[$0.name] })
    let held = mine.filter { artifacts[$0.name] != nil }
    let layers = layers(of: held, digests, last, built: missing.compactMap { try? built[$0.name]?.get() })
    let index = ArtifactIndex(
      shard: shard, plan: SHA256.digest(of: planBytes).hex, commit: commit,
      entries: held.compactMap { artifacts[$0.name]?.entry }, layers: layers,
      left: mine.map(\.name).filter { artifacts[$0] == nil })
    try await store.write(Self.bytes(index.json), to: layout.index(shard))
    try await store.write(
      Self.bytes(["schema": "lamctl.build/1", "shards": .int(shard.count)]), to: layout.shards)
    try await store.write(
      Self.bytes(["schema": "lamctl.latest/1", "build": .string(layout.key), "shards": .int(shard.count)]),
      to: ArtifactLayout.latest)
    let functions = chosen.compactMap { artifacts[$0.name] }.map { BuiltArtifact($0.entry, $0.origin) }
    return BuiltArtifacts(functions: functions, left: index.left)
  }

  /// The layers of the functions of this share, each once, in byte order of what they are made of.
  private func layers(
    of definitions: [FunctionDefinition], _ digests: [String: FunctionDigests], _ last: LastBuild,
    built: [BuiltPackage]
  ) -> [ArtifactLayer] {
    var layers: [String: ArtifactLayer] = [:]
    for layer in definitions.flatMap({ digests[$0.name]?.layers ?? [] }) {
      layers[layer.src.hex] = last.layers[layer.src.hex]
    }
    for layer in built.flatMap(\.layers) { layers[layer.layer.src.hex] = ArtifactLayer(layer) }
    return layers.values.sorted { $0.content.src < $1.content.src }
  }

  private static func bytes(_ json: JSON) -> [UInt8] { Array((json.text(.pretty) + "\n").utf8) }

  /// The plan that is written down for this build; where none is yet, one made of what the last build cost.
  private func plan(
    _ layout: ArtifactLayout, _ definitions: [FunctionDefinition], _ digests: [String: FunctionDigests],
    _ last: LastBuild
  ) async throws(PackagerError) -> (ShardPlan, bytes: [UInt8]) {
    let units = Set(definitions.map(\.unit)).sorted()
    let builds = Dictionary(
      definitions.compactMap { definition in digests[definition.name].map { (definition.unit, $0.build.hex) }
      },
      uniquingKeysWith: { first, _ in first })
    let made = ShardPlan(units, count: shard.count, costs: last.costs) { last.builds[$0] == builds[$0] }
    let bytes = Self.bytes(made.json)
    let name = layout.plan(of: shard.count)
    if try await store.create(bytes, at: name) { return (made, bytes) }
    guard let written = try await store.read(name, limit: ArtifactLayout.limit),
      let plan = ShardPlan(written),
      plan.count == shard.count, plan.units.map(\.unit) == units
    else {
      throw .artifacts(
        place: store.place, reason: "\(name) is no plan for these units",
        fix: "remove it and build again, all shards of it")
    }
    return (plan, written)
  }

  /// What an earlier build has made of the same inputs with the same tools, and is still there.
  private func earlier(
    _ definitions: [FunctionDefinition], _ digests: [String: FunctionDigests], _ last: LastBuild
  ) async throws(PackagerError) -> [ArtifactEntry] {
    var same: [ArtifactEntry] = []
    var blobs: [[FinishedPackage]] = []
    for definition in definitions {
      guard let known = digests[definition.name], let entry = last.entries[definition.name],
        entry.content.src == known.src.hex
      else { continue }
      let layers = known.layers.compactMap { last.layers[$0.src.hex] }
      // A function whose layer is another is held against that one anew.
      guard layers.count == known.layers.count else { continue }
      same.append(entry)
      blobs.append([entry.content.package] + layers.map(\.content.package))
    }
    let store = store
    let isThere = try await Concurrent.map(blobs, limit: parallel) {
      (blobs) async throws(PackagerError) -> Bool in
      for blob in blobs {
        let name = SharedCache.blob(blob.sha256)
        guard try await store.holds(name, sha256: blob.sha256, size: blob.size) else { return false }
      }
      return true
    }
    return zip(same, isThere).filter { $1 }.map(\.0)
  }

  private func hand(over results: [Result<BuiltPackage, PackagerError>]) async throws(PackagerError) {
    var zips: [ZipFile] = []
    for result in results {
      let package = try result.get()
      zips += [package.zip] + package.layers.map(\.zip)
    }
    let store = store
    _ = try await Concurrent.map(Array(Set(zips)), limit: parallel) {
      (zip) async throws(PackagerError) -> Bool in
      try await store.add(zip, as: SharedCache.blob(zip.sha256.hex))
      return true
    }
  }
}

/// What the build before came to, as far as it is there and can be read.
struct LastBuild: Sendable {
  /// By function.
  private(set) var entries: [String: ArtifactEntry] = [:]
  /// By what they are made of.
  private(set) var layers: [String: ArtifactLayer] = [:]
  /// Seconds, by unit.
  private(set) var costs: [RepositoryPath: Double] = [:]
  /// What each unit was made of.
  private(set) var builds: [RepositoryPath: String] = [:]
  /// The commit it was built from.
  private(set) var commit: String?

  init(in store: any ArtifactStore) async throws(PackagerError) {
    guard let (layout, count) = try await ArtifactLayout.last(in: store) else { return }
    let plan = try await store.read(layout.plan(of: count), limit: ArtifactLayout.limit)
    for unit in plan.flatMap({ ShardPlan($0) })?.units ?? [] { costs[unit.unit] = unit.cost }
    for number in 1...count {
      let name = layout.index(Shard(number: number, count: count))
      guard let bytes = try await store.read(name, limit: ArtifactLayout.limit),
        let index = ArtifactIndex(bytes)
      else { continue }
      commit = index.commit
      take(index)
    }
  }

  /// Adds what `index` says, over what is known.
  mutating func take(_ index: ArtifactIndex) {
    for layer in index.layers { layers[layer.content.src] = layer }
    for entry in index.entries {
      entries[entry.function] = entry
      builds[entry.unit] = entry.build
      if let cost = entry.cost { costs[entry.unit] = cost }
    }
  }
}
