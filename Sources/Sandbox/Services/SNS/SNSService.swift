internal import Core

/// SNS: topics, subscriptions of functions and queues, and Publish, in the query protocol.
struct SNSService: Sendable {
  let store: TopicStore
  let deliveries: EventDeliveries
  let clock: ScaledClock
  let arns: ARNs

  /// Answers one operation.
  func answer(_ name: String, _ input: JSON) throws(ServiceError) -> WireValue {
    switch name {
    case "CreateTopic": return try createTopic(input)
    case "DeleteTopic": return try deleteTopic(input)
    case "ListTopics":
      return .map([("Topics", .list(store.all().map { WireValue.map([("TopicArn", .text(arn($0.name)))]) }))])
    case "GetTopicAttributes": return try topicAttributes(topic(input))
    case "Subscribe": return try subscribe(topic(input), input)
    case "Unsubscribe": return try unsubscribe(input)
    case "ListSubscriptionsByTopic": return try listSubscriptions(topic(input), input)
    case "GetSubscriptionAttributes": return try subscriptionAttributes(input)
    case "SetSubscriptionAttributes": return try setAttribute(input)
    case "Publish": return try publish(topic(input), input)
    default: throw .unknownOperation(name)
    }
  }

  func arn(_ topic: String) -> String { arns.arn("sns", topic) }

  func arn(_ topic: TopicRecord, _ subscription: SubscriptionRecord) -> String {
    "\(arn(topic.name)):\(subscription.id)"
  }

  static func invalid(_ message: String) -> ServiceError {
    ServiceError(
      400, "InvalidParameterException", "Invalid parameter: \(message)", queryCode: "InvalidParameter")
  }

  private static func missing(_ what: String) -> ServiceError {
    ServiceError(404, "NotFoundException", "\(what) does not exist", queryCode: "NotFound")
  }

  private func topic(_ input: JSON) throws(ServiceError) -> TopicRecord {
    let arn = input["TopicArn"]?.string ?? input["TargetArn"]?.string ?? ""
    let name = arn.split(separator: ":").last.map(String.init) ?? ""
    guard self.arn(name) == arn, let topic = store.topic(name) else { throw Self.missing("Topic") }
    return topic
  }

  /// The topic and subscription that a request's ARN names.
  private func subscription(_ input: JSON) throws(ServiceError) -> (TopicRecord, SubscriptionRecord) {
    let arn = input["SubscriptionArn"]?.string ?? ""
    let parts = arn.split(separator: ":").map(String.init)
    guard parts.count == 7, let topic = store.topic(parts[5]),
      let found = topic.subscriptions.first(where: { self.arn(topic, $0) == arn })
    else { throw Self.missing("Subscription") }
    return (topic, found)
  }

  private func createTopic(_ input: JSON) throws(ServiceError) -> WireValue {
    let name = input["Name"]?.string ?? ""
    guard (1...256).contains(name.utf8.count), name.utf8.allSatisfy(FunctionReference.isNameCharacter) else {
      throw Self.invalid("Topic Name")
    }
    let attributes = Self.entries(input["Attributes"])
    try store.change(name) { topic throws(ServiceError) in
      if topic == nil { topic = TopicRecord(name: name, attributes: attributes) }
    }
    return .map([("TopicArn", .text(arn(name)))])
  }

  private func deleteTopic(_ input: JSON) throws(ServiceError) -> WireValue {
    let name = input["TopicArn"]?.string?.split(separator: ":").last.map(String.init) ?? ""
    try store.change(name) { topic throws(ServiceError) in topic = nil }
    return .map([])
  }

  private func topicAttributes(_ topic: TopicRecord) -> WireValue {
    var all = topic.attributes
    all["TopicArn"] = arn(topic.name)
    all["Owner"] = arns.account
    all["SubscriptionsConfirmed"] = String(topic.subscriptions.count)
    all["SubscriptionsPending"] = "0"
    all["SubscriptionsDeleted"] = "0"
    return .map([("Attributes", Self.wire(all))])
  }

  /// One of the same endpoint keeps its subscription, but for other attributes, which are refused.
  private func subscribe(_ topic: TopicRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let protocolName = input["Protocol"]?.string ?? ""
    let endpoint = input["Endpoint"]?.string ?? ""
    guard ["lambda", "sqs"].contains(protocolName), endpoint.hasPrefix("arn:aws:\(protocolName):") else {
      throw Self.invalid(
        "The sandbox delivers to lambda and sqs endpoints only, not to \(protocolName) \(endpoint)")
    }
    let attributes = Self.entries(input["Attributes"])
    for (key, value) in attributes { try check(key, value, attributes) }
    let made = SubscriptionRecord(
      id: Identifier.uuid(), protocolName: protocolName, endpoint: endpoint, attributes: attributes)
    var id = made.id
    try store.change(topic.name) { topic throws(ServiceError) in
      guard let present = topic?.subscriptions.first(where: { $0.endpoint == endpoint }) else {
        topic?.subscriptions.append(made)
        return
      }
      guard attributes.isEmpty || attributes == present.attributes else {
        throw Self.invalid(
          "Attributes Reason: Subscription already exists with different attributes")
      }
      id = present.id
    }
    return .map([("SubscriptionArn", .text("\(arn(topic.name)):\(id)"))])
  }

  private func unsubscribe(_ input: JSON) throws(ServiceError) -> WireValue {
    let (topic, subscription) = try subscription(input)
    try store.change(topic.name) { topic throws(ServiceError) in
      topic?.subscriptions.removeAll { $0.id == subscription.id }
    }
    return .map([])
  }

  private func listSubscriptions(_ topic: TopicRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let start = input["NextToken"]?.string.flatMap { Int($0) } ?? 0
    guard (0...topic.subscriptions.count).contains(start) else { throw Self.invalid("NextToken") }
    let page = topic.subscriptions[start...].prefix(100)
    let items = page.map { subscription in
      WireValue.map([
        ("SubscriptionArn", .text(arn(topic, subscription))), ("Owner", .text(arns.account)),
        ("Protocol", .text(subscription.protocolName)), ("Endpoint", .text(subscription.endpoint)),
        ("TopicArn", .text(arn(topic.name))),
      ])
    }
    var members: [(String, WireValue)] = [("Subscriptions", .list(items))]
    if start + page.count < topic.subscriptions.count {
      members.append(("NextToken", .text(String(start + page.count))))
    }
    return .map(members)
  }

  private func subscriptionAttributes(_ input: JSON) throws(ServiceError) -> WireValue {
    let (topic, subscription) = try subscription(input)
    var all = subscription.attributes
    all["SubscriptionArn"] = arn(topic, subscription)
    all["TopicArn"] = arn(topic.name)
    all["Owner"] = arns.account
    all["Protocol"] = subscription.protocolName
    all["Endpoint"] = subscription.endpoint
    all["PendingConfirmation"] = "false"
    all["ConfirmationWasAuthenticated"] = "true"
    all["RawMessageDelivery"] = all["RawMessageDelivery"] ?? "false"
    if all["FilterPolicy"] != nil {
      all["FilterPolicyScope"] = all["FilterPolicyScope"] ?? "MessageAttributes"
    }
    return .map([("Attributes", Self.wire(all))])
  }

  private func setAttribute(_ input: JSON) throws(ServiceError) -> WireValue {
    let (topic, subscription) = try subscription(input)
    let name = input["AttributeName"]?.string ?? ""
    let value = input["AttributeValue"]?.string
    let isCleared = value == nil || (name == "FilterPolicy" && value == "{}")
    var attributes = subscription.attributes
    attributes[name] = isCleared ? nil : value
    if let value, !isCleared { try check(name, value, attributes) }
    let changed = attributes
    try store.change(topic.name) { topic throws(ServiceError) in
      guard let index = topic?.subscriptions.firstIndex(where: { $0.id == subscription.id }) else { return }
      topic?.subscriptions[index].attributes = changed
    }
    return .map([])
  }

  private func check(_ name: String, _ value: String, _ all: [String: String]) throws(ServiceError) {
    switch name {
    case "FilterPolicy":
      do throws(PatternError) {
        _ = try FilterPolicy(parsing: value, ofBody: all["FilterPolicyScope"] == "MessageBody")
      } catch {
        throw Self.invalid("FilterPolicy: \(error.reason)")
      }
    case "FilterPolicyScope":
      guard ["MessageAttributes", "MessageBody"].contains(value) else {
        throw Self.invalid("FilterPolicyScope")
      }
    case "RedrivePolicy":
      guard (try? JSON(parsing: value))?["deadLetterTargetArn"]?.string != nil else {
        throw Self.invalid("RedrivePolicy: failed to parse JSON")
      }
    case "RawMessageDelivery":
      guard ["true", "false"].contains(value) else { throw Self.invalid("RawMessageDelivery") }
    default: throw Self.invalid("AttributeName")
    }
  }
}

extension SNSService {
  /// A map of the query protocol: `Attributes.entry.1.key`.
  static func entries(_ json: JSON?) -> [String: String] {
    let pairs = (json?["entry"]?.object?.members ?? []).compactMap { _, entry in
      entry["key"]?.string.map { ($0, entry["value"]?.string ?? "") }
    }
    return Dictionary(pairs) { $1 }
  }

  private static func wire(_ texts: [String: String]) -> WireValue {
    .map(
      texts.sorted { $0.key < $1.key }.map { pair in
        ("entry", WireValue.map([("key", .text(pair.key)), ("value", .text(pair.value))]))
      })
  }
}
