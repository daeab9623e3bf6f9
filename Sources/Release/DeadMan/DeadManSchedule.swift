internal import AWSClient
internal import Core

/// The schedule of one alias: one UpdateAlias that gives the stable version everything and writes the record of that.
///
/// It carries the alias's `RevisionId`, so that it does nothing once anybody has written the alias since. Universal
/// targets: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
struct DeadManSchedule {
  /// The longest name that a schedule may have.
  private static let longestName = 64
  private static let markLength = 8

  /// The name of the schedule for the alias of a function: the same for every run, and that of no other alias, because
  /// names of functions and aliases have no dots.
  static func name(of functionName: String, alias: String) -> String {
    let plain = "lamctl.\(functionName).\(alias)".map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
        ? character : "-"
    }
    guard plain.count > longestName else { return String(plain) }
    let mark = SHA256.digest(of: "\(functionName):\(alias)").hex.prefix(markLength)
    return String(plain.prefix(longestName - markLength - 1)) + "-" + mark
  }

  /// The schedule that takes the canary of `member` back at `moment`, as its alias stands now.
  ///
  /// - Parameter isEnabled: whether it does so at all; one that does not shows that it may be written.
  static func schedule(
    for member: RolloutTarget, alias: String, at moment: Timestamp, _ settings: DeadManSettings,
    isEnabled: Bool
  ) -> Schedule {
    var input = JSONObject([
      ("FunctionName", .string(member.functionName)), ("Name", .string(alias)),
      ("FunctionVersion", .string(member.stable)),
      ("RoutingConfig", ["AdditionalVersionWeights": .object(JSONObject())]),
      (
        "Description",
        .string(member.record.rolledBack(for: .deadMan).encoded(userText: member.userText).text)
      ),
    ])
    input["RevisionId"] = member.revisionID.map(JSON.string)
    var schedule = Schedule(
      name: name(of: member.functionName, alias: alias), expression: moment.scheduleExpression,
      targetARN: "arn:\(settings.partition):scheduler:::aws-sdk:lambda:updateAlias", roleARN: settings.role,
      input: JSON.object(input).text(),
      description: "lamctl: takes back release \(member.record.release) of \(member.function) "
        + "if nobody looks after it any more")
    schedule.isEnabled = isEnabled
    return schedule
  }
}
