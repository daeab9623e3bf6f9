internal import Core

extension Builder {
  /// The layers of `definitions`, each built once, or why it cannot be.
  func layers(
    of definitions: [FunctionDefinition], digests: [String: FunctionDigests], shelf: PackageShelf,
    progress: @escaping @Sendable (BuildEvent) -> Void
  ) async -> BuiltLayers {
    var wanted: [Digest: (build: LayerBuild, layer: RepositoryLayer, secrets: SecretMask)] = [:]
    for definition in definitions where definition.packageType != "Image" {
      let known = digests[definition.name]?.layers ?? []
      for (build, layer) in Swift.zip(definition.layerBuilds(root: workspace.root), known) {
        wanted[layer.src] = (build, layer, definition.secrets)
      }
    }
    let works = wanted.values.sorted { $0.layer.folder < $1.layer.folder }
    let built = await Concurrent.map(works, limit: workers) {
      work -> (Digest, Result<(BuiltLayer, NewPackage?), PackagerError>) in
      do throws(PackagerError) {
        let made = try await layer(
          work.build, work.layer, secrets: work.secrets, shelf: shelf, progress: progress)
        return (work.layer.src, .success(made))
      } catch {
        return (work.layer.src, .failure(error))
      }
    }
    return BuiltLayers(
      bySource: Dictionary(built.map { ($0, $1.map(\.0)) }) { first, _ in first },
      new: built.compactMap { try? $0.1.get().1 })
  }

  private func layer(
    _ build: LayerBuild, _ layer: RepositoryLayer, secrets: SecretMask, shelf: PackageShelf,
    progress: @escaping @Sendable (BuildEvent) -> Void
  ) async throws(PackagerError) -> (BuiltLayer, NewPackage?) {
    let builder = LayerBuilder(workspace: workspace, layer: build) { [workspace, cache, timeout] in
      UnitBuilder(
        workspace: workspace, build: $0, inputs: $1, locks: $2, cache: cache, timeout: timeout,
        secrets: secrets, progress: progress)
    }
    let tree = try await builder.tree()
    let key = layer.src
    let (made, isNew) = try await Threads.run { () throws(PackagerError) in
      try zip(of: tree, for: key, shelf: shelf)
    }
    return (
      BuiltLayer(layer: layer, pkg: made.pkg, zip: made.zip, tree: made.tree),
      isNew ? NewPackage(key: key, pkg: made.pkg, zip: made.zip) : nil
    )
  }
}

/// Layers that were built, or why they could not be, by what they are made of.
struct BuiltLayers: Sendable {
  let bySource: [Digest: Result<BuiltLayer, PackagerError>]
  /// What the cache is to be told of them.
  let new: [NewPackage]

  /// `package` with the layers of its function, which has `digests`; why not where one of them could not be built.
  func joined(
    to package: BuiltPackage, _ digests: FunctionDigests?
  ) -> Result<BuiltPackage, PackagerError> {
    var package = package
    for layer in digests?.layers ?? [] {
      switch bySource[layer.src] {
      case .success(let built):
        // Two folders may hold the same: it is called as the function names it.
        package.layers.append(BuiltLayer(layer: layer, pkg: built.pkg, zip: built.zip, tree: built.tree))
      case .failure(let error): return .failure(error)
      case nil: break
      }
    }
    return .success(package)
  }
}
