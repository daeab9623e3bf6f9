internal import Core

/// Options of `lamctl logs`.
struct LogsCommand: Command {
  var globals = GlobalOptions()
  var function = FunctionArguments()
  /// Only what this version has logged; nil for all.
  var version: FunctionVersion?
  /// From when on; nil for the last ten minutes.
  var since: PastMoment?
  /// Until when; nil for the moment of the call.
  var until: PastMoment?
  /// In the syntax of CloudWatch Logs.
  var filter: String?
  /// How many lines at most; nil for ``mostLines``.
  var limit: Int?
  var follow = false

  /// How many events are shown where nothing else is said.
  static let mostLines = 10_000

  static let name = "logs"
  static let summary = "Show what a function logs, by version, and follow it"

  static func operations(_: PolicyNeeds) -> [Operation] {
    [.getConfiguration, .getFunction, .filterLogEvents]
  }

  static var parameters: [Parameter<LogsCommand>] {
    Parameter.words.map { $0.lifted(into: \.function) } + [
      .flag("follow", \.follow, "Go on with what comes, until Ctrl-C").excluding("end"),
      .option("version", "V", \.version, "Only this version: a number, or $LATEST").withoutVariable(),
      .option("since", "T", \.since, "From when on: 2h, or 2026-11-21T05:49:00Z (default: 10m)")
        .withoutVariable(),
      .option("until", "T", \.until, "Until when (default: now)").withoutVariable().excluding("end"),
      .option(
        "filter", "PATTERN", \.filter, "Only events that match, in CloudWatch's syntax: ?ERROR ?Exception"
      )
      .withoutVariable(),
      .option("limit", "N", \.limit, "At most N events of the past (default: \(mostLines))"),
      Parameter<FunctionArguments>.direct.lifted(into: \.function),
    ]
  }

  static let examples = [
    Example("lamctl logs prod orders --follow", "All versions, each line with its own"),
    Example(
      "lamctl logs prod orders --version 42 --since 1h --filter ERROR", "What the new version complained of"),
  ]

  func validate() throws(UsageError) { try function.validate(command: Self.name) }
}
