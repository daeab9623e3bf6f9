internal import Core

/// A schedule that invokes something.
package struct Schedule: Hashable, Sendable {
  /// 1 to 64 of letters, digits and `-_.`.
  package var name: String
  /// The group; nil for the default one.
  package var group: String?
  /// `at(2026-01-20T10:00:00)`, `rate(5 minutes)` or `cron(…)`.
  package var expression: String
  /// The time zone of `at` and `cron`; nil for UTC.
  package var timeZone: String?
  /// The ARN of what is invoked.
  package var targetARN: String
  /// The ARN of the role that the invocation uses.
  package var roleARN: String
  /// The event: JSON text.
  package var input: String
  /// The description.
  package var description: String
  /// Whether the schedule is removed once it has nothing left to do.
  package var deletesItself: Bool
  /// Whether it invokes anything at all.
  package var isEnabled = true

  /// A schedule of these values.
  package init(
    name: String, group: String? = nil, expression: String, timeZone: String? = nil, targetARN: String,
    roleARN: String, input: String, description: String = "", deletesItself: Bool = true
  ) {
    self.name = name
    self.group = group
    self.expression = expression
    self.timeZone = timeZone
    self.targetARN = targetARN
    self.roleARN = roleARN
    self.input = input
    self.description = description
    self.deletesItself = deletesItself
  }
}

/// The operations of EventBridge Scheduler. All throw ``AWSError``.
///
/// Schedules are a precaution beside what moves traffic: a service that is silent for 5 seconds is asked once more, and
/// nobody waits for it any longer.
package struct SchedulerClient: Sendable {
  private static let patience = TimeSpan.seconds(5)

  let pipeline: Pipeline

  init(pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// Makes a schedule; one of its name is a conflict.
  package func createSchedule(_ schedule: Schedule) async throws(AWSError) {
    try await write("CreateSchedule", "POST", schedule)
  }

  /// Replaces a schedule as a whole.
  package func updateSchedule(_ schedule: Schedule) async throws(AWSError) {
    try await write("UpdateSchedule", "PUT", schedule)
  }

  /// Removes a schedule.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  package func deleteSchedule(name: String, group: String? = nil) async throws(AWSError) -> Bool {
    var call = self.call("DeleteSchedule", "DELETE", name)
    call.add("clientToken", CallRun.randomID())
    call.add("groupName", group)
    call.expects = .anything
    do throws(AWSError) {
      _ = try await pipeline.answer(call)
      return true
    } catch {
      if error.isNotFound { return false }
      throw error
    }
  }

  /// A schedule; nil when there is none of the name.
  package func getSchedule(name: String, group: String? = nil) async throws(AWSError) -> Schedule? {
    var call = self.call("GetSchedule", "GET", name)
    call.add("groupName", group)
    let answer: JSONObject
    do throws(AWSError) {
      answer = try await pipeline.answer(call).object
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
    var schedule = Schedule(
      name: answer["Name"]?.string ?? name, group: answer["GroupName"]?.string,
      expression: answer["ScheduleExpression"]?.string ?? "",
      timeZone: answer["ScheduleExpressionTimezone"]?.string,
      targetARN: answer["Target"]?["Arn"]?.string ?? "",
      roleARN: answer["Target"]?["RoleArn"]?.string ?? "", input: answer["Target"]?["Input"]?.string ?? "",
      description: answer["Description"]?.string ?? "",
      deletesItself: answer["ActionAfterCompletion"]?.string == "DELETE")
    schedule.isEnabled = answer["State"]?.string != "DISABLED"
    return schedule
  }

  private func write(_ operation: String, _ method: String, _ schedule: Schedule) async throws(AWSError) {
    var members = JSONObject([
      // The same for all attempts, so that a repetition is no second schedule.
      ("ClientToken", .string(CallRun.randomID())), ("ScheduleExpression", .string(schedule.expression)),
      ("FlexibleTimeWindow", ["Mode": "OFF"]),
      ("ActionAfterCompletion", schedule.deletesItself ? "DELETE" : "NONE"),
      ("State", schedule.isEnabled ? "ENABLED" : "DISABLED"),
      (
        "Target",
        [
          "Arn": .string(schedule.targetARN), "RoleArn": .string(schedule.roleARN),
          "Input": .string(schedule.input),
        ]
      ),
    ])
    members["GroupName"] = schedule.group.map(JSON.string)
    members["ScheduleExpressionTimezone"] = schedule.timeZone.map(JSON.string)
    if !schedule.description.isEmpty { members["Description"] = .string(schedule.description) }
    var call = self.call(operation, method, schedule.name)
    call.send(.json(members))
    _ = try await pipeline.answer(call)
  }

  private func call(_ operation: String, _ method: String, _ name: String) -> APICall {
    APICall(
      service: .scheduler, operation: operation, method: method,
      path: "/schedules/\(PercentEncoding.encode(name))",
      resource: name, lane: .scheduler, expects: .jsonObject, stallTimeout: Self.patience, maxAttempts: 2)
  }
}
