internal import Core

/// EventBridge: buses, rules with patterns and timetables, targets, and PutEvents.
struct EventBridgeService: Sendable {
  /// The most targets of a rule.
  static let mostTargets = 5
  /// The most rules of a bus.
  static let mostRules = 300

  let store: RuleStore
  let runner: RuleRunner
  let clock: ScaledClock
  let arns: ARNs

  /// Answers one operation.
  func answer(_ name: String, _ input: JSON) throws(ServiceError) -> WireValue {
    switch name {
    case "PutRule": return try putRule(input)
    case "DescribeRule": return try describeRule(input)
    case "DeleteRule": return try deleteRule(input)
    case "EnableRule": return try setState(input, "ENABLED")
    case "DisableRule": return try setState(input, "DISABLED")
    case "ListRules": return try listRules(input)
    case "PutTargets": return try putTargets(input)
    case "RemoveTargets": return try removeTargets(input)
    case "ListTargetsByRule": return try listTargets(input)
    case "ListRuleNamesByTarget": return try listRuleNames(input)
    case "PutEvents": return try putEvents(input)
    case "TestEventPattern": return try testPattern(input)
    case "CreateEventBus": return try createBus(input)
    case "DescribeEventBus": return try describeBus(input)
    case "DeleteEventBus": return try deleteBus(input)
    case "ListEventBuses": return listBuses(input)
    case "TagResource": return try tag(input)
    case "UntagResource": return try untag(input)
    case "ListTagsForResource": return try listTags(input)
    default: throw .unknownOperation(name)
    }
  }

  // A bus may be named by its ARN.
  func busName(_ input: JSON, _ key: String = "EventBusName") throws(ServiceError) -> String {
    let text = input[key]?.string ?? RuleRecord.defaultBus
    let name = text.hasPrefix("arn:") ? text.split(separator: "/").last.map(String.init) ?? "" : text
    guard name == RuleRecord.defaultBus || store.all.buses[name] != nil else {
      throw .notFound("Event bus \(name) does not exist.")
    }
    return name
  }

  private static func validation(_ message: String) -> ServiceError {
    ServiceError(400, "ValidationException", message)
  }

  private static func missing(_ name: String) -> ServiceError {
    ServiceError(400, "ResourceNotFoundException", "Rule \(name) does not exist on EventBus default.")
  }

  /// The rule that a request names.
  private func rule(_ input: JSON, _ key: String) throws(ServiceError) -> RuleRecord {
    let bus = try busName(input)
    let name = input[key]?.string ?? ""
    guard let rule = store.all.rule(name, bus) else {
      throw ServiceError(400, "ResourceNotFoundException", "Rule \(name) does not exist on EventBus \(bus).")
    }
    return rule
  }

  private func change(
    _ rule: RuleRecord, _ body: (inout RuleRecord) -> Void
  ) throws(ServiceError) {
    try store.change { content throws(ServiceError) in
      guard var present = content.rule(rule.name, rule.bus) else { throw Self.missing(rule.name) }
      body(&present)
      content.rules["\(rule.bus)/\(rule.name)"] = present
    }
  }

  private func putRule(_ input: JSON) throws(ServiceError) -> WireValue {
    let bus = try busName(input)
    let name = input["Name"]?.string ?? ""
    guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isNameCharacter) else {
      throw Self.validation(
        "1 validation error detected: Value '\(name)' at 'name' failed to satisfy constraint: Member must satisfy "
          + "regular expression pattern: [\\.\\-_A-Za-z0-9]+")
    }
    let pattern = input["EventPattern"]?.string
    let expression = input["ScheduleExpression"]?.string
    guard pattern != nil || expression != nil else {
      throw Self.validation("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    }
    if let pattern {
      do throws(PatternError) {
        _ = try EventPattern(parsing: pattern)
      } catch {
        throw ServiceError(
          400, "InvalidEventPatternException", "Event pattern is not valid. Reason: \(error.reason)")
      }
    }
    if let expression { try checkExpression(expression, bus) }
    var settings = JSONObject()
    for key in ["EventPattern", "ScheduleExpression", "Description", "RoleArn"] {
      settings[key] = input[key]?.string.map(JSON.string)
    }
    settings["State"] = .string(input["State"]?.string ?? "ENABLED")
    let new = settings
    let now = clock.now()
    try store.change { content throws(ServiceError) in
      if var rule = content.rule(name, bus) {
        // A rate goes on as long as it stays the same.
        if rule.settings["ScheduleExpression"] != new["ScheduleExpression"] { rule.since = now }
        rule.settings = new
        content.rules["\(bus)/\(name)"] = rule
        return
      }
      guard content.rules(of: bus).count < Self.mostRules else {
        throw ServiceError(
          400, "LimitExceededException", "The requested resource exceeds the maximum number allowed.")
      }
      var rule = RuleRecord(name: name, bus: bus, settings: new, since: now)
      rule.tags = Self.tags(input["Tags"])
      content.rules["\(bus)/\(name)"] = rule
    }
    let made = RuleRecord(name: name, bus: bus, settings: new, since: now)
    return .map([("RuleArn", .text(arns.arn("events", made.path)))])
  }

  private func checkExpression(_ text: String, _ bus: String) throws(ServiceError) {
    guard bus == RuleRecord.defaultBus else {
      throw Self.validation("ScheduleExpression is supported only on the default event bus.")
    }
    guard let timetable = Timetable(text) else {
      throw Self.validation("Parameter ScheduleExpression is not valid.")
    }
    if case .at = timetable { throw Self.validation("Parameter ScheduleExpression is not valid.") }
  }

  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    FunctionReference.isNameCharacter(byte) || byte == UInt8(ascii: ".")
  }

  private func shown(_ rule: RuleRecord) -> [(String, WireValue)] {
    var members: [(String, WireValue)] = [
      ("Name", .text(rule.name)), ("Arn", .text(arns.arn("events", rule.path))),
      ("EventBusName", .text(rule.bus)),
    ]
    for (key, value) in rule.settings.members { members.append((key, .text(value.string ?? ""))) }
    return members
  }

  private func describeRule(_ input: JSON) throws(ServiceError) -> WireValue {
    .map(shown(try rule(input, "Name")) + [("CreatedBy", .text(arns.account))])
  }

  /// One that is not there is no error, as on AWS.
  private func deleteRule(_ input: JSON) throws(ServiceError) -> WireValue {
    let bus = try busName(input)
    let name = input["Name"]?.string ?? ""
    try store.change { content throws(ServiceError) in
      guard let rule = content.rule(name, bus) else { return }
      guard rule.targets.isEmpty else {
        throw Self.validation("Rule can't be deleted since it has targets.")
      }
      content.rules["\(bus)/\(name)"] = nil
    }
    return .map([])
  }

  private func setState(_ input: JSON, _ state: String) throws(ServiceError) -> WireValue {
    try change(try rule(input, "Name")) { $0.settings["State"] = .string(state) }
    return .map([])
  }

  private func listRules(_ input: JSON) throws(ServiceError) -> WireValue {
    let bus = try busName(input)
    let prefix = input["NamePrefix"]?.string ?? ""
    let rules = store.all.rules(of: bus).filter { $0.name.hasPrefix(prefix) }
    return try page(rules.map { .map(shown($0)) }, input, key: "Rules")
  }

  private func putTargets(_ input: JSON) throws(ServiceError) -> WireValue {
    let rule = try rule(input, "Rule")
    let targets = (input["Targets"]?.array ?? []).compactMap(\.object)
    guard !targets.isEmpty else { throw Self.validation("Targets must not be empty.") }
    for target in targets {
      guard target["Id"]?.string?.isEmpty == false, target["Arn"]?.string?.hasPrefix("arn:") == true else {
        throw Self.validation(
          "Parameter Arn or Id of a target is not valid. Reason: Provided Arn is not in correct format.")
      }
      do throws(PatternError) {
        _ = try InputTransform(target: target)
      } catch {
        throw Self.validation("Target \(target["Id"]?.string ?? "") is not valid. Reason: \(error.reason)")
      }
    }
    let replaced = Set(targets.compactMap { $0["Id"]?.string })
    let kept = rule.targets.filter { !replaced.contains($0["Id"]?.string ?? "") }
    guard kept.count + targets.count <= Self.mostTargets else {
      throw ServiceError(
        400, "LimitExceededException", "The requested resource exceeds the maximum number allowed.")
    }
    try change(rule) { rule in
      rule.targets.removeAll { replaced.contains($0["Id"]?.string ?? "") }
      rule.targets += targets
    }
    return .map([("FailedEntryCount", .int(0)), ("FailedEntries", .list([]))])
  }

  private func removeTargets(_ input: JSON) throws(ServiceError) -> WireValue {
    let ids = Set(input["Ids"]?.array?.compactMap(\.string) ?? [])
    try change(try rule(input, "Rule")) { rule in
      rule.targets.removeAll { ids.contains($0["Id"]?.string ?? "") }
    }
    return .map([("FailedEntryCount", .int(0)), ("FailedEntries", .list([]))])
  }

  private func listTargets(_ input: JSON) throws(ServiceError) -> WireValue {
    try page(try rule(input, "Rule").targets.map { WireValue(.object($0)) }, input, key: "Targets")
  }

  private func listRuleNames(_ input: JSON) throws(ServiceError) -> WireValue {
    let arn = input["TargetArn"]?.string
    let rules = store.all.rules(of: try busName(input)).filter { rule in
      rule.targets.contains { $0["Arn"]?.string == arn }
    }
    return try page(rules.map { .text($0.name) }, input, key: "RuleNames")
  }
}
