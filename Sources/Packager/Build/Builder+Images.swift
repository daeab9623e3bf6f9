internal import Core

extension Builder {
  /// The container image of each of several functions by logical name, or why there is none: what they share is built once.
  ///
  /// The docker CLI builds it and its engine keeps it; nothing is sent anywhere.
  public func images(
    _ definitions: [FunctionDefinition], progress: @escaping @Sendable (BuildEvent) -> Void
  ) async -> [String: Result<BuiltImage, PackagerError>] {
    var results: [String: Result<BuiltImage, PackagerError>] = [:]
    var placed: [(definition: FunctionDefinition, repository: ImageRepository)] = []
    for definition in definitions {
      if let repository = definition.imageRepository {
        placed.append((definition, repository))
      } else {
        results[definition.name] = .failure(Self.homeless(definition))
      }
    }
    let units = Dictionary(grouping: placed, by: \.definition.build).values
      .sorted { $0[0].definition.name < $1[0].definition.name }
    let built = await Concurrent.map(units, limit: workers) {
      unit -> [(name: String, result: Result<BuiltImage, PackagerError>)] in
      do throws(PackagerError) {
        let (facts, warnings) = try await self.image(of: unit[0].definition, progress: progress)
        return unit.map { definition, repository in
          (definition.name, .success(BuiltImage(facts: facts, repository: repository, warnings: warnings)))
        }
      } catch {
        return unit.map { ($0.definition.name, .failure(error)) }
      }
    }
    for (name, result) in built.joined() { results[name] = result }
    return results
  }

  /// Nothing is built that could go nowhere.
  private static func homeless(_ definition: FunctionDefinition) -> PackagerError {
    .inputs(
      unit: definition.unit, reason: "nothing says which repository its container image goes to",
      fix: "set \"image\": { \"repository\": "
        + "\"${account}.dkr.ecr.${region}.amazonaws.com/\(definition.name)\" } "
        + "in \(definition.unit.appending("function.json"))")
  }

  private func image(
    of definition: FunctionDefinition, progress: @escaping @Sendable (BuildEvent) -> Void
  ) async throws(PackagerError) -> (ImageFacts, warnings: [String]) {
    let build = definition.build
    guard let recipe = build.image else {
      throw .build(unit: build.unit, reason: "it is no container image", output: [])
    }
    let file = recipe.dockerfile.absolute(in: workspace.root)
    let workspace = workspace
    let (inputs, dockerfile) = try await Threads.run { () throws(PackagerError) in
      let inputs = try InputCollector(workspace: workspace).inputs(of: build)
      guard (inputs.own + inputs.others).contains(where: { $0.path == recipe.dockerfile }),
        let bytes = try? Files.read(file)
      else {
        throw .inputs(
          unit: build.unit, reason: "there is no \(recipe.dockerfile) to build its container image from",
          fix: "add it, take it out of the ignore rules, or name another with "
            + "\"image\": { \"dockerfile\": … }")
      }
      return (inputs, Dockerfile(bytes))
    }
    let builder = UnitBuilder(
      workspace: workspace, build: build, inputs: inputs, locks: [:], cache: cache, timeout: timeout,
      secrets: definition.secrets, progress: progress)
    let warnings = dockerfile.movingBases.map { base in
      "\(recipe.dockerfile) builds on \(base.escaped), which may be another image tomorrow: "
        + "pin it as \(base.escaped)@sha256:…"
    }
    return (try await builder.image(recipe), warnings)
  }
}
