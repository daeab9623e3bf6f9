internal import Core

/// What CreateSchedule and UpdateSchedule are given, once it is known that the sandbox can carry it out.
struct ScheduleRequest: Sendable {
  /// The group of schedules that name none.
  static let group = "default"

  /// The members as GetSchedule gives them back, with the defaults of those that were left out.
  let settings: JSONObject
  let timetable: Timetable
  let group: String
  let token: String?

  /// Reads and checks a body.
  ///
  /// - Throws: 400 for what breaks the API's rules and for what the sandbox does not carry out, 404 for another group.
  init(_ name: String, _ body: JSONObject) throws(ServiceError) {
    let given = ScheduleMembers(body)
    let window = try given.members("FlexibleTimeWindow")
    let target = try given.members("Target")
    let retries = try target?.members("RetryPolicy")
    try Self.check(name, given, window: window, target: target, retries: retries)
    group = try given.text("GroupName") ?? Self.group
    let expression = try given.text("ScheduleExpression") ?? ""
    guard let timetable = Timetable(expression) else {
      throw ServiceError(400, "ValidationException", "Invalid Schedule Expression \(expression).")
    }
    try Self.checkScope(given, target: target)
    self.timetable = timetable
    token = try given.text("ClientToken")
    var settings = JSONObject([
      ("ActionAfterCompletion", .string(try given.text("ActionAfterCompletion") ?? "NONE")),
      ("FlexibleTimeWindow", body["FlexibleTimeWindow"] ?? ["Mode": "OFF"]),
      ("GroupName", .string(group)),
      ("ScheduleExpression", .string(expression)),
      ("ScheduleExpressionTimezone", .string(try given.text("ScheduleExpressionTimezone") ?? "UTC")),
      ("State", .string(try given.text("State") ?? "ENABLED")),
    ])
    // What it encrypts is told, and nothing is encrypted.
    settings["KmsKeyArn"] = try given.text("KmsKeyArn").map(JSON.string)
    settings["Description"] = try given.text("Description").map(JSON.string)
    for key in ["StartDate", "EndDate"] { settings[key] = given[key] }
    var shown = JSONObject([("Arn", .optional(try target?.text("Arn")))])
    shown["DeadLetterConfig"] = target?["DeadLetterConfig"]
    shown["Input"] = try target?.text("Input").map(JSON.string)
    shown["RetryPolicy"] = [
      "MaximumEventAgeInSeconds": .int(try retries?.whole("MaximumEventAgeInSeconds") ?? 86_400),
      "MaximumRetryAttempts": .int(try retries?.whole("MaximumRetryAttempts") ?? 185),
    ]
    shown["RoleArn"] = .optional(try target?.text("RoleArn"))
    settings["Target"] = .object(shown)
    self.settings = settings
  }

  /// The rules of the API's model.
  private static func check(
    _ name: String, _ given: ScheduleMembers, window: ScheduleMembers?, target: ScheduleMembers?,
    retries: ScheduleMembers?
  ) throws(ServiceError) {
    var validation = Validation()
    validation.scheduleName(name, "name")
    validation.required(given["ScheduleExpression"], "scheduleExpression")
    validation.required(given["FlexibleTimeWindow"], "flexibleTimeWindow")
    validation.required(given["Target"], "target")
    validation.length(given["ScheduleExpression"], "scheduleExpression", 1...256)
    validation.length(given["ScheduleExpressionTimezone"], "scheduleExpressionTimezone", 1...50)
    validation.length(given["Description"], "description", 0...512)
    validation.word(given["State"], "state", ["ENABLED", "DISABLED"])
    validation.word(given["ActionAfterCompletion"], "actionAfterCompletion", ["NONE", "DELETE"])
    if let token = try given.text("ClientToken") { validation.clientToken(token, "clientToken") }
    if let group = try given.text("GroupName") { validation.scheduleName(group, "groupName") }
    if let window {
      validation.required(window["Mode"], "flexibleTimeWindow.mode")
      validation.word(window["Mode"], "flexibleTimeWindow.mode", ["OFF", "FLEXIBLE"])
      validation.range(
        window["MaximumWindowInMinutes"], "flexibleTimeWindow.maximumWindowInMinutes", 1...1_440)
      if window["Mode"]?.string == "FLEXIBLE" {
        validation.required(
          window["MaximumWindowInMinutes"], "flexibleTimeWindow.maximumWindowInMinutes")
      }
    }
    if let target {
      validation.required(target["Arn"], "target.arn")
      validation.required(target["RoleArn"], "target.roleArn")
      validation.length(target["Arn"], "target.arn", 1...1_600)
      validation.length(target["Input"], "target.input", 1...Int.max)
      if let role = try target.text("RoleArn") { validation.roleARN(role, "target.roleArn") }
    }
    if let retries {
      let path = "target.retryPolicy"
      validation.range(
        retries["MaximumEventAgeInSeconds"], "\(path).maximumEventAgeInSeconds", 60...86_400)
      validation.range(retries["MaximumRetryAttempts"], "\(path).maximumRetryAttempts", 0...185)
    }
    try validation.check()
  }
}

/// What the sandbox carries out, and what not.
extension ScheduleRequest {
  private static func refused(_ what: String) -> ServiceError {
    ServiceError(
      400, "ValidationException",
      "The sandbox does not carry out \(what). It carries out schedules whose target is a function, a queue, an "
        + "event bus or one of \(UniversalTarget.allCases.map(\.arn).joined(separator: ", ")).")
  }

  private static func checkScope(_ given: ScheduleMembers, target: ScheduleMembers?)
    throws(ServiceError)
  {
    if let zone = try given.text("ScheduleExpressionTimezone"), SystemZones.rules(of: zone) == nil {
      throw ServiceError(
        400, "ValidationException",
        "Invalid Schedule Expression Timezone \(zone): this machine knows none of that name.")
    }
    for key in ["StartDate", "EndDate"] {
      guard let value = given[key], value.moment == nil else { continue }
      throw ServiceError(400, "ValidationException", "\(key) is no moment.")
    }
    guard let target else { return }
    let known = ["Arn", "Input", "RetryPolicy", "RoleArn", "DeadLetterConfig"]
    if let other = target.keys.first(where: { !known.contains($0) }) {
      throw refused("schedules with Target.\(other)")
    }
    let arn = try target.text("Arn") ?? ""
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    if let operation = UniversalTarget(arn: arn) {
      try operation.check(try target.text("Input") ?? "")
    } else if parts.count < 6 || parts[0] != "arn"
      || !["lambda", "sqs", "events"].contains(parts[2])
    {
      throw refused("the target \(arn)")
    }
  }
}
