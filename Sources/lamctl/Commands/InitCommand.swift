/// Options of `lamctl init`.
struct InitCommand: Command {
  var globals = GlobalOptions()
  /// What the functions are read from; nil for the sources of the repository.
  var from: String?
  /// Name of the environment in the file.
  var environment = "prod"
  /// Whether the files are shown and not written.
  var dryRun = false
  /// Whether nobody is asked.
  var yes = false

  static let name = "init"
  static let summary = "Write lamctl.json for the functions of the repository, or from another tool's file"

  static var parameters: [Parameter<InitCommand>] {
    [
      .option(
        "from", "FILE", \.from,
        "Take functions and settings from a SAM or CloudFormation template, serverless.yml, the output of "
          + "'terraform show -json', or the folder cdk.out"),
      .option("environment-name", "NAME", \.environment, "Name of the environment and its alias"),
      .flag("dry-run", \.dryRun, "Show the files and write none"),
      .flag("yes", \.yes, "Do not ask before writing"),
    ]
  }

  static let examples = [
    Example("lamctl init --dry-run", "What would be written for the functions that are found"),
    Example("lamctl init --from template.yaml", "Carry the settings of a template over, once"),
  ]
}
