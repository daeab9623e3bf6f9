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
      let present = try await subscription(topic, look, trigger.name)
      let attributes = try await look.reading(trigger.name) {
        () async throws(AWSError) -> [String: String]? in
        guard let present else { return nil }
        return try await look.services.topics.attributes(present)
      }
      findings.steps.append(Self.step(trigger, topic, subscription: present, attributes: attributes))
    }
    for placed in look.placed {
      guard let topic = placed.source, seen.insert(topic).inserted else { continue }
      guard let present = try await subscription(topic, look, placed.trigger) else { continue }
      var step = EdgeStep(placed.trigger, kind, .remove, source: topic)
      step.id = present
      step.removals = [.unsubscribe(present)]
      findings.steps.append(step)
    }
    return findings
  }

  private func subscription(
    _ topic: String, _ look: EdgeLook, _ trigger: String
  ) async throws(EdgeError) -> String? {
    let topics = look.services.topics
    let all = try await look.reading(trigger) { () async throws(AWSError) in
      try await look.readings.once("sns \(topic)") { () async throws(AWSError) in
        try await topics.subscriptions(topic)
      }
    }
    return all.first { $0["Protocol"]?.string == "lambda" && $0["Endpoint"]?.string == look.scope.aliasARN }?[
      "SubscriptionArn"]?.string
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
      guard let wanted = trigger.settings[name] else {
        if name == "FilterPolicyScope" { return actual.map { $0 != "MessageAttributes" } ?? false }
        return actual.map { !$0.isEmpty && $0 != "{}" } ?? false
      }
      if name == "FilterPolicyScope", actual == nil { return wanted != "MessageAttributes" }
      return !Likeness.matches(wanted, actual.map(JSON.string))
    }
    var step = EdgeStep(trigger.name, .sns, differs.isEmpty ? .none : .modify, source: topic)
    step.id = subscription
    step.differs = differs.map(Likeness.key)
    // The scope first: a filter is checked by the scope that it will have.
    step.writes = differs.sorted { $0 == "FilterPolicyScope" && $1 != $0 }.map { name in
      let wanted = trigger.settings[name]
      return .setAttribute(
        subscription: subscription, name: name,
        value: wanted.map { $0.string ?? $0.text(.compact, sortedKeys: true) }
          ?? (name == "FilterPolicyScope" ? "MessageAttributes" : nil))
    }
    return step
  }
}
