internal import Core

/// What CreateSchedule and UpdateSchedule are given, once it is known that the sandbox can carry it out.
struct ScheduleRequest: Sendable {
  /// The only group.
  static let group = "default"
  /// The only target.
  static let target = "arn:aws:scheduler:::aws-sdk:lambda:updateAlias"

  /// The members as GetSchedule gives them back, with the defaults of those that were left out.
  let settings: JSONObject
  let due: Timestamp
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
    try Self.checkGroup(try given.text("GroupName"))
    let expression = try given.text("ScheduleExpression") ?? ""
    guard let due = Timestamp(scheduleExpression: expression) else {
      throw Self.refused("the ScheduleExpression \(expression)")
    }
    try Self.checkScope(given, window: window, target: target)
    self.due = due
    token = try given.text("ClientToken")
    var settings = JSONObject([
      ("ActionAfterCompletion", .string(try given.text("ActionAfterCompletion") ?? "NONE")),
      ("FlexibleTimeWindow", ["Mode": "OFF"]), ("GroupName", .string(Self.group)),
      ("ScheduleExpression", .string(expression)), ("ScheduleExpressionTimezone", "UTC"),
      ("State", .string(try given.text("State") ?? "ENABLED")),
    ])
    settings["Description"] = try given.text("Description").map(JSON.string)
    settings["Target"] = [
      "Arn": .string(Self.target), "Input": .optional(try target?.text("Input")),
      "RetryPolicy": [
        "MaximumEventAgeInSeconds": .int(try retries?.whole("MaximumEventAgeInSeconds") ?? 86_400),
        "MaximumRetryAttempts": .int(try retries?.whole("MaximumRetryAttempts") ?? 185),
      ],
      "RoleArn": .optional(try target?.text("RoleArn")),
    ]
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
      validation.range(retries["MaximumEventAgeInSeconds"], "\(path).maximumEventAgeInSeconds", 60...86_400)
      validation.range(retries["MaximumRetryAttempts"], "\(path).maximumRetryAttempts", 0...185)
    }
    try validation.check()
  }

  /// - Throws: 404 unless `group` is the only one or not named.
  static func checkGroup(_ group: String?) throws(ServiceError) {
    guard let group, group != Self.group else { return }
    throw .notFound("Schedule group \(group) does not exist.")
  }
}

/// What the sandbox carries out, and what not.
extension ScheduleRequest {
  /// The members of UpdateAlias.
  private static let inputMembers = [
    "FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig", "RevisionId",
  ]

  private static func refused(_ what: String) -> ServiceError {
    ServiceError(
      400, "ValidationException",
      "The sandbox does not carry out \(what). It carries out only one-time schedules, at(yyyy-mm-ddThh:mm:ss) in "
        + "UTC without a flexible time window, whose target is \(target).")
  }

  private static func checkScope(
    _ given: ScheduleMembers, window: ScheduleMembers?, target: ScheduleMembers?
  ) throws(ServiceError) {
    if let zone = try given.text("ScheduleExpressionTimezone"), zone != "UTC" {
      throw refused("the ScheduleExpressionTimezone \(zone)")
    }
    if try window?.text("Mode") != "OFF" { throw refused("the FlexibleTimeWindow FLEXIBLE") }
    for key in ["StartDate", "EndDate", "KmsKeyArn"] where given[key] != nil {
      throw refused("schedules with \(key)")
    }
    guard let target else { return }
    let arn = try target.text("Arn") ?? ""
    guard arn == Self.target else { throw refused("the target \(arn)") }
    let known = ["Arn", "Input", "RetryPolicy", "RoleArn"]
    if let other = target.keys.first(where: { !known.contains($0) }) {
      throw refused("schedules with Target.\(other)")
    }
    try checkInput(try target.text("Input") ?? "")
  }

  private static func checkInput(_ input: String) throws(ServiceError) {
    guard let object = (try? JSON(parsing: input))?.object,
      object["FunctionName"]?.string?.isEmpty == false, object["Name"]?.string?.isEmpty == false
    else {
      throw ServiceError(
        400, "ValidationException",
        "Target.Input must be a JSON object with FunctionName and Name, which are text.")
    }
    // A misspelt RoutingConfig would leave the weights as they are, and nobody would know before it matters.
    if let other = object.keys.first(where: { !inputMembers.contains($0) }) {
      throw ServiceError(
        400, "ValidationException",
        "Target.Input has a member \(other), which UpdateAlias does not know; it knows "
          + "\(inputMembers.joined(separator: ", ")).")
    }
  }
}
