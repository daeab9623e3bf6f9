internal import Core

/// Lambda's control plane and Invoke.
struct LambdaService: Sendable {
  /// How long a new function is Pending, in virtual time.
  static let creationDelay = TimeSpan.seconds(3)
  /// How long an update is InProgress, in virtual time.
  static let updateDelay = TimeSpan.seconds(2)
  /// The most items of a page, whatever a caller asks for.
  static let pageLimit = 50

  let store: FunctionStore
  let codes: CodeStore
  let layers: LayerStore
  let objects: ObjectStore
  /// The queues that mappings may name.
  let queues: QueueStore
  let router: InvocationRouter
  let clock: ScaledClock
  let arns: ARNs
  let links: CodeLinks
  /// Takes events to their destinations.
  let routes: EventRoutes
  /// The addresses of URLs.
  let doors: Doors
  /// How long new statements of policies take to get around, in virtual time; nil for not at all.
  let permissionDelay: @Sendable () -> TimeSpan?

  var answers: LambdaAnswers { LambdaAnswers(arns: arns) }

  /// Answers one request for the operation that `LambdaOperation` found in it.
  func answer(_ call: LambdaOperation, _ request: HTTPRequest) throws(ServiceError) -> HTTPResponse {
    switch call.name {
    case "CreateFunction": try json(201, createFunction(body(request)))
    case "GetFunction": try json(200, getFunction(target(call, request)))
    case "GetFunctionConfiguration": try json(200, getConfiguration(target(call, request)))
    case "UpdateFunctionCode": try json(200, updateCode(target(call, request), body(request)))
    case "UpdateFunctionConfiguration":
      try json(200, updateConfiguration(target(call, request), body(request)))
    case "DeleteFunction": try deleteFunction(target(call, request))
    case "ListFunctions": try json(200, listFunctions(request))
    case "PublishVersion": try json(201, publishVersion(target(call, request), body(request)))
    case "ListVersionsByFunction": try json(200, listVersions(target(call, request), request))
    case "CreateAlias": try json(201, createAlias(target(call, request), body(request)))
    case "GetAlias": try json(200, getAlias(target(call, request), call.item))
    case "UpdateAlias": try json(200, updateAlias(target(call, request), call.item, body(request)))
    case "DeleteAlias": try deleteAlias(target(call, request), call.item)
    case "ListAliases": try json(200, listAliases(target(call, request), request))
    case "Invoke": try invoke(target(call, request), request)
    default: try answerRest(call, request)
    }
  }

  private func answerRest(_ call: LambdaOperation, _ request: HTTPRequest) throws(ServiceError)
    -> HTTPResponse
  {
    switch call.name {
    case "PutFunctionConcurrency": try json(200, putConcurrency(target(call, request), body(request)))
    case "GetFunctionConcurrency": try json(200, getConcurrency(target(call, request)))
    case "DeleteFunctionConcurrency": try deleteConcurrency(target(call, request))
    case "PutProvisionedConcurrencyConfig":
      try json(202, putProvisionedConcurrency(target(call, request), body(request)))
    case "GetProvisionedConcurrencyConfig":
      try json(200, getProvisionedConcurrency(target(call, request)))
    case "DeleteProvisionedConcurrencyConfig": try deleteProvisionedConcurrency(target(call, request))
    case "ListProvisionedConcurrencyConfigs":
      try json(200, listProvisionedConcurrency(target(call, request), request))
    case "GetRuntimeManagementConfig", "PutRuntimeManagementConfig", "GetFunctionCodeSigningConfig",
      "PutFunctionCodeSigningConfig", "DeleteFunctionCodeSigningConfig", "GetFunctionRecursionConfig",
      "PutFunctionRecursionConfig":
      try answerSettings(call, request)
    case "TagResource": try tag(call.item, body(request))
    case "UntagResource": try untag(call.item, request)
    case "ListTags": try json(200, listTags(call.item))
    case "AddPermission": try json(201, addPermission(target(call, request), body(request)))
    case "GetPolicy": try json(200, getPolicy(target(call, request)))
    case "RemovePermission": try removePermission(target(call, request), call.item, request)
    case "GetAccountSettings": json(200, accountSettings())
    default: try answerForCallers(call, request)
    }
  }

  /// What tells who calls a function.
  private func answerForCallers(_ call: LambdaOperation, _ request: HTTPRequest) throws(ServiceError)
    -> HTTPResponse
  {
    switch call.name {
    case "CreateFunctionUrlConfig": try json(201, createURL(target(call, request), body(request)))
    case "UpdateFunctionUrlConfig": try json(200, updateURL(target(call, request), body(request)))
    case "GetFunctionUrlConfig": try json(200, getURL(target(call, request)))
    case "DeleteFunctionUrlConfig": try deleteURL(target(call, request))
    case "ListFunctionUrlConfigs": try json(200, listURLs(target(call, request), request))
    case "CreateEventSourceMapping": try json(202, createMapping(body(request)))
    case "GetEventSourceMapping": try json(200, getMapping(call.item))
    case "UpdateEventSourceMapping": try json(202, updateMapping(call.item, body(request)))
    case "DeleteEventSourceMapping": try json(202, deleteMapping(call.item))
    case "ListEventSourceMappings": try json(200, listMappings(request))
    default: try answerForEvents(call, request)
    }
  }

  private func answerForEvents(_ call: LambdaOperation, _ request: HTTPRequest) throws(ServiceError)
    -> HTTPResponse
  {
    switch call.name {
    case "PutFunctionEventInvokeConfig":
      try json(200, putEventInvoke(target(call, request), body(request), isWhole: true))
    case "UpdateFunctionEventInvokeConfig":
      try json(200, putEventInvoke(target(call, request), body(request), isWhole: false))
    case "GetFunctionEventInvokeConfig": try json(200, getEventInvoke(target(call, request)))
    case "DeleteFunctionEventInvokeConfig": try deleteEventInvoke(target(call, request))
    case "ListFunctionEventInvokeConfigs": try json(200, listEventInvoke(target(call, request), request))
    default: try answerForLayers(call, request)
    }
  }

  private func answerForLayers(_ call: LambdaOperation, _ request: HTTPRequest) throws(ServiceError)
    -> HTTPResponse
  {
    switch call.name {
    case "PublishLayerVersion": try json(201, publishLayer(call.function, body(request)))
    case "ListLayerVersions": try json(200, listLayerVersions(call.function, request))
    case "GetLayerVersion": try json(200, getLayerVersion(call.function, call.item))
    case "DeleteLayerVersion": try deleteLayerVersion(call.function, call.item)
    case "GetLayerVersionByArn" where request.parameter("find") == "LayerVersion":
      try json(200, getLayerVersion(arn: request.parameter("Arn") ?? ""))
    default: throw .unknownOperation(call.name)
    }
  }

  private func answerSettings(
    _ call: LambdaOperation, _ request: HTTPRequest
  ) throws(ServiceError) -> HTTPResponse {
    let target = try target(call, request)
    return switch call.name {
    case "GetRuntimeManagementConfig": json(200, try getRuntimeManagement(target))
    case "PutRuntimeManagementConfig": json(200, try putRuntimeManagement(target, try body(request)))
    case "GetFunctionCodeSigningConfig": json(200, try getCodeSigning(target))
    case "PutFunctionCodeSigningConfig": json(200, try putCodeSigning(target, try body(request)))
    case "DeleteFunctionCodeSigningConfig": try deleteCodeSigning(target)
    case "GetFunctionRecursionConfig": json(200, try getRecursion(target))
    default: json(200, try putRecursion(target, try body(request)))
    }
  }

  /// What a call is about: a function, and one of its qualifiers if it names one.
  struct Target {
    let name: String
    let qualifier: String?
  }

  private func target(_ call: LambdaOperation, _ request: HTTPRequest) throws(ServiceError) -> Target {
    let parsed = try FunctionReference(call.function, region: arns.region, account: arns.account)
    return Target(name: parsed.name, qualifier: try parsed.qualifier(with: request.parameter("Qualifier")))
  }

  private func body(_ request: HTTPRequest) throws(ServiceError) -> JSON {
    guard !request.body.isEmpty else { return .object(JSONObject()) }
    let json: JSON
    do throws(JSONSyntaxError) {
      json = try JSON(parsing: request.body)
    } catch {
      throw ServiceError(
        400, "InvalidRequestContentException", "Could not parse request body into json: \(error)")
    }
    guard json.object != nil else {
      throw ServiceError(
        400, "SerializationException", "\(json.typeWord) found where a structure was expected.")
    }
    return json
  }

  func json(_ status: Int, _ object: JSONObject) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: ["content-type": "application/json"],
      body: Array(JSON.object(object).text().utf8))
  }

  /// The 404 of a function that is not there.
  func missing(_ name: String, _ qualifier: String? = nil) -> ServiceError {
    .notFound("Function not found: \(arns.function(name, qualifier))")
  }

  func function(_ name: String) throws(ServiceError) -> FunctionRecord {
    guard let record = store.function(name, at: clock.now()) else { throw missing(name) }
    return record
  }

  /// 409 while an earlier change of `$LATEST` is under way.
  func requireSettled(_ record: FunctionRecord) throws(ServiceError) {
    switch record.latest.transition?.kind {
    case nil: return
    case .creating:
      throw .conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: Pending"
      )
    case .updating:
      throw .conflict(
        "The operation cannot be performed at this time. An update is in progress for resource: "
          + arns.function(record.name))
    }
  }

  /// 412 when a RevisionId is given that is not `current`.
  func requireRevision(_ body: JSON, _ current: String) throws(ServiceError) {
    if let revision = body["RevisionId"]?.string, revision != current { throw .precondition }
  }

  /// One page of `items`, at most 50, from the request's Marker on.
  func page(_ items: [JSONObject], _ request: HTTPRequest, key: String) throws(ServiceError) -> JSONObject {
    var start = 0
    if let marker = request.parameter("Marker") {
      guard
        let offset = Base64.decode(marker).map({ String(decoding: $0, as: UTF8.self) }).flatMap({ Int($0) }),
        offset >= 0
      else { throw .invalid("Invalid pagination token") }
      start = min(offset, items.count)
    }
    let wanted = request.parameter("MaxItems").flatMap { Int($0) } ?? Self.pageLimit
    let end = min(items.count, start + max(1, min(wanted, Self.pageLimit)))
    var answer = JSONObject([(key, .array(items[start..<end].map(JSON.object)))])
    if end < items.count { answer["NextMarker"] = .string(Base64.encode(Array(String(end).utf8))) }
    return answer
  }
}
