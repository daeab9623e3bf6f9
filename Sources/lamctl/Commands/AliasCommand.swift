internal import Core
internal import Packager

/// Options of `lamctl alias`.
struct AliasCommand: Command {
  /// What is done.
  enum Action: String, ChoiceValue {
    case set
    case list
    case delete
  }

  var globals = GlobalOptions()
  var action: Action?
  /// The alias; with `list` the environment.
  var first: String?
  /// The environment, behind an alias.
  var second: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// What the alias is to name.
  var target: AliasTarget?
  /// For how long.
  var span: TimeSpan?
  var dryRun = false

  static let name = "alias"
  static let summary = "Set an alias of your own for a time, list such aliases, or delete one"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    [.getAlias, .listAliases, .listVersions, .createAlias, .updateAlias, .deleteAlias]
      + Operation.parameters(needs)
  }

  static var parameters: [Parameter<AliasCommand>] {
    [
      .positional("ACTION", \.action, "set, list or delete (default: list)"),
      .positional("ALIAS", \.first, "The alias to set or delete; with list the environment"),
      .positional(
        "ENVIRONMENT", \.second,
        "Which environment (default: defaultEnvironment of lamctl.json, or the only one)"),
      .only(\.only),
      .option(
        "to", "TARGET", \.target,
        "With set: what it names: canary (the version on trial), a version, a commit or a release"
      ).withoutVariable(),
      .option(
        "for", "T", \.span, "With set: for how long, up to 30d; then prune deletes it"
      ).withoutVariable(),
      .flag("dry-run", \.dryRun, "Show what would be done and do nothing"),
    ] + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example(
      "lamctl alias set debug prod --only orders --to canary --for 2h",
      "Call the version on trial as orders:debug for two hours"),
    Example("lamctl alias list prod", "The aliases that people have set, and until when"),
    Example("lamctl alias delete debug prod", "Delete them before their time"),
  ]

  /// The environment; nil for the default one.
  var environment: String? { action ?? .list == .list ? first : second }

  /// The longest that an alias may stand: what is wanted for good belongs into lamctl.json.
  private static let longest = TimeSpan.minutes(30 * 24 * 60)

  func validate() throws(UsageError) {
    try direct.validate()
    let action = action ?? .list
    if action == .list, second != nil {
      throw UsageError(
        message: "'alias list' takes an environment alone", fix: "write for example: lamctl alias list prod")
    }
    if action != .set, target != nil || span != nil {
      throw UsageError(
        message: "'--to' and '--for' go with set only",
        fix: "write for example: lamctl alias set debug --to canary --for 2h")
    }
    guard action != .list else { return }
    guard let alias = first else {
      throw UsageError(
        message: "no alias is named", fix: "write for example: lamctl alias \(action.rawValue) debug")
    }
    guard EnvironmentConfig.isAlias(alias) else {
      throw UsageError(
        message: "'\(alias)' cannot be the name of an alias",
        fix: "write 1 to 128 letters, digits, - and _, and not digits alone")
    }
    guard action == .set else { return }
    guard target != nil, let span else {
      throw UsageError(
        message: "an alias needs a version and a time",
        fix: "write for example: lamctl alias set \(alias) --to canary --for 2h")
    }
    guard span > .zero, span <= Self.longest else {
      throw UsageError(
        message: "'--for \(span)' is no time for an alias that goes again", fix: "write up to 30d")
    }
  }
}

/// What an alias is to name.
enum AliasTarget: Hashable, ParameterValue {
  /// The version on trial.
  case canary
  /// A version, a commit or a release.
  case made(RollbackTarget)

  init(argument: String) throws(ValueError) {
    self = argument == "canary" ? .canary : .made(try RollbackTarget(argument: argument))
  }
}
