internal import AWSClient
internal import Core

/// Schedules in the project's own group; all that is in it is ours.
struct ScheduleEdgeKind: EdgeKind {
  let kind = TriggerKind.schedule

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    guard !look.wanted.isEmpty || look.mayBeThere else { return EdgeFindings() }
    var findings = EdgeFindings()
    let schedules = look.services.schedules
    let group = look.scope.scheduleGroup
    let listed = try await look.reading { () async throws(AWSError) in
      try await look.readings.once("schedules \(group)") { () async throws(AWSError) in
        try await schedules.schedules(group)
      }
    }
    let ours = Set(
      listed.filter { $0["Target"]?["Arn"]?.string == look.scope.aliasARN }.compactMap { $0["Name"]?.string })
    let known = Set(listed.compactMap { $0["Name"]?.string })
    var wanted: Set<String> = []
    for trigger in look.wanted {
      let name = Marks.name(of: trigger.name, in: look.scope, limit: 64)
      wanted.insert(name)
      var present: JSONObject?
      if known.contains(name) {
        present = try await look.reading(trigger.name) { () async throws(AWSError) in
          try await schedules.schedule(name, group: group)
        }
      }
      findings.steps.append(
        Self.step(trigger, name: name, present: present, in: look.scope, at: look.services.serverTime()))
    }
    for name in ours.subtracting(wanted).sorted() {
      let prefix = Marks.name([look.scope.project, look.scope.function, look.scope.alias, ""], limit: 256)
      let trigger = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
      var step = EdgeStep(trigger, kind, .remove, source: "\(group)/\(name)")
      step.id = name
      step.removals = [.deleteSchedule(name: name, group: group)]
      findings.steps.append(step)
    }
    return findings
  }

  /// What makes a schedule what it is to be: an update replaces all of it.
  ///
  /// - Parameter now: a start that is over is refused, and means nothing any more.
  static func step(
    _ trigger: Trigger, name: String, present: JSONObject?, in scope: EdgeScope, at now: Timestamp
  ) -> EdgeStep {
    let settings = trigger.settings
    var target = settings.only(["RoleArn", "RetryPolicy", "DeadLetterConfig", "Input"])
    target["Arn"] = .string(scope.aliasARN)
    var wanted = settings.without(["RoleArn", "RetryPolicy", "DeadLetterConfig", "Input"])
    if wanted["FlexibleTimeWindow"] == nil { wanted["FlexibleTimeWindow"] = ["Mode": "OFF"] }
    if wanted["State"] == nil { wanted["State"] = "ENABLED" }
    // The API's times are seconds.
    for member in ["StartDate", "EndDate"] {
      guard let moment = wanted[member]?.string.flatMap({ Timestamp(iso8601: $0) }) else { continue }
      wanted[member] = .int(Int(moment.seconds))
    }
    wanted = wanted.withoutPastStart(at: now)
    let expression = settings["ScheduleExpression"]?.string ?? ""
    var differs: [String] = []
    var detail = expression
    if let present = present?.withoutPastStart(at: now) {
      differs = Likeness.differences(wanted, from: present)
      // What is not stated is as it is where nobody sets it.
      let defaults: [(String, JSON)] = [
        ("ScheduleExpressionTimezone", "UTC"), ("ActionAfterCompletion", "NONE"), ("StartDate", .null),
        ("EndDate", .null), ("KmsKeyArn", .null),
      ]
      differs += defaults.filter { name, value in
        wanted[name] == nil && present[name].map { $0 != value && $0 != .null } ?? false
      }.map(\.0)
      let actual = present["Target"]?.object ?? JSONObject()
      differs += Likeness.differences(target.without(["RetryPolicy"]), from: actual)
      for member in ["Input", "DeadLetterConfig"] where target[member] == nil && actual[member] != nil {
        differs.append(member)
      }
      if !Likeness.alike(target["RetryPolicy"], actual["RetryPolicy"], defaults: RuleEdgeKind.retries) {
        differs.append("RetryPolicy")
      }
      if let old = present["ScheduleExpression"]?.string, old != expression {
        detail = "\(old) -> \(expression)"
      }
    }
    let change: EdgeChange = present == nil ? .add : differs.isEmpty ? .none : .modify
    var step = EdgeStep(
      trigger.name, .schedule, change, source: "\(scope.scheduleGroup)/\(name)", detail: detail)
    step.id = name
    step.differs = differs.map { $0 == "Arn" ? "alias" : Likeness.key($0) }
    if change == .modify { step.inForce = present }
    guard change != .none else { return step }
    target["Input"] = settings["Input"]?.asText
    wanted["Target"] = .object(target)
    wanted["GroupName"] = .string(scope.scheduleGroup)
    wanted["Description"] = .string("\(scope.function) at \(scope.alias), by lamctl")
    step.writes =
      change == .add
      ? [.createGroup(scope.scheduleGroup), .createSchedule(name: name, wanted)]
      : [.updateSchedule(name: name, wanted)]
    return step
  }
}

extension JSONObject {
  /// A schedule without a start that is over.
  func withoutPastStart(at now: Timestamp) -> JSONObject {
    guard let start = self["StartDate"]?.double, start <= now.seconds else { return self }
    return without(["StartDate"])
  }
}
