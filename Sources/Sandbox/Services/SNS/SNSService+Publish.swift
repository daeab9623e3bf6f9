internal import Core

/// A message as it was published.
struct TopicMessage: Sendable {
  let id: String
  let subject: String?
  let body: String
  /// By name, in their order: type and value.
  let attributes: [(name: String, type: String, value: String)]
  let time: Timestamp

  /// What filter policies look at.
  var filtered: [String: JSON] {
    let pairs = attributes.map { name, type, value -> (String, JSON) in
      switch type {
      case "Number": (name, Double(value).map(JSON.double) ?? .string(value))
      case "String.Array": (name, (try? JSON(parsing: value)) ?? .string(value))
      default: (name, .string(value))
      }
    }
    return Dictionary(pairs) { $1 }
  }

  /// What a subscriber is told of it. Nothing signs it: the signature is empty.
  ///
  /// - Parameter isForFunction: functions get other names for two members.
  func json(topic: String, isForFunction: Bool) -> JSONObject {
    var object = JSONObject([
      ("Type", "Notification"), ("MessageId", .string(id)), ("TopicArn", .string(topic)),
    ])
    if let subject {
      object["Subject"] = .string(subject)
    } else if isForFunction {
      object["Subject"] = .null
    }
    object["Message"] = .string(body)
    object["Timestamp"] = .string(time.iso8601)
    object["SignatureVersion"] = "1"
    object["Signature"] = ""
    object[isForFunction ? "SigningCertUrl" : "SigningCertURL"] = ""
    object[isForFunction ? "UnsubscribeUrl" : "UnsubscribeURL"] = ""
    let shown = attributes.map { name, type, value -> (String, JSON) in
      (name, ["Type": .string(type), "Value": .string(value)])
    }
    if isForFunction || !shown.isEmpty { object["MessageAttributes"] = .object(JSONObject(shown)) }
    return object
  }
}

extension SNSService {
  func publish(_ topic: TopicRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    guard let body = input["Message"]?.string, !body.isEmpty, body.utf8.count <= 262_144 else {
      throw Self.invalid("Message must have 1 to 262144 bytes")
    }
    let given = (input["MessageAttributes"]?["entry"]?.object?.members ?? []).map { _, entry in
      (
        name: entry["Name"]?.string ?? "", type: entry["Value"]?["DataType"]?.string ?? "String",
        value: entry["Value"]?["StringValue"]?.string ?? entry["Value"]?["BinaryValue"]?.string ?? ""
      )
    }
    let message = TopicMessage(
      id: Identifier.uuid(), subject: input["Subject"]?.string, body: body, attributes: given,
      time: clock.now())
    for subscription in topic.subscriptions { send(message, topic, subscription) }
    return .map([("MessageId", .text(message.id))])
  }

  private func send(_ message: TopicMessage, _ topic: TopicRecord, _ subscription: SubscriptionRecord) {
    if let filter = subscription.filter,
      !filter.wants(body: message.body, attributes: message.filtered)
    {
      return
    }
    let source = arn(topic.name)
    let isForFunction = subscription.protocolName == "lambda"
    let notification = JSON.object(message.json(topic: source, isForFunction: isForFunction))
    let text: String
    if isForFunction {
      let record: JSON = [
        "EventSource": "aws:sns", "EventVersion": "1.0",
        "EventSubscriptionArn": .string(arn(topic, subscription)), "Sns": notification,
      ]
      text = JSON.object(JSONObject([("Records", .array([record]))])).text()
    } else {
      text = subscription.isRaw ? message.body : notification.text()
    }
    var delivery = Delivery(
      Array(text.utf8), to: subscription.endpoint,
      from: EventOrigin(service: "sns.amazonaws.com", sourceARN: source), at: clock.now())
    delivery.deadLetter = subscription.deadLetter
    deliveries.send(delivery)
  }
}

/// Events for topics: they are published as they are.
struct TopicReceiver: EventReceiver {
  let sns: SNSService

  func receive(_ event: [UInt8], at arn: String, from origin: EventOrigin) throws(ServiceError) {
    try admit(origin, at: arn)
    guard let topic = sns.store.topic(name(arn)) else { return }
    _ = try sns.publish(topic, ["Message": .string(String(decoding: event, as: UTF8.self))])
  }

  func admit(_ origin: EventOrigin, at arn: String) throws(ServiceError) {
    guard sns.arn(name(arn)) == arn, sns.store.topic(name(arn)) != nil else {
      throw ServiceError(404, "NotFoundException", "Topic does not exist", queryCode: "NotFound")
    }
  }

  private func name(_ arn: String) -> String { arn.split(separator: ":").last.map(String.init) ?? "" }
}
