internal import Core

/// EventBridge Scheduler: schedules that send events to functions, queues and buses, or put an alias
/// back, or take it or its URL away.
struct SchedulerService: Sendable {
  /// The most items of a page, whatever a caller asks for.
  private static let pageLimit = 100

  let store: ScheduleStore
  let groups: ScheduleGroupStore
  let deliveries: EventDeliveries
  let lambda: LambdaService
  let clock: ScaledClock
  let arns: ARNs
  let log: @Sendable (String) -> Void

  /// Answers one request for the operation that `SchedulerOperation` found in it.
  func answer(_ call: SchedulerOperation, _ request: HTTPRequest) throws(ServiceError)
    -> HTTPResponse
  {
    let name = call.schedule
    switch call.name {
    case "CreateSchedule": return json(try create(name, ScheduleRequest(name, body(request))))
    case "UpdateSchedule": return json(try update(name, ScheduleRequest(name, body(request))))
    case "GetSchedule": return json(try get(name, request))
    case "DeleteSchedule": return json(try delete(name, request))
    case "ListSchedules": return json(try list(request))
    case "CreateScheduleGroup": return json(try createGroup(name, body(request)))
    case "ListTagsForResource": return json(try listTags(name))
    default: throw .unknownOperation(call.name)
    }
  }

  private func body(_ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    guard !request.body.isEmpty else { return JSONObject() }
    guard let object = (try? JSON(parsing: request.body))?.object else {
      throw ServiceError(400, "SerializationException", "The body is not a JSON object")
    }
    return object
  }

  private func json(_ object: JSONObject) -> HTTPResponse {
    HTTPResponse(
      status: 200, headers: ["content-type": "application/json"],
      body: Array(JSON.object(object).text().utf8))
  }

  /// - Parameter key: the name, with the group before it unless it is the default one.
  func arn(_ key: String) -> String {
    arns.arn("scheduler", "schedule/\(key.contains("/") ? key : "\(ScheduleRequest.group)/\(key)")")
  }

  private func createGroup(_ name: String, _ body: JSONObject) throws(ServiceError) -> JSONObject {
    var validation = Validation()
    validation.scheduleName(name, "name")
    try validation.check()
    try groups.make(name, tags: body["Tags"] ?? [])
    return JSONObject([("ScheduleGroupArn", .string(groupARN(name)))])
  }

  private func groupARN(_ name: String) -> String {
    arns.arn("scheduler", "schedule-group/\(name)")
  }

  private func listTags(_ arn: String) throws(ServiceError) -> JSONObject {
    let name = arn.split(separator: "/").last.map(String.init) ?? ""
    guard groupARN(name) == arn, let tags = groups.tags(name) else {
      throw .notFound("Resource \(arn) does not exist.")
    }
    return JSONObject([("Tags", tags)])
  }

  private func checkGroup(_ group: String?) throws(ServiceError) {
    guard let group, !groups.contains(group) else { return }
    throw .notFound("Schedule group \(group) does not exist.")
  }

  private func missing(_ name: String) -> ServiceError {
    .notFound("Schedule \(name) does not exist.")
  }

  /// A repetition, which its ClientToken tells, changes nothing and is answered like the first time.
  private func create(_ name: String, _ request: ScheduleRequest) throws(ServiceError) -> JSONObject {
    try checkGroup(request.group)
    let now = clock.now()
    let key = StoredSchedule.key(name, request.group)
    try store.change { schedules throws(ServiceError) in
      guard let old = schedules[key] else {
        schedules[key] = StoredSchedule(name, request, at: now)
        return
      }
      guard let token = request.token, token == old.token else {
        throw ServiceError(409, "ConflictException", "Schedule \(name) already exists.")
      }
    }
    return JSONObject([("ScheduleArn", .string(arn(key)))])
  }

  /// A replacement as a whole, which also makes a schedule wait again that has been carried out.
  private func update(_ name: String, _ request: ScheduleRequest) throws(ServiceError) -> JSONObject {
    try checkGroup(request.group)
    let now = clock.now()
    let key = StoredSchedule.key(name, request.group)
    try store.change { schedules throws(ServiceError) in
      guard var schedule = schedules[key] else { throw missing(name) }
      schedule.replace(request, at: now)
      schedules[key] = schedule
    }
    return JSONObject([("ScheduleArn", .string(arn(key)))])
  }

  private func get(_ name: String, _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    try check(name, group: request.parameter("groupName"))
    let key = StoredSchedule.key(name, request.parameter("groupName"))
    guard let schedule = store.schedule(key) else { throw missing(name) }
    return JSONObject(members(schedule) + schedule.settings.members.map { ($0.key, $0.value) })
  }

  private func delete(_ name: String, _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    try check(name, group: request.parameter("groupName"))
    let key = StoredSchedule.key(name, request.parameter("groupName"))
    try store.change { schedules throws(ServiceError) in
      guard schedules.removeValue(forKey: key) != nil else { throw missing(name) }
    }
    return JSONObject()
  }

  private func check(_ name: String, group: String?) throws(ServiceError) {
    var validation = Validation()
    validation.scheduleName(name, "name")
    if let group { validation.scheduleName(group, "groupName") }
    try validation.check()
    try checkGroup(group)
  }

  /// What GetSchedule and ListSchedules both tell.
  private func members(_ schedule: StoredSchedule) -> [(String, JSON)] {
    [
      ("Arn", .string(arn(schedule.key))), ("Name", .string(schedule.name)),
      ("CreationDate", .double(schedule.created.seconds)),
      ("LastModificationDate", .double(schedule.modified.seconds)),
    ]
  }

  private func list(_ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    let state = request.parameter("State")
    let limit = try pageLength(request)
    let group = request.parameter("ScheduleGroup")
    try checkGroup(group)
    let prefix = request.parameter("NamePrefix") ?? ""
    let last = try lastName(request.parameter("NextToken"))
    let found = store.all().filter { schedule in
      schedule.name.hasPrefix(prefix) && schedule.state == state ?? schedule.state
        && schedule.group == group ?? schedule.group
        && last.map { $0.utf8.lexicographicallyPrecedes(schedule.key.utf8) } ?? true
    }
    let page = found.prefix(limit)
    let items = page.map { schedule -> JSON in
      let target: JSON = ["Arn": .string(schedule.target)]
      return .object(
        JSONObject(
          members(schedule) + [
            ("GroupName", .string(schedule.group)), ("State", .string(schedule.state)),
            ("Target", target),
          ]))
    }
    var answer = JSONObject([("Schedules", .array(items))])
    if page.count < found.count {
      answer["NextToken"] = .optional(page.last.map { Base64.encode(Array($0.key.utf8)) })
    }
    return answer
  }

  private func pageLength(_ request: HTTPRequest) throws(ServiceError) -> Int {
    let number = request.parameter("MaxResults").map { Int($0) ?? 0 }
    var validation = Validation()
    validation.range(number.map(JSON.int), "maxResults", 1...Self.pageLimit)
    validation.word(request.parameter("State").map(JSON.string), "state", ["ENABLED", "DISABLED"])
    if let prefix = request.parameter("NamePrefix") {
      validation.scheduleName(prefix, "namePrefix")
    }
    if let group = request.parameter("ScheduleGroup") {
      validation.scheduleName(group, "groupName")
    }
    try validation.check()
    return number ?? Self.pageLimit
  }

  /// The key that the page before ended with; schedules may have come and gone since.
  private func lastName(_ token: String?) throws(ServiceError) -> String? {
    guard let token else { return nil }
    guard let bytes = Base64.decode(token) else {
      throw ServiceError(400, "ValidationException", "Invalid NextToken")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
