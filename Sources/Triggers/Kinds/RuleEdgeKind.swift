internal import AWSClient
internal import Core

/// Rules of EventBridge with the alias as their one target. A rule is ours by its name and its tag.
struct RuleEdgeKind: EdgeKind {
  let kind = TriggerKind.rule

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    var findings = EdgeFindings()
    var seen: Set<String> = []
    for trigger in look.wanted {
      let bus = trigger.settings["EventBusName"]?.string ?? "default"
      var pattern = trigger.settings.only(["State"])
      pattern["EventPattern"] = trigger.settings["EventPattern"]
      try await Self.find(
        trigger, kind, bus: bus, rule: pattern,
        target: Self.target(trigger.settings, in: look.scope), detail: bus, look, into: &findings, seen: &seen
      )
    }
    try await Self.findLeftovers(kind, look, into: &findings, seen: &seen)
    return findings
  }

  /// The one target of a rule.
  static func target(_ settings: JSONObject, in scope: EdgeScope) -> JSONObject {
    var target = settings.only(["InputPath", "InputTransformer", "RetryPolicy", "DeadLetterConfig"])
    target["Id"] = "alias"
    target["Arn"] = .string(scope.aliasARN)
    target["Input"] = settings["Input"]?.asText
    return target
  }

  /// How often and for how long a delivery is tried where nobody says so, by rules and by schedules.
  static let retries = JSONObject([("MaximumEventAgeInSeconds", 86_400), ("MaximumRetryAttempts", 185)])

  static func arn(_ name: String, bus: String, in scope: EdgeScope) -> String {
    let path = bus == "default" ? name : "\(bus.split(separator: "/").last.map(String.init) ?? bus)/\(name)"
    return "arn:\(scope.partition):events:\(scope.region):\(scope.account):rule/\(path)"
  }

  /// Reads one wanted rule and compares it.
  ///
  /// - Parameter rule: members of PutRule but name, bus and tags; `EventPattern` as a value.
  static func find(
    _ trigger: Trigger, _ kind: TriggerKind, bus: String, rule: JSONObject, target: JSONObject,
    detail: String,
    _ look: EdgeLook, into findings: inout EdgeFindings, seen: inout Set<String>
  ) async throws(EdgeError) {
    let name = Marks.name(of: trigger.name, in: look.scope, limit: 64)
    let arn = arn(name, bus: bus, in: look.scope)
    seen.insert(arn)
    findings.statements.append(.service("events", source: arn, account: nil, kind, trigger.name))
    let rules = look.services.rules
    let present: JSONObject?
    do throws(EdgeError) {
      present = try await look.reading(trigger.name) { () async throws(AWSError) in
        try await rules.rule(name, bus: bus)
      }
    } catch {
      guard error.cause?.isNotFound ?? false else { throw error }
      findings.obstacles.append(
        EdgeError(
          look.scope, trigger.name, "there is no event bus \(bus)",
          fix: "\(look.services.making), or correct \"eventBusName\""))
      return
    }
    var targets: [JSONObject] = []
    if present != nil {
      targets = try await look.reading(trigger.name) { () async throws(AWSError) in
        try await rules.targets(name, bus: bus)
      }
    }
    let (step, foreign) = step(
      trigger, kind, name: name, bus: bus, rule: rule, target: target, present: present, targets: targets,
      detail: detail, in: look.scope)
    if step.change == .modify {
      let tags = try await look.reading(trigger.name) { () async throws(AWSError) in try await rules.tags(arn)
      }
      if tags[Marks.tagKey] != Marks.tag(of: trigger.name, in: look.scope) {
        findings.obstacles.append(.foreign(look.scope, trigger.name, "the rule \(name) of the bus \(bus)"))
      }
    }
    findings.foreign += foreign
    findings.steps.append(step)
  }

  /// What makes a rule what it is to be.
  private static func step(
    _ trigger: Trigger, _ kind: TriggerKind, name: String, bus: String, rule: JSONObject, target: JSONObject,
    present: JSONObject?, targets: [JSONObject], detail: String, in scope: EdgeScope
  ) -> (EdgeStep, [ForeignEdge]) {
    var members = rule
    if members["State"] == nil { members["State"] = "ENABLED" }
    let own = targets.first { $0["Id"]?.string == "alias" }
    var differs = present.map { Likeness.differences(members, from: $0) } ?? []
    let names = ["Arn", "Input", "InputPath", "InputTransformer", "RetryPolicy", "DeadLetterConfig"]
    differs += names.filter { member in
      guard present != nil else { return false }
      if member == "RetryPolicy" || member == "InputTransformer" {
        return !Likeness.alike(
          target[member], own?[member], defaults: member == "RetryPolicy" ? retries : JSONObject())
      }
      guard let wanted = target[member] else { return own?[member] != nil }
      if member == "Input", let text = wanted.string, let value = try? JSON(parsing: text) {
        return !Likeness.matches(value, own?[member])
      }
      return !Likeness.matches(wanted, own?[member])
    }
    let change: EdgeChange = present == nil ? .add : differs.isEmpty ? .none : .modify
    var step = EdgeStep(trigger.name, kind, change, source: arn(name, bus: bus, in: scope), detail: detail)
    step.id = name
    step.differs = change == .modify ? differs.map(Likeness.key) : []
    if change != .none {
      members["EventPattern"] = rule["EventPattern"]?.asText
      members["Description"] = .string("\(scope.function) at \(scope.alias), by lamctl")
      members["Tags"] = [
        ["Key": .string(Marks.tagKey), "Value": .string(Marks.tag(of: trigger.name, in: scope))]
      ]
      step.writes = [.putRule(RuleWish(name: name, bus: bus, members: members, target: target))]
    }
    let others = targets.filter { $0["Id"]?.string != "alias" && $0["Arn"]?.string == scope.aliasARN }
    return (
      step,
      others.map {
        ForeignEdge(
          kind: .rule, source: arn(name, bus: bus, in: scope), target: scope.aliasARN,
          id: $0["Id"]?.string ?? "")
      }
    )
  }

  /// Rules that our statements name and nobody wants any more.
  static func findLeftovers(
    _ kind: TriggerKind, _ look: EdgeLook, into findings: inout EdgeFindings, seen: inout Set<String>
  ) async throws(EdgeError) {
    let rules = look.services.rules
    for placed in look.placed {
      guard let arn = placed.source, arn.contains(":rule/"), seen.insert(arn).inserted,
        let path = arn.components(after: ":rule/")
      else { continue }
      let parts = path.split(separator: "/").map(String.init)
      let name = parts.last ?? ""
      let bus = parts.count > 1 ? parts[0] : "default"
      do throws(EdgeError) {
        let present = try await look.reading(placed.trigger) { () async throws(AWSError) in
          try await rules.rule(name, bus: bus)
        }
        guard present != nil else { continue }
      } catch {
        // A bus that is gone has taken its rules with it.
        guard error.cause?.isNotFound ?? false else { throw error }
        continue
      }
      let tags = try await look.reading(placed.trigger) { () async throws(AWSError) in
        try await rules.tags(arn)
      }
      guard tags[Marks.tagKey] == Marks.tag(of: placed.trigger, in: look.scope) else {
        findings.foreign.append(ForeignEdge(kind: .rule, source: arn, target: look.scope.aliasARN, id: name))
        continue
      }
      let targets = try await look.reading(placed.trigger) { () async throws(AWSError) in
        try await rules.targets(name, bus: bus)
      }
      let others = targets.compactMap { $0["Id"]?.string }.filter { $0 != "alias" }
      guard others.isEmpty else {
        findings.obstacles.append(
          EdgeError(
            look.scope, placed.trigger,
            "the rule \(name) of the bus \(bus) has targets that lamctl did not set: \(others.joined(separator: ", "))",
            fix: "move them to a rule of their own"))
        continue
      }
      var step = EdgeStep(placed.trigger, kind, .remove, source: arn, detail: bus)
      step.id = name
      step.removals = [.deleteRule(name: name, bus: bus, targets: ["alias"])]
      findings.steps.append(step)
    }
  }
}
