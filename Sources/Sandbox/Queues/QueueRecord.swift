internal import Core

/// A queue with its messages.
struct QueueRecord: Sendable {
  let name: String
  /// The attributes that were set, as texts.
  var attributes: [String: String]
  var tags: [String: String] = [:]
  let created: Timestamp
  var modified: Timestamp
  /// In the order of their arrival.
  var messages: [QueueMessage] = []

  init(name: String, attributes: [String: String], at now: Timestamp) {
    self.name = name
    self.attributes = attributes
    created = now
    modified = now
  }

  /// Attributes that can be set, with their defaults; those without one are absent unless set.
  static let defaults: [String: String] = [
    "VisibilityTimeout": "30", "MessageRetentionPeriod": "345600", "DelaySeconds": "0",
    "MaximumMessageSize": "1048576", "ReceiveMessageWaitTimeSeconds": "0",
  ]

  /// The ranges of the numbers among them.
  static let ranges: [String: ClosedRange<Int>] = [
    "VisibilityTimeout": 0...43_200, "MessageRetentionPeriod": 60...1_209_600, "DelaySeconds": 0...900,
    "MaximumMessageSize": 1_024...1_048_576, "ReceiveMessageWaitTimeSeconds": 0...20,
  ]

  /// A number among the attributes.
  func number(_ name: String) -> Int {
    (attributes[name] ?? Self.defaults[name]).flatMap { Int($0) } ?? 0
  }

  var visibility: TimeSpan { .seconds(Double(number("VisibilityTimeout"))) }

  /// Where messages go that were received too often.
  var redrive: (target: String, most: Int)? {
    guard let policy = attributes["RedrivePolicy"].flatMap({ try? JSON(parsing: $0) }),
      let target = policy["deadLetterTargetArn"]?.string, let most = policy["maxReceiveCount"]?.looseInt
    else { return nil }
    return (target, most)
  }

  /// Forgets what is older than the retention period.
  mutating func expire(at now: Timestamp) {
    let oldest = now - .seconds(Double(number("MessageRetentionPeriod")))
    messages.removeAll { $0.sent < oldest && !$0.isHeld }
  }

  /// Messages that can be received, that wait for their time, and that somebody has.
  func counts(at now: Timestamp) -> (visible: Int, delayed: Int, inFlight: Int) {
    var counts = (visible: 0, delayed: 0, inFlight: 0)
    for message in messages {
      if !message.isHeld, message.visible <= now {
        counts.visible += 1
      } else if message.received == 0 {
        counts.delayed += 1
      } else {
        counts.inFlight += 1
      }
    }
    return counts
  }
}

/// The form in which queues are kept on disk.
extension QueueRecord {
  var json: JSON {
    [
      "attributes": Self.json(attributes), "tags": Self.json(tags), "created": .double(created.seconds),
      "modified": .double(modified.seconds), "messages": .array(messages.map(\.json)),
    ]
  }

  init?(_ name: String, _ json: JSON) {
    guard let created = json["created"]?.moment, let modified = json["modified"]?.moment,
      let messages = json["messages"]?.array
    else { return nil }
    self.init(name: name, attributes: Self.texts(json["attributes"]), at: created)
    tags = Self.texts(json["tags"])
    self.modified = modified
    for message in messages {
      guard let read = QueueMessage(message) else { return nil }
      self.messages.append(read)
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
