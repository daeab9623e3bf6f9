internal import Core

/// The words of the docker CLI.
struct ContainerEngine {
  private let variables: [String: String]

  private static let advice =
    "install Docker with its buildx plugin and start its engine, or deploy the function as a zip"

  /// - Parameter environment: this process's variables, which say where the engine is.
  init(environment: [String: String]) {
    variables = ChildEnvironment.engine(environment)
  }

  /// Builds an image into the engine, and writes its name to the file at the absolute path `file`.
  ///
  /// Without attestations: with them an image is an index, which Lambda does not take. Times of files are those that
  /// every copy has, so that the same sources give the same layers.
  ///
  /// - Parameters:
  ///   - names: variables that are set for the build: those whose name says that they are secret as secrets, which stay
  ///   out of the image; docker takes the values from its own environment, so that no command line has them.
  ///   - root: absolute path of the copy of the repository.
  func build(
    _ recipe: ImageRecipe, architecture: String, variables names: [String], in root: String,
    namingIn file: String
  ) -> BuildStep {
    var words = [
      "docker", "buildx", "build", "--load", "--platform", "linux/\(Self.processor(architecture))",
      "--provenance=false", "--sbom=false", "--iidfile", file, "--file",
      recipe.dockerfile.absolute(in: root),
    ]
    if let stage = recipe.stage { words += ["--target", stage] }
    for name in names {
      words += Secrets.isSecretName(name) ? ["--secret", "id=\(name),env=\(name)"] : ["--build-arg", name]
    }
    words.append(recipe.context.isRoot ? root : recipe.context.absolute(in: root))
    var variables = variables
    variables["SOURCE_DATE_EPOCH"] = "\(FolderPolish.time)"
    return BuildStep(arguments: words, folder: root, variables: variables, advice: Self.advice)
  }

  /// Makes the engine tell what it knows of an image, as one line of JSON.
  func inspect(_ id: String, in folder: String) -> BuildStep {
    step(["image", "inspect", "--format", "{{json .}}", id], in: folder)
  }

  /// Gives an image another name.
  func tag(_ id: String, _ name: String, in folder: String) -> BuildStep {
    step(["tag", id, name], in: folder)
  }

  /// Sends an image to the registry that its name begins with.
  ///
  /// - Parameter settings: absolute path of the folder with the CLI's settings; nil for the user's own.
  func push(_ name: String, settings: String?, in folder: String) -> BuildStep {
    var step = step(["push", name], in: folder)
    if let settings { step.variables["DOCKER_CONFIG"] = settings }
    return step
  }

  private func step(_ words: [String], in folder: String) -> BuildStep {
    BuildStep(arguments: ["docker"] + words, folder: folder, variables: variables, advice: Self.advice)
  }

  /// A processor as Lambda calls it, in the words of images.
  static func processor(_ architecture: String) -> String {
    architecture == "x86_64" ? "amd64" : architecture
  }
}
