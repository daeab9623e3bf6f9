internal import Core

/// Event source mappings are kept and shown. The sandbox has no queues, streams or tables, so that none reads anything.
extension LambdaService {
  func createMapping(_ body: JSON) throws(ServiceError) -> JSONObject {
    let target = try mappingTarget(body)
    guard let source = body["EventSourceArn"]?.string, !source.isEmpty else {
      throw .invalid("EventSourceArn must not be null.")
    }
    let now = clock.now()
    return try store.change(target.name, at: now) { record throws(ServiceError) in
      guard var changed = record else { throw missing(target.name) }
      if let qualifier = target.qualifier { _ = try version(changed, qualifier) }
      let twin = changed.mappings.first {
        $0.qualifier == target.qualifier && $0.settings["EventSourceArn"]?.string == source
      }
      if let twin {
        throw .conflict(
          "An event source mapping with event source arn (\" \(source) \") and function "
            + "(\" \(arns.function(target.name, target.qualifier)) \") already exists. Please update or delete the "
            + "existing mapping with UUID \(twin.uuid)")
      }
      let mapping = MappingRecord(
        uuid: Identifier.uuid(), qualifier: target.qualifier, settings: mappingSettings(body),
        isEnabled: body["Enabled"]?.bool ?? true, changed: now)
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
    let target =
      body["FunctionName"] == nil
      ? Target(name: name, qualifier: present.qualifier) : try mappingTarget(body)
    var changed = present
    changed.qualifier = target.qualifier
    changed.settings = changed.settings.merging(mappingSettings(body))
    if let enabled = body["Enabled"]?.bool { changed.isEnabled = enabled }
    changed.changed = clock.now()
    let mapping = changed
    let record = try function(target.name)
    if let qualifier = target.qualifier { _ = try version(record, qualifier) }
    try remove(uuid, from: name)
    try store.change(target.name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { throw missing(target.name) }
      record?.mappings.append(mapping)
    }
    return answer(mapping, target.name)
  }

  func deleteMapping(_ uuid: String) throws(ServiceError) -> JSONObject {
    let (name, mapping) = try mapping(uuid)
    try remove(uuid, from: name)
    var shown = answer(mapping, name)
    shown["State"] = "Deleting"
    return shown
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
      record.mappings.filter { source == nil || $0.settings["EventSourceArn"]?.string == source }
        .map { answer($0, record.name) }
    }
    return try page(items, request, key: "EventSourceMappings")
  }

  private func mappingTarget(_ body: JSON) throws(ServiceError) -> Target {
    var validation = Validation()
    validation.required(body["FunctionName"], "functionName")
    try validation.check()
    let named = try FunctionReference(
      body["FunctionName"]?.string ?? "", region: arns.region, account: arns.account)
    return Target(name: named.name, qualifier: named.qualifier)
  }

  private func mappingSettings(_ body: JSON) -> JSONObject {
    let keys = ["EventSourceArn", "BatchSize", "MaximumBatchingWindowInSeconds", "StartingPosition"]
    return JSONObject(keys.compactMap { key in body[key].map { (key, $0) } })
  }

  private func mapping(_ uuid: String) throws(ServiceError) -> (name: String, MappingRecord) {
    for record in store.all(at: clock.now()) {
      if let found = record.mappings.first(where: { $0.uuid == uuid }) { return (record.name, found) }
    }
    throw .notFound("The resource you requested does not exist.")
  }

  private func remove(_ uuid: String, from name: String) throws(ServiceError) {
    try store.change(name, at: clock.now()) { record throws(ServiceError) in
      guard record != nil else { return }
      record?.mappings.removeAll { $0.uuid == uuid }
    }
  }

  private func answer(_ mapping: MappingRecord, _ name: String) -> JSONObject {
    JSONObject([
      ("UUID", .string(mapping.uuid)), ("BatchSize", 10),
      (
        "EventSourceMappingArn",
        .string(arns.arn("lambda", "event-source-mapping:\(mapping.uuid)"))
      ),
      ("FunctionArn", .string(arns.function(name, mapping.qualifier))),
      ("LastModified", .double(mapping.changed.seconds)),
      ("State", mapping.isEnabled ? "Enabled" : "Disabled"), ("StateTransitionReason", "USER_INITIATED"),
    ]).merging(mapping.settings)
  }
}
