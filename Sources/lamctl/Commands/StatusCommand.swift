/// Options of `lamctl status`.
struct StatusCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  var watch = false

  static let name = "status"
  static let summary = "Show versions, commits, weights, rollout state and error rates of each function"

  static func operations(_: PolicyNeeds) -> [Operation] {
    Operation.looking + [.getProvisioned, .getMetricData]
  }

  static var parameters: [Parameter<StatusCommand>] {
    [
      .environment(\.environment), .only(\.only),
      .flag(
        "watch", \.watch, "Look again every 5 s until Ctrl-C; without a terminal, print what has changed"),
    ] + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl status prod --json", "All of it as JSON"),
    Example("lamctl status prod --watch", "Follow a rollout that another run drives"),
  ]

  func validate() throws(UsageError) { try direct.validate() }
}
