internal import AWSClient
internal import Core

/// Subscriptions of an alias to topics. One is ours by our statement for the topic.
struct TopicEdgeKind: EdgeKind {
  let kind = TriggerKind.sns

  func find(_ look: EdgeLook) async throws(EdgeError) -> EdgeFindings {
    var findings = EdgeFindings()
    var seen: Set<String> = []
    for trigger in look.wanted {
      let topic = trigger.settings["TopicArn"]?.string ?? ""
      seen.insert(topic)
      findings.statements.append(
        .service("sns", source: topic, account: nil, kind, trigger.name))
      guard let all = try await subscriptions(topic, look, trigger.name) else {
        findings.obstacles.append(
          EdgeError(
            look.scope, trigger.name, "there is no topic \(topic)",
            fix: "\(look.services.making), or correct \"topicArn\""))
        continue
      }
      let present = Self.confirmed(all, look.scope.aliasARN)
      let attributes = try await look.reading(trigger.name) {
        () async throws(AWSError) -> [String: String]? in
        guard let present else { return nil }
        return try await look.services.topics.attributes(present)
      }
      var step = Self.step(trigger, topic, subscription: present, attributes: attributes)
      if let bare = Self.bare(all, look.scope) {
        let what = "the subscription \(bare) of the bare function to \(topic)"
        if step.change == .add {
          findings.obstacles.append(.foreign(look.scope, trigger.name, what))
        } else {
          step.notes.append("\(what) gets the messages too: end it, or take the trigger out")
        }
      }
      findings.steps.append(step)
    }
    for placed in look.placed {
      guard let topic = placed.source, seen.insert(topic).inserted,
        // A topic that is gone has taken its subscriptions with it, and one that waits to be confirmed cannot be ended.
        let all = try await subscriptions(topic, look, placed.trigger),
        let present = Self.confirmed(all, look.scope.aliasARN)
      else { continue }
      var step = EdgeStep(placed.trigger, kind, .remove, source: topic)
      step.id = present
      step.removals = [.unsubscribe(present)]
      findings.steps.append(step)
    }
    return findings
  }

  /// Who is subscribed to a topic; nil where there is no such topic.
  private func subscriptions(
    _ topic: String, _ look: EdgeLook, _ trigger: String
  ) async throws(EdgeError) -> [JSONObject]? {
    let topics = look.services.topics
    do throws(EdgeError) {
      return try await look.reading(trigger) { () async throws(AWSError) in
        try await look.readings.once("sns \(topic)") { () async throws(AWSError) in
          try await topics.subscriptions(topic)
        }
      }
    } catch {
      guard error.cause?.isNotFound ?? false else { throw error }
      return nil
    }
  }

  /// The ARN of the subscription of a function by one of its names. One that the topic's owner has yet to confirm has
  /// none in a list, and gets no messages.
  static func confirmed(_ all: [JSONObject], _ endpoint: String) -> String? {
    all.filter { $0["Protocol"]?.string == "lambda" && $0["Endpoint"]?.string == endpoint }
      .compactMap { $0["SubscriptionArn"]?.string }.first { $0.hasPrefix("arn:") }
  }

  private static func bare(_ all: [JSONObject], _ scope: EdgeScope) -> String? {
    confirmed(all, scope.functionARN) ?? confirmed(all, "\(scope.functionARN):$LATEST")
  }

  private static let attributeNames = ["FilterPolicy", "FilterPolicyScope", "RedrivePolicy"]

  /// Those attributes that a subscription can be made with and that say something.
  static func settable(_ attributes: [String: String]) -> [String: String] {
    attributes.filter { name, value in
      attributeNames.contains(name) && !value.isEmpty && !(name == "FilterPolicy" && value == "{}")
        && !(name == "FilterPolicyScope" && attributes["FilterPolicy"] ?? "{}" == "{}")
    }
  }

  static func step(
    _ trigger: Trigger, _ topic: String, subscription: String?, attributes: [String: String]?
  ) -> EdgeStep {
    guard let subscription else {
      var step = EdgeStep(trigger.name, .sns, .add, source: topic)
      let texts = attributeNames.compactMap { name in
        trigger.settings[name].map { (name, $0.string ?? $0.text(.compact, sortedKeys: true)) }
      }
      step.writes = [.subscribe(topic: topic, Dictionary(texts) { $1 })]
      return step
    }
    let differs = attributeNames.filter { name in
      let actual = attributes?[name]
      // Without a filter SNS neither uses nor shows its scope.
      let isIdle = name == "FilterPolicyScope" && trigger.settings["FilterPolicy"] == nil
      guard let wanted = trigger.settings[name], !isIdle else {
        if name == "FilterPolicyScope" { return actual.map { $0 != "MessageAttributes" } ?? false }
        return actual.map { !$0.isEmpty && $0 != "{}" } ?? false
      }
      if name == "FilterPolicyScope", actual == nil { return wanted != "MessageAttributes" }
      return !Likeness.matches(wanted, actual.map(JSON.string))
    }
    var step = EdgeStep(trigger.name, .sns, differs.isEmpty ? .none : .modify, source: topic)
    step.id = subscription
    step.differs = differs.map(Likeness.key)
    step.writes = writes(trigger, differs, actual: attributes).map { name, value in
      .setAttribute(subscription: subscription, name: name, value: value)
    }
    return step
  }

  /// The attributes to set, in order.
  ///
  /// A filter is checked by the scope that is set: a nested one is refused where attributes of messages are looked at. So
  /// a filter that does not stay goes before the scope changes, and the new one comes after it; in between too many
  /// messages come rather than too few.
  private static func writes(
    _ trigger: Trigger, _ differs: [String], actual: [String: String]?
  ) -> [(name: String, value: String?)] {
    let (policy, scope) = ("FilterPolicy", "FilterPolicyScope")
    var writes: [(name: String, value: String?)] = []
    let isFiltered = !["", "{}"].contains(actual?[policy] ?? "")
    // The scope of a filter that is gone is kept, and not shown.
    let isHidden = !isFiltered && trigger.settings[policy] != nil
    if differs.contains(scope) || isHidden {
      if differs.contains(policy), isFiltered { writes.append((policy, nil)) }
      writes.append((scope, trigger.settings[scope]?.string ?? "MessageAttributes"))
    }
    for name in differs where name != scope {
      let wanted = trigger.settings[name]
      if wanted == nil, writes.contains(where: { $0.name == name }) { continue }
      writes.append((name, wanted.map { $0.string ?? $0.text(.compact, sortedKeys: true) }))
    }
    return writes
  }
}
