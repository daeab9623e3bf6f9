package import Core

/// A schedule as a list shows it.
package struct ScheduleSummary: Hashable, Sendable {
  /// Its name.
  package let name: String
  /// The group it is in.
  package let group: String
  /// Its own ARN.
  package let arn: String
  /// The ARN of what it invokes.
  package let targetARN: String
  /// `ENABLED` or `DISABLED`.
  package let state: String

  /// A summary of these values.
  package init(name: String, group: String, arn: String, targetARN: String, state: String) {
    self.name = name
    self.group = group
    self.arn = arn
    self.targetARN = targetARN
    self.state = state
  }
}

/// Schedules in all their members, with the usual patience.
extension SchedulerClient {
  /// Makes a group of schedules; one that is there already is no error, whatever its tags.
  package func createScheduleGroup(_ name: String, tags: [String: String] = [:]) async throws(AWSError) {
    var call = APICall(
      service: .scheduler, operation: "CreateScheduleGroup", method: "POST",
      path: "/schedule-groups/\(PercentEncoding.encode(name))", resource: name, lane: .scheduler)
    var members = JSONObject([("ClientToken", .string(CallRun.randomID()))])
    if !tags.isEmpty { members["Tags"] = Tags.list(tags) }
    call.send(.json(members))
    do throws(AWSError) {
      _ = try await pipeline.answer(call)
    } catch {
      if !error.isConflict { throw error }
    }
  }

  /// Makes a schedule; one of its name is a conflict.
  ///
  /// - Parameters:
  ///   - group: the group, which must exist; nil for the default one.
  ///   - settings: members of CreateSchedule but `Name`, `GroupName` and `ClientToken`.
  package func createSchedule(
    _ name: String, group: String? = nil, settings: JSONObject
  ) async throws(AWSError) {
    try await write("CreateSchedule", "POST", name, group, settings)
  }

  /// Replaces all of a schedule: members that are absent get their defaults.
  ///
  /// - Parameter settings: members of UpdateSchedule but `Name`, `GroupName` and `ClientToken`.
  package func updateSchedule(
    _ name: String, group: String? = nil, settings: JSONObject
  ) async throws(AWSError) {
    try await write("UpdateSchedule", "PUT", name, group, settings)
  }

  /// A schedule in the members of GetSchedule; nil when there is none of the name.
  package func scheduleSettings(_ name: String, group: String? = nil) async throws(AWSError) -> JSONObject? {
    var call = APICall(
      service: .scheduler, operation: "GetSchedule", path: "/schedules/\(PercentEncoding.encode(name))",
      resource: name, lane: .scheduler, expects: .jsonObject)
    call.add("groupName", group)
    do throws(AWSError) {
      return try await pipeline.answer(call).object
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// All schedules, or those of a group; empty when there is no such group.
  package func listSchedules(group: String? = nil, prefix: String? = nil) async throws(AWSError)
    -> [ScheduleSummary]
  {
    var found: [ScheduleSummary] = []
    do throws(AWSError) {
      try await pipeline.pages(token: "NextToken") { token in
        var call = APICall(
          service: .scheduler, operation: "ListSchedules", path: "/schedules", resource: group ?? "",
          lane: .scheduler, expects: .jsonObject)
        call.add("ScheduleGroup", group)
        call.add("NamePrefix", prefix)
        call.add("NextToken", token)
        return call
      } take: { page in
        found += (page["Schedules"]?.array ?? []).map(ScheduleSummary.init)
        return true
      }
    } catch {
      if !error.isNotFound { throw error }
    }
    return found
  }

  /// The tags of a group of schedules: schedules themselves have none.
  package func listTags(_ arn: String) async throws(AWSError) -> [String: String] {
    let call = APICall(
      service: .scheduler, operation: "ListTagsForResource", path: "/tags/\(PercentEncoding.encode(arn))",
      resource: arn, lane: .scheduler, expects: .jsonObject)
    return Tags.read(try await pipeline.answer(call).object["Tags"])
  }

  private func write(
    _ operation: String, _ method: String, _ name: String, _ group: String?, _ settings: JSONObject
  ) async throws(AWSError) {
    var call = APICall(
      service: .scheduler, operation: operation, method: method,
      path: "/schedules/\(PercentEncoding.encode(name))", resource: name, lane: .scheduler)
    var members = settings
    // The same for all attempts, so that a repetition is no second schedule.
    members["ClientToken"] = .string(CallRun.randomID())
    members["GroupName"] = group.map(JSON.string)
    call.send(.json(members))
    _ = try await pipeline.answer(call)
  }
}

extension ScheduleSummary {
  fileprivate init(_ members: JSON) {
    func text(_ name: String) -> String { members[name]?.string ?? "" }
    self.init(
      name: text("Name"), group: text("GroupName"), arn: text("Arn"),
      targetARN: members["Target"]?["Arn"]?.string ?? "", state: text("State"))
  }
}
