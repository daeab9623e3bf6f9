internal import Core

/// What a container image's settings come to.
extension DefinitionMaker {
  /// Where the function's image goes.
  func imageRepository(_ settings: ConfigValue) throws(PackagerError) -> ImageRepository? {
    guard let value = settings["image"]?["repository"], let text = value.string else { return nil }
    guard let repository = ImageRepository(parsing: text) else {
      throw value.error(
        "\"repository\": \(TextRule.imageRepository.fault(in: text) ?? "'\(text.escaped)' is no repository")")
    }
    return repository
  }

  /// How the function's image is built.
  func imageRecipe(_ settings: ConfigValue) throws(PackagerError) -> ImageRecipe {
    let image = settings["image"]
    let path = { (key: String, standard: RepositoryPath) throws(PackagerError) -> RepositoryPath in
      guard let value = image?[key] else { return standard }
      guard let path = function.unit.resolving(value.string ?? "") else {
        throw value.error("\"\(key)\" of an image must be inside the repository")
      }
      try workspace.requireInside(path, at: value)
      return path
    }
    return ImageRecipe(
      dockerfile: try path("dockerfile", function.unit.appending("Dockerfile")),
      context: try path("context", function.unit),
      stage: image?["stage"]?.string)
  }
}
