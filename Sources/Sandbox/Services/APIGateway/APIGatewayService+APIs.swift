internal import Core

extension APIGatewayService {
  func createAPI(_ body: JSONObject) throws(ServiceError) -> JSONObject {
    guard let name = body["name"]?.string, (1...128).contains(name.unicodeScalars.count) else {
      throw Self.bad("Invalid API name: 1 to 128 characters are needed")
    }
    guard body["protocolType"] == "HTTP" else {
      throw Self.bad("The sandbox has HTTP APIs alone: protocolType must be HTTP")
    }
    let made = try makeAPI(name, body, stage: nil)
    guard let target = body["target"]?.string else { return answer(made) }
    // Quick creation: one route for everything, in a stage that publishes by itself.
    return answer(try makeQuick(made.id, target, key: body["routeKey"]?.string ?? "$default"))
  }

  /// Makes an API and opens its door.
  ///
  /// - Parameter stage: one to make with it.
  func makeAPI(
    _ name: String, _ body: JSONObject, stage: (name: String, isAutomatic: Bool)?
  ) throws(ServiceError) -> APIRecord {
    let now = clock.now()
    let id = Self.newID(10)
    let port = try open(APIRecord.door(id), preferred: nil)
    var api = APIRecord(
      id: id, name: name, description: body["description"]?.string, cors: body["corsConfiguration"],
      tags: body["tags"]?.object ?? JSONObject(), created: now, port: port)
    if let stage {
      api.stages = [
        APIStageRecord(
          name: stage.name, isAutomatic: stage.isAutomatic, variables: JSONObject(), created: now,
          changed: now)
      ]
      if stage.isAutomatic {
        api.deploy(Self.newID(), description: "", isAutomatic: true, at: now) { _ in true }
      }
    }
    try store.change(id) { record throws(ServiceError) in record = api }
    return api
  }

  private func makeQuick(_ id: String, _ target: String, key: String) throws(ServiceError) -> APIRecord {
    let integration = try createIntegration(
      id,
      JSONObject([
        ("integrationType", "AWS_PROXY"), ("integrationUri", .string(target)),
        ("payloadFormatVersion", "2.0"),
      ]))
    _ = try createRoute(
      id,
      JSONObject([
        ("routeKey", .string(key)),
        ("target", .string("integrations/\(integration["integrationId"]?.string ?? "")")),
      ]))
    _ = try createStage(id, JSONObject([("stageName", "$default"), ("autoDeploy", true)]))
    return try api(id)
  }

  func deleteAPI(_ id: String) throws(ServiceError) -> HTTPResponse {
    try store.change(id) { record throws(ServiceError) in
      guard record != nil else { throw missing(id) }
      record = nil
    }
    doors.close(APIRecord.door(id))
    return HTTPResponse(status: 204)
  }

  /// Opens the doors of all APIs, where possible under their old addresses.
  func openAll() throws(ServiceError) {
    for api in store.all() {
      let port = try open(api.door, preferred: api.port)
      if port != api.port { try store.change(api.id) { record throws(ServiceError) in record?.port = port } }
    }
  }

  private func open(_ door: String, preferred: Int?) throws(ServiceError) -> Int {
    do throws(SystemError) {
      return try doors.open(door, preferred: preferred)
    } catch {
      throw ServiceError(500, "InternalServerException", "The sandbox \(error)")
    }
  }

  func answer(_ api: APIRecord) -> JSONObject {
    var answer = JSONObject([
      ("apiEndpoint", .string("http://127.0.0.1:\(api.port)")), ("apiId", .string(api.id)),
      ("apiKeySelectionExpression", "$request.header.x-api-key"),
      ("createdDate", .string(api.created.iso8601)), ("disableExecuteApiEndpoint", false),
      ("ipAddressType", "ipv4"), ("name", .string(api.name)), ("protocolType", "HTTP"),
      ("routeSelectionExpression", "${request.method} ${request.path}"), ("tags", .object(api.tags)),
    ])
    answer["description"] = api.description.map(JSON.string)
    answer["corsConfiguration"] = api.cors
    return answer
  }
}
