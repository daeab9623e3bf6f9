/// Options of `lamctl prune`.
struct PruneCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// How many of the newest versions of each function stay; nil for what lamctl.json says.
  var keep: Int?
  var dryRun = false

  static let name = "prune"
  static let summary =
    "Delete old versions that no alias and no record refers to and that nobody calls"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    Operation.pruning(needs) + Operation.parameters(needs)
  }

  static var parameters: [Parameter<PruneCommand>] {
    [
      .environment(\.environment), .only(\.only),
      .option(
        "keep", "N", \.keep,
        "Keep the N newest of each function (default: keepVersions of lamctl.json, else 10)"),
      .flag("dry-run", \.dryRun, "Show what would go and delete nothing"),
    ] + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl prune prod --dry-run", "What would be deleted, and why the rest stays"),
    Example("lamctl prune prod --keep 5", "Delete all but the newest five and what is in use"),
  ]

  func validate() throws(UsageError) { try direct.validate() }
}
