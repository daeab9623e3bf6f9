internal import AWSClient
internal import Core

/// Schedules: an update replaces all of one, so that all of it is carried along.
struct ScheduleMoves: EdgeMoves {
  /// What GetSchedule tells and UpdateSchedule does not take.
  private static let told: Set<String> = ["Arn", "CreationDate", "LastModificationDate", "Name"]

  func plan(_ edges: HangingEdges, for triggers: [Trigger], into draft: inout MoveDraft) {
    for schedule in edges.schedules where edges.isUnqualified(schedule["Target"]?["Arn"]?.string) {
      let (name, group) = (schedule["Name"]?.string ?? "", schedule["GroupName"]?.string ?? "default")
      let before = Self.settings(schedule, at: edges.read)
      var (after, target) = (before, before["Target"]?.object ?? JSONObject())
      target["Arn"] = .string(edges.scope.aliasARN)
      after["Target"] = .object(target)
      draft.notes.append(
        "the schedule \(name) calls as \(target["RoleArn"]?.string ?? "its role"), which has to be allowed "
          + "lambda:InvokeFunction on \(edges.scope.aliasARN)")
      draft.items.append(
        MoveDraft.Item(
          move: Move(
            .schedule, in: edges.scope,
            place: JSONObject([("name", .string(name)), ("group", .string(group))]),
            before: .object(before), after: .object(after), group: "schedule \(group)/\(name)",
            title: "schedule \(group)/\(name)"),
          key: HangingKey.group(group), property: ("AWS::Scheduler::Schedule", "Target.Arn"),
          value: edges.scope.aliasARN))
    }
  }

  /// A start is refused once it is over, and means nothing then.
  private static func settings(_ schedule: JSONObject, at now: Timestamp) -> JSONObject {
    JSONObject(
      schedule.members.filter { !told.contains($0.key) && $0.value != .null }.map { ($0.key, $0.value) }
    ).withoutPastStart(at: now)
  }

  func state(of move: Move, _ writer: EdgeWriter) async throws(EdgeError) -> JSON {
    let (name, group) = (move.place["name"]?.string ?? "", move.place["group"]?.string ?? "default")
    let found = try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.schedules.schedule(name, group: group)
    }
    guard var schedule = found else { return .null }
    schedule["GroupName"] = .string(group)
    let now = writer.services.serverTime()
    var settings = Self.settings(schedule, at: now)
    // A start that has passed since the plan was made says as much as none.
    if settings["StartDate"] == nil, let planned = move.before["StartDate"]?.double, planned <= now.seconds {
      settings["StartDate"] = move.before["StartDate"]
    }
    return .object(settings)
  }

  func put(
    _ state: JSON, over present: JSON, for move: Move, _ writer: EdgeWriter
  ) async throws(EdgeError) -> [String] {
    let name = move.place["name"]?.string ?? ""
    let settings = (state.object ?? JSONObject()).withoutPastStart(at: writer.services.serverTime())
    try await writer.trying(nil) { () async throws(AWSError) in
      try await writer.services.schedules.updateSchedule(name, settings)
    }
    return []
  }
}
