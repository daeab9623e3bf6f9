internal import Core

/// A message in a queue.
struct QueueMessage: Sendable {
  var id = Identifier.uuid()
  var body: String
  /// `MessageAttributes` as the API has them: a name, and a `DataType` with its value.
  var attributes = JSONObject()
  /// When it was sent.
  var sent: Timestamp
  /// From when on it can be received.
  var visible: Timestamp
  /// How often it was received.
  var received = 0
  var firstReceived: Timestamp?
  /// The handle of its last receipt.
  var receipt: String?
  /// Whether a function has it at this moment: then no visibility timeout gives it to another.
  var isHeld = false

  init(body: String, attributes: JSONObject = JSONObject(), sent: Timestamp, delay: TimeSpan = .zero) {
    self.body = body
    self.attributes = attributes
    self.sent = sent
    visible = sent + delay
  }

  var bodyDigest: String { Hex.encode(MD5.digest(of: Array(body.utf8))) }

  /// The digest of the attributes by the rule on
  /// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html ; nil
  /// without any.
  var attributeDigest: String? {
    guard !attributes.isEmpty else { return nil }
    var bytes: [UInt8] = []
    func add(_ part: [UInt8]) {
      withUnsafeBytes(of: UInt32(clamping: part.count).bigEndian) { bytes += $0 }
      bytes += part
    }
    for (name, value) in attributes.members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    {
      add(Array(name.utf8))
      add(Array((value["DataType"]?.string ?? "").utf8))
      if let binary = value["BinaryValue"]?.string {
        bytes.append(2)
        add(Base64.decode(binary) ?? [])
      } else {
        bytes.append(1)
        add(Array((value["StringValue"]?.string ?? "").utf8))
      }
    }
    return Hex.encode(MD5.digest(of: bytes))
  }

  /// The attributes that SQS itself keeps, all as texts.
  func systemAttributes(sender: String) -> [(String, JSON)] {
    func milliseconds(_ moment: Timestamp) -> JSON {
      .string(String(Int((moment.seconds * 1_000).rounded(.down))))
    }
    return [
      ("ApproximateReceiveCount", .string(String(received))), ("SentTimestamp", milliseconds(sent)),
      ("SenderId", .string(sender)),
      ("ApproximateFirstReceiveTimestamp", milliseconds(firstReceived ?? sent)),
    ]
  }
}

/// The form in which messages are kept on disk.
extension QueueMessage {
  var json: JSON {
    var object = JSONObject([
      ("id", .string(id)), ("body", .string(body)), ("sent", .double(sent.seconds)),
      ("visible", .double(visible.seconds)), ("received", .int(received)),
    ])
    if !attributes.isEmpty { object["attributes"] = .object(attributes) }
    object["firstReceived"] = firstReceived.map { .double($0.seconds) }
    object["receipt"] = receipt.map(JSON.string)
    return .object(object)
  }

  init?(_ json: JSON) {
    guard let id = json["id"]?.string, let body = json["body"]?.string, let sent = json["sent"]?.moment,
      let visible = json["visible"]?.moment, let received = json["received"]?.int
    else { return nil }
    self.init(body: body, attributes: json["attributes"]?.object ?? JSONObject(), sent: sent)
    self.id = id
    self.visible = visible
    self.received = received
    firstReceived = json["firstReceived"]?.moment
    receipt = json["receipt"]?.string
  }
}
