internal import Core

extension UnitBuilder {
  /// Builds the unit's container image with the docker CLI, from a copy that holds only what is declared.
  ///
  /// - Returns: what the engine says of it.
  func image(_ recipe: ImageRecipe) async throws(PackagerError) -> ImageFacts {
    let builds = try BuildFolder()
    defer { builds.remove() }
    let place = try await Threads.run { () throws(PackagerError) in
      let place = try stage(declaredSources, in: builds, tools: [:])
      try FolderPolish.polish(place.root)
      return place
    }
    let engine = ContainerEngine(environment: workspace.environment)
    let name = builds.folder.path(of: "image")
    try await runner.run(
      engine.build(
        recipe, architecture: build.architecture,
        variables: build.variables.compactMapValues { $0 }.keys.sorted(), in: place.root, namingIn: name))
    let id = try system { () throws(SystemError) in try builds.folder.read("image", limit: 1_024) } ?? []
    let text = String(decoding: id.prefix { $0 > 0x20 }, as: UTF8.self)
    guard ImageFacts.isDigest(text) else {
      throw .build(unit: build.unit, reason: "'docker buildx build' named no image", output: [])
    }
    let lines = try await runner.lines(of: engine.inspect(text, in: place.root))
    guard let json = try? JSON(parsing: lines.joined(separator: "\n")), let facts = ImageFacts(json) else {
      throw .build(
        unit: build.unit, reason: "'docker image inspect' says nothing of the image that it was asked for",
        output: [])
    }
    return facts
  }
}
