package import Core

/// When previews are to be gone, and by whose hand.
package struct PreviewEnd: Hashable, Sendable {
  /// ARN of the role that EventBridge Scheduler assumes.
  package let role: String
  /// When the URL goes, by AWS's clock.
  package let time: Timestamp

  /// An end of these values.
  package init(role: String, time: Timestamp) {
    self.role = role
    self.time = time
  }
}

/// The schedules that take a preview away: its URL, and ten minutes later its alias, which a call on the way to the URL may
/// still need. Each does it once, and then goes itself.
///
/// Universal targets: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
enum PreviewSchedule: String, CaseIterable, Sendable {
  case url, alias

  /// How long after the URL the alias goes.
  private static let lag = TimeSpan.minutes(10)

  /// Its name. Function and alias may have dashes, so that two previews could have one name: the digits tell them apart.
  func name(in scope: EdgeScope) -> String {
    let digits = Marks.digits(of: "\(scope.functionName):\(scope.alias)", 8)
    return Marks.name(of: "\(rawValue)-\(digits)", in: scope, limit: 64)
  }

  private var operation: String {
    switch self {
    case .url: "deleteFunctionUrlConfig"
    case .alias: "deleteAlias"
    }
  }

  private func time(_ end: PreviewEnd) -> Timestamp {
    switch self {
    case .url: end.time
    case .alias: end.time + Self.lag
    }
  }

  private func input(in scope: EdgeScope) -> JSON {
    switch self {
    case .url: ["FunctionName": .string(scope.functionName), "Qualifier": .string(scope.alias)]
    case .alias: ["FunctionName": .string(scope.functionName), "Name": .string(scope.alias)]
    }
  }

  /// All members of CreateSchedule and UpdateSchedule but the name and the token.
  ///
  /// - Parameter partition: `aws`, or that of another group of regions.
  func members(in scope: EdgeScope, _ end: PreviewEnd, partition: String) -> JSONObject {
    JSONObject([
      ("GroupName", .string(scope.scheduleGroup)),
      ("ScheduleExpression", .string(time(end).scheduleExpression)),
      ("FlexibleTimeWindow", ["Mode": "OFF"]), ("ActionAfterCompletion", "DELETE"), ("State", "ENABLED"),
      ("Description", .string("\(scope.function): the preview \(scope.alias) ends, by lamctl")),
      (
        "Target",
        [
          "Arn": .string("arn:\(partition):scheduler:::aws-sdk:lambda:\(operation)"),
          "RoleArn": .string(end.role), "Input": .string(input(in: scope).text()),
        ]
      ),
    ])
  }
}
