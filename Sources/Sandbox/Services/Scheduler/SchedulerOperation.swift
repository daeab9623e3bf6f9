/// Which operation of Scheduler's REST API a request is.
struct SchedulerOperation: Sendable {
  let name: String
  /// The schedule, group or resource that the path names; empty for operations without one.
  let schedule: String

  private static let operations = [
    "POST": "CreateSchedule", "GET": "GetSchedule", "PUT": "UpdateSchedule",
    "DELETE": "DeleteSchedule",
  ]

  /// - Throws: 404 for a path that no operation has.
  init(_ request: HTTPRequest) throws(ServiceError) {
    let segments = request.segments
    if request.method == "GET", segments == ["schedules"] {
      name = "ListSchedules"
      schedule = ""
      return
    }
    if request.method == "POST", segments.count == 2, segments[0] == "schedule-groups" {
      name = "CreateScheduleGroup"
      schedule = segments[1]
      return
    }
    if request.method == "GET", segments.count >= 2, segments[0] == "tags" {
      name = "ListTagsForResource"
      // An ARN that was sent with slashes in it.
      schedule = segments[1...].joined(separator: "/")
      return
    }
    guard segments.count == 2, segments[0] == "schedules",
      let found = Self.operations[request.method]
    else {
      throw .unknownOperation("\(request.method) \(request.path)")
    }
    name = found
    schedule = segments[1]
  }
}
