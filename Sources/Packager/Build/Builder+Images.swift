internal import Core

extension Builder {
  /// The container image of each of several functions by logical name, or why there is none: what they share is built once.
  ///
  /// The docker CLI builds it and its engine keeps it; nothing is sent anywhere.
  package func images(
    _ definitions: [FunctionDefinition], progress: @escaping @Sendable (BuildEvent) -> Void
  ) async -> [String: Result<BuiltImage, PackagerError>] {
    var results: [String: Result<BuiltImage, PackagerError>] = [:]
    var placed: [(definition: FunctionDefinition, repository: ImageRepository)] = []
    for definition in definitions {
      if let repository = definition.imageRepository {
        placed.append((definition, repository))
      } else {
        results[definition.name] = .failure(definition.homeless)
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
      return (inputs, Dockerfile(try system { () throws(SystemError) in try Files.read(file) }))
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

extension FunctionDefinition {
  /// Why Lambda could not get the function's container image, as far as the configuration says; nil for a package.
  ///
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
  ///
  /// - Parameter region: where the function is; nil for an endpoint that looks into no repository.
  package func imageFault(in region: String?) -> PackagerError? {
    guard packageType == "Image" else { return nil }
    guard let repository = imageRepository else { return homeless }
    switch repository.registry {
    case .local where region != nil:
      return fault("'\(repository)' is a repository of this machine, and Lambda takes images from ECR alone")
    case .ecr(_, let other) where region.map { $0 != other } ?? false:
      return fault(
        "the repository '\(repository)' is in \(other.escaped), and Lambda takes the images of a function in "
          + "\((region ?? "").escaped) from there alone")
    case .local, .ecr: return nil
    }
  }

  /// Nothing is built that could go nowhere.
  fileprivate var homeless: PackagerError {
    fault("nothing says which repository its container image goes to")
  }

  private func fault(_ reason: String) -> PackagerError {
    .inputs(
      unit: unit, reason: reason,
      fix: "set \"image\": { \"repository\": "
        + "\"${account}.dkr.ecr.${region}.amazonaws.com/\(name)\" } "
        + "in \(unit.appending("function.json"))")
  }
}
