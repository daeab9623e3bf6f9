internal import Core

/// A build that is among the artifacts, complete, and of the sources that are here: what can be released without building.
package struct Artifacts: PackageMaker {
  /// What each function is made of, with the tools and variables of the machine that built it, by logical name.
  package let digests: [String: FunctionDigests]
  private let store: any ArtifactStore
  private let cache: PackageCache
  private let entries: [String: ArtifactEntry]
  /// By what they are made of.
  private let layers: [String: ArtifactLayer]
  private let parallel: Int

  /// Finds the build of `definitions`, all functions of the repository.
  ///
  /// - Parameters:
  ///   - digests: theirs, whatever tools this machine has.
  ///   - selected: logical names of those that are to be released.
  ///   - cache: keeps what is fetched.
  /// - Throws: ``PackagerError/artifacts(place:reason:fix:)`` when there is no such build or a part of it is missing.
  package init(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests], selected: Set<String>,
    in store: any ArtifactStore, cache: PackageCache, parallel: Int
  ) async throws(PackagerError) {
    self.store = store
    self.cache = cache
    self.parallel = parallel
    let packed = Set(definitions.filter { $0.packageType != "Image" }.map(\.name))
    let wanted = digests.filter { packed.contains($0.key) }
    let layout = ArtifactLayout(wanted)
    guard let count = try await layout.count(in: store) else {
      throw await Self.missing(wanted, in: store)
    }
    let (entries, layers, left) = try await Self.entries(of: layout, count: count, in: store)
    let absent = wanted.keys.filter { entries[$0] == nil && selected.contains($0) }.sorted()
    guard absent.isEmpty else { throw Self.lacks(absent, left: left, in: store) }
    var known = digests
    for (name, digests) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let entry = entries[name] else { continue }
      let built = digests.builtWith(tools: entry.tools, env: entry.env)
      guard built.src.hex == entry.content.src else {
        throw .artifacts(
          place: store.place, reason: "the package of \(name) was built from other inputs than it says",
          fix: Self.fix(store))
      }
      known[name] = built
    }
    self.digests = known
    self.entries = entries
    self.layers = layers
  }

  private static func fix(_ store: any ArtifactStore) -> String {
    "build again: lamctl build --to \(store.place)"
  }

  /// Reads what the machines have written, each of which kept to the one plan.
  private static func entries(
    of layout: ArtifactLayout, count: Int, in store: any ArtifactStore
  ) async throws(PackagerError) -> ([String: ArtifactEntry], [String: ArtifactLayer], left: Set<String>) {
    guard let bytes = try await store.read(layout.plan(of: count), limit: ArtifactLayout.limit),
      let plan = ShardPlan(bytes), plan.count == count
    else {
      throw .artifacts(
        place: store.place, reason: "\(layout.plan(of: count)) is missing, or cannot be understood",
        fix: fix(store))
    }
    var entries: [String: ArtifactEntry] = [:]
    var layers: [String: ArtifactLayer] = [:]
    var left: Set<String> = []
    var missing: [Shard] = []
    for number in 1...count {
      let shard = Shard(number: number, count: count)
      let name = layout.index(shard)
      guard let content = try await store.read(name, limit: ArtifactLayout.limit) else {
        missing.append(shard)
        continue
      }
      guard let index = ArtifactIndex(content), index.shard == shard else {
        throw .artifacts(place: store.place, reason: "\(name) cannot be understood", fix: fix(store))
      }
      guard index.plan == SHA256.digest(of: bytes).hex else {
        throw .artifacts(
          place: store.place, reason: "shard \(shard) was split otherwise than the plan says",
          fix:
            "build all shards again into one place, or carry \(layout.plan(of: count)) to each of them first")
      }
      for entry in index.entries { entries[entry.function] = entry }
      for layer in index.layers { layers[layer.content.src] = layer }
      left.formUnion(index.left)
    }
    guard missing.isEmpty else { throw lost(missing, of: plan, in: store) }
    return (entries, layers, left)
  }

  /// Why functions that are to be released have no package: some were left out of the build.
  private static func lacks(
    _ names: [String], left: Set<String>, in store: any ArtifactStore
  ) -> PackagerError {
    let reason = "the build has no package of \(shown(names))"
    guard names.allSatisfy(left.contains) else {
      return .artifacts(place: store.place, reason: reason, fix: fix(store))
    }
    let choice = names.count > 5 ? "" : names.map { "--only \($0) " }.joined()
    return .artifacts(
      place: store.place, reason: reason + ": it was made of some functions with --only",
      fix:
        "build the others into it: lamctl build \(choice)--to \(store.place); or release what it has with --only"
    )
  }

  /// The first few of `names`.
  private static func shown(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }

  private static func lost(_ shards: [Shard], of plan: ShardPlan, in store: any ArtifactStore)
    -> PackagerError
  {
    let names = shards.map(\.description).joined(separator: ", ")
    let numbers = Set(shards.map(\.number))
    let units = plan.units.filter { numbers.contains($0.shard) }.map(\.unit.description)
    return .artifacts(
      place: store.place,
      reason: "shard \(names) is missing" + (units.isEmpty ? "" : ", which was to build \(shown(units))"),
      fix: "run it: lamctl build --shard \(shards[0]) --to \(store.place)")
  }

  /// Says which build there is instead, and what differs.
  private static func missing(
    _ wanted: [String: FunctionDigests], in store: any ArtifactStore
  ) async -> PackagerError {
    let fix = "\(fix(store)), or check out the commit that was built"
    guard let last = try? await LastBuild(in: store), !last.entries.isEmpty else {
      return .artifacts(
        place: store.place, reason: "there is no build of these sources", fix: Self.fix(store))
    }
    let other = wanted.filter { last.entries[$0.key]?.inputs != $0.value.inputs.hex }.keys.sorted()
    let gone = last.entries.keys.filter { wanted[$0] == nil }.sorted()
    let shown = shown(other + gone)
    let commit = last.commit.map { "of commit \($0.prefix(12).description.escaped)" } ?? "of other sources"
    return .artifacts(
      place: store.place,
      reason:
        "there is no build of these sources; the last is \(commit), and these functions differ: \(shown)",
      fix: fix)
  }

  /// The packages as they were built, fetched where the cache does not have them, and held against their digests.
  package func packages(
    _ definitions: [FunctionDefinition], digests: [String: FunctionDigests],
    progress: @escaping @Sendable (BuildEvent) -> Void
  ) async -> [String: Result<BuiltPackage, PackagerError>] {
    let results = await Concurrent.map(definitions, limit: parallel) {
      definition -> (name: String, result: Result<BuiltPackage, PackagerError>) in
      do throws(PackagerError) {
        var package = try await package(of: definition)
        for layer in digests[definition.name]?.layers ?? [] {
          package.layers.append(try await self.layer(layer))
        }
        return (definition.name, .success(package))
      } catch {
        return (definition.name, .failure(error))
      }
    }
    return Dictionary(results.map { ($0.name, $0.result) }, uniquingKeysWith: { first, _ in first })
  }

  /// Artifacts are packages: an image is released from the machine that builds it. See ``refusal(of:in:)``.
  package func images(
    _ definitions: [FunctionDefinition], progress: @escaping @Sendable (BuildEvent) -> Void
  ) async -> [String: Result<BuiltImage, PackagerError>] {
    Dictionary(definitions.map { ($0.name, .failure(noImage($0))) }, uniquingKeysWith: { first, _ in first })
  }

  private func noImage(_ definition: FunctionDefinition) -> PackagerError {
    Self.noImages([definition.name], in: store)
  }

  /// Why `definitions` cannot all be released from `store`; nil where they can, as far as their kind tells.
  package static func refusal(
    of definitions: [FunctionDefinition], in store: any ArtifactStore
  ) -> PackagerError? {
    let images = definitions.filter { $0.packageType == "Image" }.map(\.name).sorted()
    return images.isEmpty ? nil : noImages(images, in: store)
  }

  private static func noImages(_ names: [String], in store: any ArtifactStore) -> PackagerError {
    let isOne = names.count == 1
    let left = names.map { "--only '!\($0)'" }.joined(separator: " ")
    let alone = names.map { "--only \($0)" }.joined(separator: " ")
    return .artifacts(
      place: store.place,
      reason: names.joined(separator: ", ")
        + (isOne ? " is a container image, " : " are container images, ")
        + "and artifacts hold none",
      fix:
        "leave \(isOne ? "it" : "them") out of this release with \(left), and release \(isOne ? "it" : "them") "
        + "without --artifacts: \(alone)")
  }

  private func package(of definition: FunctionDefinition) async throws(PackagerError) -> BuiltPackage {
    guard let entry = entries[definition.name] else {
      throw noImage(definition)
    }
    let (zip, tree) = try await content(entry.content.package, about: "artifact of \(definition.name)")
    return try await Threads.run { () throws(PackagerError) in
      let (pkg, tree) = try tree.read()
      return BuiltPackage(
        pkg: pkg, zip: zip, unzippedSize: tree.unzippedSize, tree: tree, isFromCache: true,
        warnings: tree.warnings, cost: .zero)
    }
  }

  private func layer(_ layer: RepositoryLayer) async throws(PackagerError) -> BuiltLayer {
    guard let entry = layers[layer.src.hex] else {
      throw .artifacts(
        place: store.place, reason: "the build has no layer of \(layer.folder)", fix: Self.fix(store))
    }
    let (zip, tree) = try await content(
      entry.content.package, about: "artifact of the layer \(layer.folder)")
    let (pkg, read) = try await Threads.run { () throws(PackagerError) in try tree.read() }
    return BuiltLayer(layer: layer, pkg: pkg, zip: zip, tree: read)
  }

  /// A zip, and what is in it.
  private func content(
    _ entry: FinishedPackage, about: String
  ) async throws(PackagerError) -> (ZipFile, PackageTree) {
    let zip = try await zip(of: entry)
    let hasher = RecordHasher(tag: "lamctl-artifact-1")
    hasher.add([entry.sha256, entry.pkg])
    let place = store.place
    // Unpacked, so that it is looked at like one that is built here; and what it holds is what was said.
    let tree = try await cache.tree(for: hasher.digest(), about: about) {
      (work) throws(PackagerError) in
      let folder = try work.treeFolder()
      try await Threads.run { () throws(PackagerError) in
        try ZipUnpacking.unpack(zip.path, into: folder, limit: Self.contentLimit)
        guard try PackageTree(folder: folder.path).digest().hex == entry.pkg else {
          throw .artifacts(
            place: place, reason: "\(SharedCache.blob(entry.sha256)) holds something else than it says",
            fix: "")
        }
      }
    }
    return (zip, try await Threads.run { () throws(PackagerError) in try PackageTree(folder: tree.path) })
  }

  /// The most bytes of a package's content that are unpacked: what Lambda takes, and room to say that it does not.
  private static let contentLimit = 1 << 30

  private func zip(of known: FinishedPackage) async throws(PackagerError) -> ZipFile {
    if let zip = await Threads.run({ cache.zip(of: known) }) { return zip }
    let work = try cache.work()
    defer { work.remove() }
    let name = "fetched"
    let blob = SharedCache.blob(known.sha256)
    guard try await store.fetch(blob, to: work.folder.path(of: name), limit: known.size) else {
      throw .artifacts(place: store.place, reason: "\(blob) is missing", fix: Self.fix(store))
    }
    let zips = try cache.zips()
    try system { () throws(SystemError) in try work.folder.move(name, to: zips, as: known.zipName) }
    guard let zip = await Threads.run({ cache.zip(of: known) }) else {
      throw .artifacts(
        place: store.place, reason: "\(blob) is damaged: its digest is not the one that the index names",
        fix: Self.fix(store))
    }
    return zip
  }
}
