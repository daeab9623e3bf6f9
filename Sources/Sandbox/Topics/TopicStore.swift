internal import Core

/// A topic with those who get its messages.
struct TopicRecord: Sendable {
  let name: String
  var attributes: [String: String] = [:]
  var subscriptions: [SubscriptionRecord] = []
}

/// Somebody who gets the messages of a topic.
struct SubscriptionRecord: Sendable {
  /// The last part of its ARN.
  let id: String
  /// `lambda` or `sqs`.
  let protocolName: String
  /// The ARN of a function, alias or queue.
  let endpoint: String
  /// `FilterPolicy`, `FilterPolicyScope`, `RedrivePolicy`, `RawMessageDelivery` where they are set.
  var attributes: [String: String]

  /// Which messages it wants; nil for all.
  var filter: FilterPolicy? {
    attributes["FilterPolicy"].flatMap {
      try? FilterPolicy(parsing: $0, ofBody: attributes["FilterPolicyScope"] == "MessageBody")
    }
  }

  var isRaw: Bool { attributes["RawMessageDelivery"] == "true" }

  /// The queue that gets what cannot be delivered.
  var deadLetter: String? {
    attributes["RedrivePolicy"].flatMap { try? JSON(parsing: $0)["deadLetterTargetArn"]?.string }
  }
}

/// All topics of the account, kept in memory and written to one file with every change.
final class TopicStore: Sendable {
  private let file: StateFile
  private let topics: Lock<[String: TopicRecord]>

  /// Loads what an earlier sandbox left in `file`.
  init(file: StateFile) throws(SandboxError) {
    self.file = file
    do throws(SystemError) {
      var loaded: [String: TopicRecord] = [:]
      for (name, value) in try file.members() {
        guard let topic = TopicRecord(name, value) else { throw file.incomprehensible }
        loaded[name] = topic
      }
      topics = Lock(loaded)
    } catch {
      throw .state(error)
    }
  }

  /// All topics by name in byte order.
  func all() -> [TopicRecord] {
    topics.withLock { $0 }.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  func topic(_ name: String) -> TopicRecord? { topics.withLock { $0[name] } }

  /// Changes, makes or removes a topic as one step, and writes it to disk before anybody is told.
  func change(
    _ name: String, _ body: (inout TopicRecord?) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    let outcome = topics.withLock { topics -> Result<Void, ServiceError> in
      var changed = topics
      do throws(ServiceError) {
        try body(&changed[name])
      } catch {
        return .failure(error)
      }
      do throws(SystemError) {
        try file.write(changed.map { ($0.key, $0.value.json) })
      } catch {
        return .failure(ServiceError(500, "InternalError", "The sandbox \(error)"))
      }
      topics = changed
      return .success(())
    }
    try outcome.get()
  }
}

/// The form in which topics are kept on disk.
extension TopicRecord {
  var json: JSON {
    let subscriptions = subscriptions.map { subscription -> JSON in
      [
        "id": .string(subscription.id), "protocol": .string(subscription.protocolName),
        "endpoint": .string(subscription.endpoint), "attributes": Self.json(subscription.attributes),
      ]
    }
    return ["attributes": Self.json(attributes), "subscriptions": .array(subscriptions)]
  }

  init?(_ name: String, _ json: JSON) {
    guard let stored = json["subscriptions"]?.array else { return nil }
    self.init(name: name, attributes: Self.texts(json["attributes"]))
    for item in stored {
      guard let id = item["id"]?.string, let protocolName = item["protocol"]?.string,
        let endpoint = item["endpoint"]?.string
      else { return nil }
      subscriptions.append(
        SubscriptionRecord(
          id: id, protocolName: protocolName, endpoint: endpoint, attributes: Self.texts(item["attributes"])))
    }
  }

  private static func json(_ texts: [String: String]) -> JSON {
    .object(JSONObject(texts.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }))
  }

  private static func texts(_ json: JSON?) -> [String: String] {
    let pairs = json?.object?.members.compactMap { key, value in value.string.map { (key, $0) } }
    return Dictionary(pairs ?? []) { $1 }
  }
}
