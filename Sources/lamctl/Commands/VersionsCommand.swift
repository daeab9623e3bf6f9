/// Options of `lamctl versions`.
struct VersionsCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// How many of the newest versions of each function to show; nil for all.
  var last: Int?

  static let name = "versions"
  static let summary =
    "Show the versions of each function with commit, release, who made them and what uses them"

  static func operations(_: PolicyNeeds) -> [Operation] {
    [.listVersions, .listAliases, .getAlias, .getMetricData]
  }

  static var parameters: [Parameter<VersionsCommand>] {
    [
      .environment(\.environment), .only(\.only),
      .option("last", "N", \.last, "Only the N newest of each function (default: all)"),
    ] + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl versions prod --only orders --last 10", "The newest ten versions of one function")
  ]

  func validate() throws(UsageError) { try direct.validate() }
}
