internal import Core

/// What a mapping of a queue asks for.
struct QueueMapping: Sendable {
  let uuid: String
  let function: String
  let qualifier: String?
  let queue: String
  let source: String
  let batchSize: Int
  /// How long a batch that is not full waits for more.
  let window: TimeSpan
  let maximumConcurrency: Int?
  private let reportsFailures: Bool
  private let filters: [EventPattern]

  init(_ mapping: MappingRecord, function: String, queue: String) {
    let settings = mapping.settings
    uuid = mapping.uuid
    qualifier = mapping.qualifier
    self.function = function
    self.queue = queue
    source = mapping.source ?? ""
    batchSize = min(max(settings["BatchSize"]?.int ?? 10, 1), 10_000)
    window = .seconds(settings["MaximumBatchingWindowInSeconds"]?.double ?? 0)
    maximumConcurrency = settings["ScalingConfig"]?["MaximumConcurrency"]?.int
    reportsFailures =
      settings["FunctionResponseTypes"]?.array?.contains("ReportBatchItemFailures") ?? false
    filters = (settings["FilterCriteria"]?["Filters"]?.array ?? []).compactMap { filter in
      try? EventPattern(parsing: filter["Pattern"]?.string ?? "")
    }
  }

  /// Whether a batch is to be taken: a full one, or one whose first message has waited for the window.
  func isDue(_ queue: QueueRecord, at now: Timestamp) -> Bool {
    let ready = queue.messages.filter { !$0.isHeld && $0.visible <= now }
    guard let first = ready.map(\.visible).min() else { return false }
    return ready.count >= batchSize || first + window <= now
  }

  /// Whether one of the filters lets a message through; without any, all come through.
  ///
  /// A body that is JSON is looked into, another one compared as a text.
  func wants(_ message: QueueMessage) -> Bool {
    guard !filters.isEmpty else { return true }
    let body = (try? JSON(parsing: message.body)) ?? .string(message.body)
    let record: JSON = ["body": body, "messageId": .string(message.id)]
    return filters.contains { $0.matches(record) }
  }

  /// The event of a batch.
  func event(_ batch: [QueueMessage], arns: ARNs) -> JSON {
    ["Records": .array(batch.map { .object(record($0, arns)) })]
  }

  private func record(_ message: QueueMessage, _ arns: ARNs) -> JSONObject {
    let attributes = message.attributes.members.map { ($0.key, Self.attribute($0.value)) }
    var record = JSONObject([
      ("messageId", .string(message.id)), ("receiptHandle", .string(message.receipt ?? "")),
      ("body", .string(message.body)),
    ])
    record["attributes"] = .object(JSONObject(message.systemAttributes(sender: arns.account)))
    record["messageAttributes"] = .object(JSONObject(attributes))
    record["md5OfBody"] = .string(message.bodyDigest)
    record["eventSource"] = "aws:sqs"
    record["eventSourceARN"] = .string(source)
    record["awsRegion"] = .string(arns.region)
    return record
  }

  private static func attribute(_ value: JSON) -> JSON {
    var shown = JSONObject()
    for (key, name) in [("StringValue", "stringValue"), ("BinaryValue", "binaryValue")] {
      shown[name] = value[key]
    }
    shown["stringListValues"] = []
    shown["binaryListValues"] = []
    shown["dataType"] = value["DataType"]
    return .object(shown)
  }

  /// The ids of messages that a good answer says have failed; nil when all have.
  ///
  /// By https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html a list with an empty, unknown or
  /// missing identifier fails the whole batch; no list at all is a success.
  func failures(in payload: [UInt8], of batch: [QueueMessage]) -> Set<String>? {
    guard reportsFailures else { return [] }
    guard let answer = try? JSON(parsing: payload) else { return payload.isEmpty ? [] : nil }
    guard let list = answer["batchItemFailures"], list != .null else { return [] }
    guard let items = list.array else { return nil }
    let known = Set(batch.map(\.id))
    var failed: Set<String> = []
    for item in items {
      guard let id = item["itemIdentifier"]?.string, known.contains(id) else { return nil }
      failed.insert(id)
    }
    return failed
  }
}
