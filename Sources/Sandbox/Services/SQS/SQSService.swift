internal import Core

/// A small SQS: standard queues with visibility, delays and dead letter queues, in SQS's JSON protocol.
struct SQSService: Sendable {
  /// The most messages of one request.
  static let batch = 10

  let store: QueueStore
  let clock: ScaledClock
  let arns: ARNs
  /// `http://127.0.0.1:PORT`
  let endpoint: String

  /// Answers one operation.
  func answer(_ name: String, _ input: JSON) throws(ServiceError) -> WireValue {
    switch name {
    case "CreateQueue": return try createQueue(input)
    case "DeleteQueue": return try deleteQueue(queue(input))
    case "GetQueueUrl": return try getQueueURL(input)
    case "ListQueues": return listQueues(input)
    case "GetQueueAttributes": return try getAttributes(queue(input), input)
    case "SetQueueAttributes": return try setAttributes(queue(input), input)
    case "SendMessage": return try send(queue(input), input)
    case "SendMessageBatch": return try sendBatch(queue(input), input)
    case "ReceiveMessage": return try receive(queue(input), input)
    case "DeleteMessage": return try delete(queue(input), input)
    case "DeleteMessageBatch": return try deleteBatch(queue(input), input)
    case "ChangeMessageVisibility": return try changeVisibility(queue(input), input)
    case "PurgeQueue": return try purge(queue(input))
    default: throw .unknownOperation(name)
    }
  }

  func arn(_ name: String) -> String { arns.arn("sqs", name) }

  func url(_ name: String) -> String { "\(endpoint)/\(arns.account)/\(name)" }

  /// The queue that a request's URL names.
  private func queue(_ input: JSON) throws(ServiceError) -> QueueRecord {
    guard let url = input["QueueUrl"]?.string else {
      throw ServiceError(
        400, "MissingRequiredParameterException", "The request must contain the parameter QueueUrl.")
    }
    let name = url.split(separator: "/").last.map(String.init) ?? ""
    guard let queue = store.queue(name) else { throw missing }
    return queue
  }

  private var missing: ServiceError {
    ServiceError(
      400, "QueueDoesNotExist", "The specified queue does not exist.",
      queryCode: "AWS.SimpleQueueService.NonExistentQueue")
  }

  private func createQueue(_ input: JSON) throws(ServiceError) -> WireValue {
    let name = input["QueueName"]?.string ?? ""
    guard !name.hasSuffix(".fifo"), input["Attributes"]?["FifoQueue"]?.string != "true" else {
      throw ServiceError(
        400, "UnsupportedOperation", "The sandbox has standard queues only: \(name) is to be a FIFO queue.",
        queryCode: "AWS.SimpleQueueService.UnsupportedOperation")
    }
    guard (1...80).contains(name.utf8.count), name.utf8.allSatisfy(FunctionReference.isNameCharacter) else {
      throw ServiceError(
        400, "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
    }
    let attributes = try attributes(input)
    let tags =
      input["tags"]?.object?.members.compactMap { key, value in value.string.map { (key, $0) } } ?? []
    let now = clock.now()
    try store.change(name) { queue throws(ServiceError) in
      if let present = queue {
        let differing = attributes.first { key, value in
          (present.attributes[key] ?? QueueRecord.defaults[key]) != value
        }
        guard let differing else { return }
        throw ServiceError(
          400, "QueueNameExists",
          "A queue already exists with the same name and a different value for attribute \(differing.key)",
          queryCode: "QueueAlreadyExists")
      }
      var made = QueueRecord(name: name, attributes: attributes, at: now)
      made.tags = Dictionary(tags) { $1 }
      queue = made
    }
    return .map([("QueueUrl", .text(url(name)))])
  }

  private func deleteQueue(_ queue: QueueRecord) throws(ServiceError) -> WireValue {
    try store.change(queue.name) { queue throws(ServiceError) in queue = nil }
    return .map([])
  }

  private func getQueueURL(_ input: JSON) throws(ServiceError) -> WireValue {
    let owner = input["QueueOwnerAWSAccountId"]?.string ?? arns.account
    guard let name = input["QueueName"]?.string, owner == arns.account, store.queue(name) != nil else {
      throw missing
    }
    return .map([("QueueUrl", .text(url(name)))])
  }

  private func listQueues(_ input: JSON) -> WireValue {
    let prefix = input["QueueNamePrefix"]?.string ?? ""
    let urls = store.all().filter { $0.name.hasPrefix(prefix) }.map { WireValue.text(url($0.name)) }
    // SQS leaves the list out when it is empty.
    return .map(urls.isEmpty ? [] : [("QueueUrls", .list(Array(urls.prefix(1_000))))])
  }

  private func setAttributes(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let attributes = try attributes(input)
    let now = clock.now()
    try store.change(queue.name) { queue throws(ServiceError) in
      for (key, value) in attributes { queue?.attributes[key] = value.isEmpty ? nil : value }
      queue?.modified = now
    }
    return .map([])
  }

  private func purge(_ queue: QueueRecord) throws(ServiceError) -> WireValue {
    store.messages(queue.name) { $0.messages.removeAll { !$0.isHeld } }
    return .map([])
  }

  private func getAttributes(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let counts = queue.counts(at: clock.now())
    var all = QueueRecord.defaults.merging(queue.attributes) { $1 }
    all["QueueArn"] = arn(queue.name)
    all["ApproximateNumberOfMessages"] = String(counts.visible)
    all["ApproximateNumberOfMessagesDelayed"] = String(counts.delayed)
    all["ApproximateNumberOfMessagesNotVisible"] = String(counts.inFlight)
    all["CreatedTimestamp"] = String(Int(queue.created.seconds))
    all["LastModifiedTimestamp"] = String(Int(queue.modified.seconds))
    all["SqsManagedSseEnabled"] = all["SqsManagedSseEnabled"] ?? "true"
    let wanted = input["AttributeNames"]?.array?.compactMap(\.string) ?? []
    for name in wanted where name != "All" && all[name] == nil && !Self.settable.contains(name) {
      throw ServiceError(400, "InvalidAttributeName", "Unknown Attribute \(name).")
    }
    let shown = all.filter { wanted.contains("All") || wanted.contains($0.key) }.sorted { $0.key < $1.key }
    guard !shown.isEmpty else { return .map([]) }
    return .map([("Attributes", .map(shown.map { ($0.key, .text($0.value)) }))])
  }

  /// Attributes that a standard queue can be given.
  private static let settable: Set<String> = Set(QueueRecord.defaults.keys).union([
    "Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled", "FifoQueue", "ContentBasedDeduplication",
  ])

  private func attributes(_ input: JSON) throws(ServiceError) -> [String: String] {
    var found: [String: String] = [:]
    for (key, value) in input["Attributes"]?.object?.members ?? [] {
      guard Self.settable.contains(key) else {
        throw ServiceError(400, "InvalidAttributeName", "Unknown Attribute \(key).")
      }
      let text = value.looseText ?? ""
      if let range = QueueRecord.ranges[key], Int(text).map({ !range.contains($0) }) ?? true {
        throw Self.badAttribute(key)
      }
      if key == "RedrivePolicy", !text.isEmpty { try checkRedrive(text) }
      found[key] = text
    }
    return found
  }

  private func checkRedrive(_ text: String) throws(ServiceError) {
    guard let policy = try? JSON(parsing: text), let target = policy["deadLetterTargetArn"]?.string,
      let most = policy["maxReceiveCount"]?.looseInt, (1...1_000).contains(most)
    else { throw Self.badAttribute("RedrivePolicy") }
    guard store.queue(QueueStore.name(ofARN: target)).map({ arn($0.name) }) == target else {
      throw ServiceError(
        400, "InvalidParameterValue",
        "Value \(text) for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.")
    }
  }

  private static func badAttribute(_ key: String) -> ServiceError {
    ServiceError(400, "InvalidAttributeValue", "Invalid value for the parameter \(key).")
  }
}
