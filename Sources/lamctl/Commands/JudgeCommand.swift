/// Options of `lamctl judge`.
struct JudgeCommand: Command {
  var globals = GlobalOptions()
  /// The environment; nil for the default one.
  var environment: String?
  /// A file of evidence, or `-` for stdin; nil to ask CloudWatch.
  var input: String?
  /// The beginning of a period of the past; nil for the rollout under way.
  var since: PastMoment?
  /// The end of the period; nil where it lasts until the present.
  var until: PastMoment?
  /// The versions to compare over the period; nil for those of the last release.
  var compare: VersionPair?
  /// Globs over logical names; `!` excludes. A release under way is never split.
  var only: [String] = []
  /// Functions that are named by their names in AWS.
  var direct = DirectOptions()
  /// The same steps as of the deploy that began the rollout.
  var rollout = RolloutOptions()

  static let name = "judge"
  static let summary =
    "Give the verdict on a rollout under way, a past one, or evidence in a file, acting on nothing"

  static func operations(_ needs: PolicyNeeds) -> [Operation] {
    Operation.looking + [.getMetricData] + Operation.alarms(needs)
  }

  static var parameters: [Parameter<JudgeCommand>] {
    let options: [Parameter<RolloutOptions>] = RolloutOptions.strategies + [.bake, .onLowTraffic]
    return [
      .environment(\.environment),
      .option(
        "since", "T|TIME", \.since, "Judge the last release over a period that began T ago, such as 2h"),
      .option("until", "T|TIME", \.until, "The end of that period (default: now)"),
      .option(
        "compare", "OLD..NEW", \.compare, "Judge these two versions over the period instead, such as 41..42"),
      .option("input", "FILE|-", \.input, "Judge the evidence (lamctl.evidence/1) in a file, or - for stdin"),
      .only(\.only),
    ] + options.map { $0.lifted(into: \.rollout) } + Parameter.direct.map { $0.lifted(into: \.direct) }
  }

  static let examples = [
    Example("lamctl judge prod", "What a run that drives the rollout would say now"),
    Example("lamctl judge prod --since 2h --json", "The last release, with the evidence minute by minute"),
    Example(
      "lamctl judge prod --only orders --compare 41..42 --since 3d --until 2d", "Two versions, a day long"),
    Example("lamctl judge --input evidence.json --json", "The same verdict again, from a file"),
  ]

  func validate() throws(UsageError) {
    try direct.validate()
    let asksAWS =
      environment != nil || since != nil || until != nil || compare != nil || !only.isEmpty
      || direct != DirectOptions()
    if input != nil, asksAWS {
      throw UsageError(
        message: "'--input' says all there is to judge",
        fix: "leave the environment, '--only' and the period out")
    }
    if since == nil, compare != nil || until != nil {
      throw UsageError(
        message: "'\(compare == nil ? "--until" : "--compare")' needs a period",
        fix: "say when it began: --since 2h")
    }
  }
}
