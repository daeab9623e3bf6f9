internal import Core

/// Turns the merged `triggers` of one function into values, and finds what no table can say: one kind a trigger, what a
/// kind cannot do without, what goes with what.
enum TriggerMaker {
  /// The triggers by name; nil where nothing is said of them.
  ///
  /// - Throws: ``PackagerError`` with all that is wrong.
  static func triggers(_ value: ConfigValue?) throws(PackagerError) -> [TriggerDefinition]? {
    guard let value else { return nil }
    var faults: [PackagerError] = []
    var made: [TriggerDefinition] = []
    for member in value.members where member.value.json != .null {
      let subject = "triggers.\(member.key.escaped)"
      guard isName(member.key) else {
        faults.append(
          member.value.error("\(subject): a name has 1 to 32 letters, digits, - and _, and nothing else"))
        continue
      }
      let kinds = member.value.members
      guard kinds.count == 1 else {
        let names = kinds.map { "\"\($0.key)\"" }.joined(separator: " and ")
        let known = ConfigTable.trigger.keys.map(\.name).joined(separator: ", ")
        faults.append(
          member.value.error(
            kinds.isEmpty
              ? "\(subject): a kind is missing: one of \(known)"
              : "\(subject): \(names): one kind per trigger"))
        continue
      }
      let subjectOfKind = "\(subject).\(kinds[0].key)"
      let own = reasons(kinds[0].key, kinds[0].value).map {
        kinds[0].value.error("\(subjectOfKind)\($0)")
      }
      faults += own
      guard own.isEmpty else { continue }
      PackagerError.collect(into: &faults) { () throws(PackagerError) in
        made.append(
          TriggerDefinition(
            name: member.key, kind: kinds[0].key,
            settings: try settings(kinds[0].key, kinds[0].value, subject: subjectOfKind),
            location: member.value.location))
      }
    }
    let addresses = made.filter { $0.kind == "functionUrl" }.map(\.name)
    if addresses.count > 1 {
      faults.append(
        value.error("triggers: \(addresses.joined(separator: " and ")): an alias has one functionUrl"))
    }
    if let error = PackagerError(all: faults) { throw error }
    return made.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// What is said of events that nobody waits for; nil where nothing is.
  static func eventInvoke(_ value: ConfigValue?) -> EventInvokeDefinition? {
    guard let value else { return nil }
    guard value.json != .null, case .optional(.object(let table)) = ConfigTable.eventInvoke.type else {
      return EventInvokeDefinition.none
    }
    return .settings(DefinitionMaker.api(value, keys: table.keys))
  }

  private static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
          || byte == 95
      }
  }

  /// Members whose text is JSON, so that it is compared as JSON.
  private static let jsonTexts: Set<String> = [
    "EventPattern", "FilterPolicy", "RedrivePolicy", "Input", "Pattern",
  ]

  private static func settings(
    _ kind: String, _ value: ConfigValue, subject: String
  ) throws(PackagerError) -> JSONObject {
    guard case .object(let table)? = ConfigTable.trigger[kind]?.type else { return JSONObject() }
    var settings = DefinitionMaker.api(value, keys: table.keys)
    for key in table.keys where jsonTexts.contains(key.api ?? "") {
      guard let name = key.api, let text = settings[name]?.string else { continue }
      settings[name] = try parsed(text, value[key.name] ?? value, subject: "\(subject).\(key.name)")
    }
    for name in ["EventPattern", "FilterPolicy"] {
      guard let key = table.keys.first(where: { $0.api == name }), let pattern = settings[name],
        let fault = EventPatternForm.fault(in: pattern, mayBeEmpty: name == "FilterPolicy")
      else { continue }
      throw (value[key.name] ?? value).error("\(subject).\(key.name)\(fault)")
    }
    for filter in value["filterCriteria"]?["filters"]?.elements ?? [] {
      guard let pattern = filter["pattern"], let text = pattern.string else { continue }
      let name = "\(subject).filterCriteria.filters.pattern"
      let json = try parsed(text, pattern, subject: name)
      if let fault = EventPatternForm.fault(in: json, mayBeEmpty: true) { throw pattern.error(name + fault) }
    }
    return settings
  }

  private static func parsed(
    _ text: String, _ value: ConfigValue, subject: String
  ) throws(PackagerError) -> JSON {
    do throws(JSONSyntaxError) {
      return try JSON(parsing: text)
    } catch {
      throw value.error("\(subject): is not JSON: \(error.reason)")
    }
  }
}

extension TriggerMaker {
  /// What each kind cannot do without.
  private static let required: [String: [String]] = [
    "functionUrl": ["authType"], "httpApi": ["api", "routes"], "s3": ["bucket", "events"],
    "rule": ["eventPattern"], "schedule": ["scheduleExpression", "roleArn"], "sns": ["topicArn"],
    "grant": ["principal"],
  ]

  /// Why a trigger cannot be; each begins where the name of its kind ends.
  static func reasons(_ kind: String, _ value: ConfigValue) -> [String] {
    var reasons = (required[kind] ?? []).filter { value[$0] == nil }.map { ": \"\($0)\" is missing" }
    guard reasons.isEmpty else { return reasons }
    switch kind {
    case "functionUrl":
      if value["authType"]?.string == "NONE", value["callers"] != nil {
        reasons.append(": \"callers\" goes with \"authType\": \"AWS_IAM\" only, not with \"NONE\"")
      }
    case "httpApi": reasons += routeReasons(value["routes"]?.strings ?? [])
    case "s3": reasons += bucketReasons(value)
    case "rule":
      let inputs = ["input", "inputPath", "inputTransformer"].filter { value[$0] != nil }
      if inputs.count > 1 { reasons.append(": \(list(inputs)): one of them") }
    case "eventSource":
      let sources = ["eventSourceArn", "selfManagedEventSource"].filter { value[$0] != nil }
      if sources.count != 1 {
        reasons.append(
          sources.isEmpty
            ? ": \"eventSourceArn\" or \"selfManagedEventSource\" is missing"
            : ": \(list(sources)): one of them"
        )
      }
      reasons += positionReasons(value)
    case "grant":
      let principal = value["principal"]?.string ?? ""
      if principal == "*", value["principalOrgID"] == nil {
        reasons.append(": the principal * needs \"principalOrgID\": it is the whole world without")
      } else if principal.hasSuffix(".amazonaws.com"), value["sourceArn"] == nil,
        value["eventSourceToken"] == nil
      {
        reasons.append(
          ": the service \(principal) needs \"sourceArn\": without, everybody's resources there may call")
      }
    default: break
    }
    return reasons
  }

  /// A stream is read from somewhere on; queues have no such place.
  ///
  /// Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
  private static func positionReasons(_ value: ConfigValue) -> [String] {
    let source = value["eventSourceArn"]?.string?.split(separator: ":", maxSplits: 3)
    let isStream = source.map { $0.count > 3 && ["kinesis", "dynamodb"].contains($0[2]) } ?? false
    switch value["startingPosition"]?.string {
    case nil where isStream:
      return [
        ": \"startingPosition\" is missing: a stream is read from TRIM_HORIZON, LATEST or AT_TIMESTAMP on"
      ]
    case "AT_TIMESTAMP"? where value["startingPositionTimestamp"] == nil:
      return [": \"startingPosition\": \"AT_TIMESTAMP\" needs \"startingPositionTimestamp\""]
    default: return []
    }
  }

  private static func list(_ names: [String]) -> String {
    names.map { "\"\($0)\"" }.joined(separator: " and ")
  }

  private static func routeReasons(_ routes: [String]) -> [String] {
    guard !routes.isEmpty else { return [": \"routes\" is empty"] }
    let methods = ["ANY", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
    var reasons: [String] = []
    for route in routes where route != "$default" {
      let parts = route.split(separator: " ", omittingEmptySubsequences: false)
      if parts.count != 2 || !methods.contains(String(parts[0])) || !parts[1].hasPrefix("/") {
        reasons.append(
          ".routes: '\(route.escaped)' is no route: write for example GET /orders/{id}, ANY /{proxy+} or $default"
        )
      }
    }
    if Set(routes).count < routes.count { reasons.append(".routes: a route is stated twice") }
    return reasons
  }

  private static func bucketReasons(_ value: ConfigValue) -> [String] {
    let events = value["events"]?.strings ?? []
    guard !events.isEmpty else { return [": \"events\" is empty"] }
    let overEventBridge = value["via"]?.string == "eventbridge"
    return events.compactMap { event in
      if overEventBridge, !["s3:ObjectCreated:*", "s3:ObjectRemoved:*"].contains(event) {
        return ".events: over EventBridge only s3:ObjectCreated:* and s3:ObjectRemoved:* can be told, not "
          + "'\(event.escaped)'"
      }
      return event.hasPrefix("s3:")
        ? nil : ".events: '\(event.escaped)' is no event: write s3:ObjectCreated:*"
    }
  }
}
