/// Options of `lamctl adopt`.
struct AdoptCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  /// Whether to show what would be done, and do nothing.
  var plan = false
  /// Whether the bare functions are to lose what their aliases have.
  var finish = false
  /// The journal of what is to be taken back.
  var undo: String?
  /// Whether what a CloudFormation stack made is moved too.
  var evenManaged = false

  static let name = "adopt"
  static let summary = "Lead what calls functions by their bare names to the alias, with proof and undo"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    [.getFunction, .getAlias, .updateAlias, .listAliases, .listVersions, .getMetricData, .listMetrics]
      + Operation.hanging + Operation.moving + Operation.parameters(needs)
  }

  static var parameters: [Parameter<AdoptCommand>] {
    [
      .environment(\.environment), .only(\.only),
      .flag("plan", \.plan, "Show what would be done and do nothing"),
      .flag(
        "finish", \.finish,
        "Take from the bare function the permissions that the alias has, once a day has gone by with it alone"
      ),
      .option("undo", "FILE", \.undo, "Take back what the journal in a file says").withoutVariable(),
      .flag("even-managed", \.evenManaged, "Move what a CloudFormation stack made, too"),
    ]
  }

  static let examples = [
    Example("lamctl adopt prod --plan", "What calls the functions past the alias, and how it would be moved"),
    Example(
      "lamctl adopt prod --only orders", "Move the callers of one function, and wait for calls to show"),
    Example("lamctl adopt prod --finish", "A day later: the bare function loses its permissions"),
    Example("lamctl adopt prod --undo .lamctl/adopt-20261127T091500Z.json", "Put all of it back"),
  ]

  func validate() throws(UsageError) {
    guard undo != nil else { return }
    guard !finish, !evenManaged, only.isEmpty else {
      throw UsageError(
        message: "'--undo' takes back all that its journal says, and goes with --plan alone",
        fix: "write for example: lamctl adopt prod --undo .lamctl/adopt-20261127T091500Z.json")
    }
  }
}
