internal import Core

extension SQSService {
  func send(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let message = try message(queue, input)
    store.messages(queue.name) { $0.messages.append(message) }
    return .map(sent(message))
  }

  func sendBatch(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let entries = try entries(input)
    var messages: [QueueMessage] = []
    var good: [WireValue] = []
    var bad: [WireValue] = []
    for (id, entry) in entries {
      do throws(ServiceError) {
        let message = try message(queue, entry)
        messages.append(message)
        good.append(.map([("Id", .text(id))] + sent(message)))
      } catch {
        bad.append(failed(id, error))
      }
    }
    let accepted = messages
    store.messages(queue.name) { $0.messages += accepted }
    return outcome(good, bad)
  }

  func receive(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let limit = input["MaxNumberOfMessages"]?.looseInt ?? 1
    let wait = input["WaitTimeSeconds"]?.looseInt ?? queue.number("ReceiveMessageWaitTimeSeconds")
    let visibility = input["VisibilityTimeout"]?.looseInt
    guard (1...Self.batch).contains(limit) else {
      throw ServiceError(
        400, "InvalidParameterValue",
        "Value \(limit) for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
      )
    }
    guard (0...20).contains(wait), (0...43_200).contains(visibility ?? 0) else {
      throw ServiceError(
        400, "InvalidParameterValue", "WaitTimeSeconds or VisibilityTimeout is out of range.")
    }
    let end = clock.now() + .seconds(Double(wait))
    var arrivals = 0
    var taken: [QueueMessage] = []
    repeat {
      let now = clock.now()
      taken = store.receive(
        queue.name, limit: limit, visibility: visibility.map { .seconds(Double($0)) }, at: now)
      guard taken.isEmpty, now < end else { break }
      // A message may also become visible again without anybody sending one.
      let patience = min(0.02, (end - now).seconds / clock.speed)
      arrivals = store.waitForArrival(after: arrivals, until: Monotonic.now() + patience)
    } while true
    guard !taken.isEmpty else { return .map([]) }
    return .map([("Messages", .list(taken.map { shown($0, input) }))])
  }

  private func shown(_ message: QueueMessage, _ input: JSON) -> WireValue {
    var members: [(String, WireValue)] = [
      ("MessageId", .text(message.id)), ("ReceiptHandle", .text(message.receipt ?? "")),
      ("MD5OfBody", .text(message.bodyDigest)), ("Body", .text(message.body)),
    ]
    let wanted =
      (input["AttributeNames"]?.array ?? []) + (input["MessageSystemAttributeNames"]?.array ?? [])
    let system = message.systemAttributes(sender: arns.account).filter { name, _ in
      wanted.contains { $0.string == "All" || $0.string == name }
    }
    if !system.isEmpty {
      members.append(("Attributes", .map(system.map { ($0.0, .text($0.1.string ?? "")) })))
    }
    let names = input["MessageAttributeNames"]?.array?.compactMap(\.string) ?? []
    let own = message.attributes.members.filter { key, _ in
      names.contains {
        $0 == "All" || $0 == ".*" || $0 == key || ($0.hasSuffix(".*") && key.hasPrefix($0.dropLast(2)))
      }
    }
    if !own.isEmpty {
      var picked = message
      picked.attributes = JSONObject(own.map { ($0.key, $0.value) })
      members.append(("MD5OfMessageAttributes", .text(picked.attributeDigest ?? "")))
      members.append(("MessageAttributes", .map(own.map { ($0.key, Self.wire($0.value)) })))
    }
    return .map(members)
  }

  private static func wire(_ attribute: JSON) -> WireValue {
    .map((attribute.object?.members ?? []).compactMap { key, value in value.string.map { (key, .text($0)) } })
  }

  func delete(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    try remove(queue, input["ReceiptHandle"]?.string ?? "")
    return .map([])
  }

  func deleteBatch(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    var good: [WireValue] = []
    var bad: [WireValue] = []
    for (id, entry) in try entries(input) {
      do throws(ServiceError) {
        try remove(queue, entry["ReceiptHandle"]?.string ?? "")
        good.append(.map([("Id", .text(id))]))
      } catch {
        bad.append(failed(id, error))
      }
    }
    return outcome(good, bad)
  }

  /// A handle of an earlier receipt deletes the message too as long as nobody has received it since; one of a message
  /// that is gone is no error.
  private func remove(_ queue: QueueRecord, _ handle: String) throws(ServiceError) {
    guard handle.utf8.count == 36 else {
      throw ServiceError(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
    }
    store.messages(queue.name) { $0.messages.removeAll { $0.receipt == handle } }
  }

  func changeVisibility(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> WireValue {
    let seconds = input["VisibilityTimeout"]?.looseInt ?? -1
    guard (0...43_200).contains(seconds) else {
      throw ServiceError(400, "InvalidParameterValue", "VisibilityTimeout must be between 0 and 43200.")
    }
    let handle = input["ReceiptHandle"]?.string ?? ""
    let now = clock.now()
    let found = store.messages(queue.name) { queue -> Bool in
      guard let index = queue.messages.firstIndex(where: { $0.receipt == handle && $0.visible > now }) else {
        return false
      }
      queue.messages[index].visible = now + .seconds(Double(seconds))
      return true
    }
    guard found == true else {
      throw ServiceError(
        400, "MessageNotInflight", "The message referred to isn't in flight.",
        queryCode: "AWS.SimpleQueueService.MessageNotInflight")
    }
    return .map([])
  }

  /// The message that a request or an entry of one describes.
  private func message(_ queue: QueueRecord, _ input: JSON) throws(ServiceError) -> QueueMessage {
    guard let body = input["MessageBody"]?.string, !body.isEmpty else {
      throw ServiceError(400, "MissingParameter", "The request must contain the parameter MessageBody.")
    }
    let attributes = input["MessageAttributes"]?.object ?? JSONObject()
    guard body.utf8.count <= queue.number("MaximumMessageSize"), attributes.members.count <= 10 else {
      throw ServiceError(
        400, "InvalidParameterValue",
        "One or more parameters are invalid. Reason: Message must be shorter than "
          + "\(queue.number("MaximumMessageSize")) bytes and have at most 10 attributes.")
    }
    let delay = input["DelaySeconds"]?.looseInt ?? queue.number("DelaySeconds")
    guard (0...900).contains(delay) else {
      throw ServiceError(
        400, "InvalidParameterValue",
        "Value \(delay) for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.")
    }
    return QueueMessage(
      body: body, attributes: attributes, sent: clock.now(), delay: .seconds(Double(delay)))
  }

  private func sent(_ message: QueueMessage) -> [(String, WireValue)] {
    var members: [(String, WireValue)] = [
      ("MD5OfMessageBody", .text(message.bodyDigest)), ("MessageId", .text(message.id)),
    ]
    if let digest = message.attributeDigest { members.append(("MD5OfMessageAttributes", .text(digest))) }
    return members
  }

  private func entries(_ input: JSON) throws(ServiceError) -> [(id: String, entry: JSON)] {
    let entries = (input["Entries"]?.array ?? []).map { (id: $0["Id"]?.string ?? "", entry: $0) }
    guard !entries.isEmpty else {
      throw ServiceError(
        400, "EmptyBatchRequest", "There should be at least one entry in the request.",
        queryCode: "AWS.SimpleQueueService.EmptyBatchRequest")
    }
    guard entries.count <= Self.batch else {
      throw ServiceError(
        400, "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.",
        queryCode: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
    }
    guard Set(entries.map(\.id)).count == entries.count else {
      throw ServiceError(
        400, "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.",
        queryCode: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct")
    }
    return entries
  }

  private func failed(_ id: String, _ error: ServiceError) -> WireValue {
    .map([
      ("Id", .text(id)), ("SenderFault", .bool(error.isSender)),
      ("Code", .text(error.queryCode ?? error.code)),
      ("Message", .text(error.message)),
    ])
  }

  private func outcome(_ good: [WireValue], _ bad: [WireValue]) -> WireValue {
    var members: [(String, WireValue)] = [("Successful", .list(good))]
    members.append(("Failed", .list(bad)))
    return .map(members)
  }
}

/// Events for queues: their bytes become a message.
struct QueueReceiver: EventReceiver {
  let sqs: SQSService

  func receive(_ event: [UInt8], at arn: String, from origin: EventOrigin) throws(ServiceError) {
    try admit(origin, at: arn)
    let message = QueueMessage(body: String(decoding: event, as: UTF8.self), sent: sqs.clock.now())
    sqs.store.messages(QueueStore.name(ofARN: arn)) { queue in
      var message = message
      message.visible = message.sent + .seconds(Double(queue.number("DelaySeconds")))
      queue.messages.append(message)
    }
  }

  /// A queue's own policy is kept and not judged.
  func admit(_ origin: EventOrigin, at arn: String) throws(ServiceError) {
    let name = QueueStore.name(ofARN: arn)
    guard sqs.arn(name) == arn, sqs.store.queue(name) != nil else {
      throw ServiceError(
        400, "QueueDoesNotExist", "The specified queue does not exist: \(arn)",
        queryCode: "AWS.SimpleQueueService.NonExistentQueue")
    }
  }
}
