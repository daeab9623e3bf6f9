/// Options of `lamctl init`.
struct InitCommand: Command {
  var globals = GlobalOptions()
  /// What the functions are read from; nil for the sources of the repository.
  var from: String?
  /// With `--from live`: which functions in AWS; nil for all.
  var glob: String?
  /// Name of the environment in the file.
  var environment = "prod"
  /// Whether the files are shown and not written.
  var dryRun = false
  /// Whether nobody is asked.
  var yes = false

  static let name = "init"
  static let summary = "Write lamctl.json for the functions of the repository, or from another tool's file"

  static func operations(_: PolicyNeeds) -> [Operation] {
    // With `--from live`; files are read where they lie.
    [.listFunctions, .getFunction]
  }

  static var parameters: [Parameter<InitCommand>] {
    [
      .option(
        "from", "FILE", \.from,
        "Take functions and settings from a SAM or CloudFormation template, serverless.yml, the output of "
          + "'terraform show -json', or the folder cdk.out; 'live' takes them from AWS"),
      .positional("glob", \.glob, "With --from live: which functions in AWS, such as 'shop-*'"),
      .option("environment-name", "NAME", \.environment, "Name of the environment and its alias"),
      .flag("dry-run", \.dryRun, "Show the files and write none"),
      .flag("yes", \.yes, "Do not ask before writing"),
    ]
  }

  static let examples = [
    Example("lamctl init --dry-run", "What would be written for the functions that are found"),
    Example("lamctl init --from template.yaml", "Carry the settings of a template over, once"),
    Example(
      "lamctl init --from live 'shop-*'", "Take over what is in AWS, matched to the sources by its packages"),
  ]

  func validate() throws(UsageError) {
    guard glob != nil, from != Self.live else { return }
    throw UsageError(
      message: "a pattern of names goes with --from live alone", fix: "write --from live, or leave it out")
  }
}
