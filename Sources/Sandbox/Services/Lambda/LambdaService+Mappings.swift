internal import Core

/// Event source mappings. Those of the sandbox's queues are read; it has no streams and no tables, so that mappings of
/// those are kept and shown and read nothing.
extension LambdaService {
  /// How long a change of a mapping takes, in virtual time.
  static let mappingDelay = TimeSpan.seconds(3)

  func createMapping(_ body: JSON) throws(ServiceError) -> JSONObject {
    let target = try mappingTarget(body)
    let source = body["EventSourceArn"]?.string ?? ""
    let cluster = body["SelfManagedEventSource"] ?? .null
    guard source.isEmpty != (cluster == .null) else {
      throw .invalid(
        source.isEmpty
          ? "EventSourceArn must not be null."
          : "EventSourceArn and SelfManagedEventSource exclude each other.")
    }
    let settings = try MappingSettings(JSONObject(), changedBy: body, isNew: true).members
    let tags = try tags(in: body["Tags"])
    let now = clock.now()
    return try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      try check(settings, changed, target)
      let twin = changed.mappings.first {
        $0.qualifier == target.qualifier && $0.source ?? "" == source
          && ($0.settings["SelfManagedEventSource"] ?? .null) == cluster
          && (cluster == .null || $0.settings["Topics"] == settings["Topics"])
      }
      if let twin {
        throw .conflict(
          "An event source mapping with \(source.contains(":sqs:") ? "SQS" : "event source") arn (\" \(source) \") and "
            + "function (\" \(arns.function(target.name, target.qualifier)) \") already exists. Please update or "
            + "delete the existing mapping with UUID \(twin.uuid)")
      }
      var mapping = MappingRecord(
        uuid: Identifier.uuid(), qualifier: target.qualifier, settings: settings,
        isEnabled: body["Enabled"]?.bool ?? true, changed: now)
      mapping.tags = tags
      mapping.begin(.creating, at: now, for: Self.mappingDelay)
      changed.mappings.append(mapping)
      record = changed
      return answer(mapping, target.name)
    }
  }

  func getMapping(_ uuid: String) throws(ServiceError) -> JSONObject {
    let (name, mapping) = try mapping(uuid)
    return answer(mapping, name)
  }

  /// Another function or alias may be named, which moves it.
  func updateMapping(_ uuid: String, _ body: JSON) throws(ServiceError) -> JSONObject {
    let (name, present) = try mapping(uuid)
    guard present.phase == nil else { throw Self.inUse("update") }
    let target =
      body["FunctionName"] == nil
      ? Target(name: name, qualifier: present.qualifier) : try mappingTarget(body)
    var changed = present
    changed.qualifier = target.qualifier
    changed.settings = try MappingSettings(present.settings, changedBy: body, isNew: false).members
    changed.isEnabled = body["Enabled"]?.bool ?? present.isEnabled
    try check(changed.settings, try function(target.name), target)
    let now = clock.now()
    let phase: MappingRecord.Phase =
      changed.isEnabled == present.isEnabled ? .updating : changed.isEnabled ? .enabling : .disabling
    changed.begin(phase, at: now, for: Self.mappingDelay)
    let mapping = changed
    try change(uuid, of: name, at: now) { _ in nil }
    try store.change(target.name, at: now) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.mappings.append(mapping)
    }
    return answer(mapping, target.name)
  }

  func deleteMapping(_ uuid: String) throws(ServiceError) -> JSONObject {
    let (name, present) = try mapping(uuid)
    guard present.phase == nil else { throw Self.inUse("delete") }
    var mapping = present
    let now = clock.now()
    mapping.begin(.deleting, at: now, for: Self.mappingDelay)
    let shown = mapping
    try change(uuid, of: name, at: now) { _ in shown }
    return answer(shown, name)
  }

  func listMappings(_ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    var functions = store.all(at: clock.now())
    if let name = request.parameter("FunctionName") {
      let wanted = try FunctionReference(name, region: arns.region, account: arns.account)
      functions = functions.filter { $0.name == wanted.name }
      if let qualifier = wanted.qualifier {
        for index in functions.indices { functions[index].mappings.removeAll { $0.qualifier != qualifier } }
      }
    }
    let source = request.parameter("EventSourceArn")
    let items = functions.flatMap { record in
      record.mappings.filter { source == nil || $0.source == source }.map { answer($0, record.name) }
    }
    return try page(items, request, key: "EventSourceMappings")
  }

  private static func inUse(_ what: String) -> ServiceError {
    ServiceError(
      400, "ResourceInUseException", "Cannot \(what) the event source mapping because it is in use.")
  }

  private func mappingTarget(_ body: JSON) throws(ServiceError) -> Target {
    var validation = Validation()
    validation.required(body["FunctionName"], "functionName")
    try validation.check()
    let named = try FunctionReference(
      body["FunctionName"]?.string ?? "", region: arns.region, account: arns.account)
    return Target(name: named.name, qualifier: named.qualifier)
  }

  /// A queue of the sandbox must hide its messages for as long as the function may work on them.
  private func check(
    _ settings: JSONObject, _ record: FunctionRecord, _ target: Target
  ) throws(ServiceError) {
    var version = record.latest
    if let qualifier = target.qualifier { version = try self.version(record, qualifier) }
    guard let source = settings["EventSourceArn"]?.string, source.hasPrefix(arns.arn("sqs", "")) else {
      return
    }
    guard let queue = queues.queue(QueueStore.name(ofARN: source)) else {
      throw .invalid(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error "
          + "Message: The specified queue does not exist.")
    }
    let timeout = version.settings["Timeout"]?.int ?? 3
    guard queue.number("VisibilityTimeout") >= timeout else {
      throw .invalid(
        "Queue visibility timeout: \(queue.number("VisibilityTimeout")) seconds is less than Function timeout: "
          + "\(timeout) seconds")
    }
  }

  private func mapping(_ uuid: String) throws(ServiceError) -> (name: String, MappingRecord) {
    for record in store.all(at: clock.now()) {
      if let found = record.mappings.first(where: { $0.uuid == uuid }) { return (record.name, found) }
    }
    throw .notFound("The resource you requested does not exist.")
  }

  /// Changes one mapping of a function; nil removes it.
  private func change(
    _ uuid: String, of name: String, at now: Timestamp, _ body: (MappingRecord) -> MappingRecord?
  ) throws(ServiceError) {
    try store.change(name, at: now) { record throws(ServiceError) in
      guard let index = record?.mappings.firstIndex(where: { $0.uuid == uuid }),
        let old = record?.mappings[index]
      else { return }
      if let new = body(old) { record?.mappings[index] = new } else { record?.mappings.remove(at: index) }
    }
  }

  private func answer(_ mapping: MappingRecord, _ name: String) -> JSONObject {
    JSONObject([
      ("UUID", .string(mapping.uuid)),
      ("EventSourceMappingArn", .string(mappingARN(mapping.uuid))),
      ("FunctionArn", .string(arns.function(name, mapping.qualifier))),
      ("LastModified", .double(mapping.changed.seconds)), ("State", .string(mapping.state)),
      ("StateTransitionReason", "USER_INITIATED"),
    ]).merging(MappingSettings.shown(mapping.settings))
  }

  func mappingARN(_ uuid: String) -> String { arns.arn("lambda", "event-source-mapping:\(uuid)") }
}

/// The tags of mappings, which have ARNs of their own.
extension LambdaService {
  /// The mapping that an ARN names; nil for that of anything else.
  func mappingID(inARN arn: String) -> String? {
    let prefix = mappingARN("")
    return arn.hasPrefix(prefix) ? String(arn.dropFirst(prefix.count)) : nil
  }

  func mappingTags(_ uuid: String) throws(ServiceError) -> [(key: String, value: String)] {
    try mapping(uuid).1.tags
  }

  /// Adds, replaces and takes off tags.
  func changeMappingTags(
    _ uuid: String, adding: [(key: String, value: String)], removing: Set<String> = []
  ) throws(ServiceError) {
    let (name, _) = try mapping(uuid)
    try change(uuid, of: name, at: clock.now()) { mapping in
      var mapping = mapping
      let gone = removing.union(adding.map(\.key))
      mapping.tags.removeAll { gone.contains($0.key) }
      mapping.tags += adding
      return mapping
    }
  }
}
