internal import Core

/// Options of `lamctl report`.
struct ReportCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// Where the page goes; nil for stdout.
  var html: String?
  /// A document to show, or `-`; nil for the release that the records name.
  var input: String?
  /// The beginning of the period; nil for that of the release.
  var since: PastMoment?
  /// The end of the period; nil for three hours after its beginning, or now.
  var until: PastMoment?
  /// Globs over logical names; `!` excludes.
  var only: [String] = []

  static let name = "report"
  static let summary =
    "Make one self-contained HTML page of a release: weights, rates, verdicts, errors, cost"

  static func operations(_: PolicyNeeds) -> [Operation] {
    Operation.looking + [.getProvisioned, .getMetricData, .filterLogEvents]
  }

  static var parameters: [Parameter<ReportCommand>] {
    [
      .environment(\.environment),
      .option("html", "FILE", \.html, "Where the page goes (default: stdout)").withoutVariable(),
      .option(
        "input", "FILE|-", \.input,
        "Show this document of deploy --json, rollback --json and the like, or - for stdin (default: the last release, by the aliases' records and CloudWatch)"
      ).withoutVariable(),
      .option("since", "T|TIME", \.since, "The beginning of the period (default: that of the release)")
        .withoutVariable(),
      .option("until", "T|TIME", \.until, "The end of the period (default: three hours later, or now)")
        .withoutVariable(),
      .only(\.only),
    ]
  }

  static let examples = [
    Example(
      "lamctl report prod --html report.html", "The last release, as the records and CloudWatch tell of it"),
    Example("lamctl report --input deploy.json --html report.html", "What lamctl deploy --json has printed"),
  ]
}
