internal import AWSClient
internal import Core

/// Queues, streams, tables and topics that Lambda reads for the alias. A mapping is known by alias, source, topics and
/// queues, and ours by its tag, which no list shows: it is read before a change or a removal.
struct MappingEdges: EdgeKind {
  let kind = TriggerKind.eventSource

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    guard !look.wanted.isEmpty || look.mayBeThere else { return EdgeFindings() }
    var findings = EdgeFindings()
    let all = try await look.reading { () async throws(AWSError) in try await look.readings.allMappings() }
    var present = all.filter {
      $0["FunctionArn"]?.string == look.scope.aliasARN && $0["State"]?.string != "Deleting"
    }
    for trigger in look.wanted {
      let index = present.firstIndex { Self.isSource(of: trigger, $0) }
      let actual = index.map { present.remove(at: $0) }
      var step = Self.step(trigger, present: actual, in: look.scope)
      if let bare = Self.bare(all, trigger, look.scope) {
        let what = "the event source mapping \(bare) of the bare function from \(step.source)"
        if step.change == .add {
          findings.obstacles.append(.foreign(look.scope, trigger.name, what))
        } else {
          step.notes.append("\(what) reads it too: delete one of the two")
        }
      }
      if step.change == .modify, let actual {
        let mark = try await self.mark(actual, look, trigger.name)
        if mark != Marks.tag(of: trigger.name, in: look.scope),
          !isOurs(mark, look.scope)
        {
          findings.obstacles.append(
            .foreign(look.scope, trigger.name, "the event source mapping \(step.id ?? "")"))
        }
      }
      findings.steps.append(step)
    }
    for actual in present {
      let (id, source) = (actual["UUID"]?.string ?? "", Self.source(actual))
      let mark = try await self.mark(actual, look, nil)
      guard isOurs(mark, look.scope) else {
        findings.foreign.append(
          ForeignEdge(kind: kind, source: source, target: look.scope.aliasARN, id: id))
        continue
      }
      let name = mark?.split(separator: "/").last.map(String.init) ?? id
      var step = EdgeStep(name, kind, .remove, source: source)
      step.id = id
      step.removals = [.deleteMapping(id: id)]
      // Queues and brokers keep by themselves what was not read.
      if !source.contains(":sqs:"), !source.contains(":mq:") {
        step.loss =
          "taking the event source mapping of \(source) away loses the place in the stream that was read up to"
      }
      findings.steps.append(step)
    }
    return findings
  }

  /// The id of a mapping that feeds the function past its alias from what a trigger wants read: two would share a
  /// queue's messages, and read a stream twice. One that is stopped reads nothing.
  private static func bare(_ all: [JSONObject], _ trigger: Trigger, _ scope: EdgeScope) -> String? {
    all.first { mapping in
      let name = mapping["FunctionArn"]?.string.flatMap { CalledName($0, in: scope) }
      return name?.isUnqualified ?? false && isSource(of: trigger, mapping)
        && !["Deleting", "Disabling", "Disabled"].contains(mapping["State"]?.string ?? "")
    }?["UUID"]?.string
  }

  private func mark(
    _ mapping: JSONObject, _ look: EdgeLook, _ trigger: String?
  ) async throws(EdgeError) -> String? {
    let scope = look.scope
    let arn =
      mapping["EventSourceMappingArn"]?.string
      ?? "arn:\(scope.partition):lambda:\(scope.region):\(scope.account):event-source-mapping:"
      + (mapping["UUID"]?.string ?? "")
    return try await look.reading(trigger) { () async throws(AWSError) in
      try await look.services.lambda.tags(arn)[Marks.tagKey]
    }
  }

  private func isOurs(_ mark: String?, _ scope: EdgeScope) -> Bool {
    mark?.hasPrefix(Marks.tag(of: "", in: scope)) ?? false
  }

  /// Whether a mapping reads what a trigger wants read.
  static func isSource(of trigger: Trigger, _ mapping: JSONObject) -> Bool {
    let settings = trigger.settings
    guard settings["EventSourceArn"]?.string == mapping["EventSourceArn"]?.string else { return false }
    if settings["EventSourceArn"] == nil,
      !Likeness.matches(settings["SelfManagedEventSource"] ?? .null, mapping["SelfManagedEventSource"])
    {
      return false
    }
    return ["Topics", "Queues"].allSatisfy { name in
      Likeness.matches(settings[name] ?? .array([]), mapping[name])
        && Likeness.matches(mapping[name] ?? .array([]), settings[name])
    }
  }

  static func source(_ mapping: JSONObject) -> String {
    mapping["EventSourceArn"]?.string
      ?? mapping["SelfManagedEventSource"]?["Endpoints"]?["KAFKA_BOOTSTRAP_SERVERS"]?.array?
      .compactMap(\.string).joined(separator: ",") ?? ""
  }

  /// What makes a mapping what it is to be.
  static func step(_ trigger: Trigger, present: JSONObject?, in scope: EdgeScope) -> EdgeStep {
    var wanted = trigger.settings
    if wanted["Enabled"] == nil { wanted["Enabled"] = true }
    let source = source(trigger.settings)
    guard let present else {
      var step = EdgeStep(trigger.name, .eventSource, .add, source: source)
      wanted["FunctionName"] = .string(scope.aliasARN)
      wanted["Tags"] = [Marks.tagKey: .string(Marks.tag(of: trigger.name, in: scope))]
      step.writes = [.createMapping(wanted)]
      return step
    }
    let changes = changes(to: present, for: trigger)
    var step = EdgeStep(
      trigger.name, .eventSource, changes.isEmpty ? .none : .modify, source: source)
    step.id = present["UUID"]?.string
    step.differs = changes.keys.map(Likeness.key)
    if !changes.isEmpty { step.writes = [.updateMapping(id: step.id ?? "", changes)] }
    step.notes += kept(of: present, for: trigger)
    return step
  }
}
