internal import Core

/// API Gateway's version 2 for HTTP APIs: the control plane. What answers at their addresses is ``APIFront``.
struct APIGatewayService: Sendable {
  /// The most items of a page, where a caller asks for no other number.
  private static let pageLimit = 100

  let store: APIStore
  let doors: Doors
  let clock: ScaledClock

  /// Answers one request for the operation that `APIGatewayOperation` found in it.
  func answer(_ call: APIGatewayOperation, _ request: HTTPRequest) throws(ServiceError) -> HTTPResponse {
    switch call.name {
    case "GetApis": json(200, try page(store.all().map(answer), request))
    case "CreateApi": json(201, try createAPI(body(request)))
    case "GetApi": json(200, answer(try api(call.api)))
    case "DeleteApi": try deleteAPI(call.api)
    case "GetRoutes": json(200, try page(api(call.api).routing.routes, request))
    case "GetRoute": json(200, try item(call, api(call.api).routing.routes, "routeId"))
    case "CreateRoute": json(201, try createRoute(call.api, body(request)))
    case "UpdateRoute": json(200, try updateRoute(call, body(request)))
    case "DeleteRoute": try deleteRoute(call)
    case "GetIntegrations": json(200, try page(api(call.api).routing.integrations, request))
    case "GetIntegration": json(200, try item(call, api(call.api).routing.integrations, "integrationId"))
    case "CreateIntegration": json(201, try createIntegration(call.api, body(request)))
    case "UpdateIntegration": json(200, try updateIntegration(call, body(request)))
    case "DeleteIntegration": try deleteIntegration(call)
    default: try answerForStages(call, request)
    }
  }

  private func answerForStages(
    _ call: APIGatewayOperation, _ request: HTTPRequest
  ) throws(ServiceError) -> HTTPResponse {
    switch call.name {
    case "GetStages": json(200, try page(api(call.api).stages.map(answer), request))
    case "GetStage": json(200, answer(try stage(call)))
    case "CreateStage": json(201, try createStage(call.api, body(request)))
    case "UpdateStage": json(200, try updateStage(call, body(request)))
    case "DeleteStage": try deleteStage(call)
    case "GetDeployments": json(200, try page(api(call.api).deployments.map(answer), request))
    case "CreateDeployment": json(201, try createDeployment(call.api, body(request)))
    default: throw .unknownOperation(call.name)
    }
  }

  func api(_ id: String) throws(ServiceError) -> APIRecord {
    guard let api = store.api(id) else { throw missing(id) }
    return api
  }

  func missing(_ id: String) -> ServiceError {
    ServiceError(404, "NotFoundException", "Invalid API identifier specified \(id)")
  }

  /// Changes an API, and shows it in the stages that publish changes by themselves.
  func change<Result>(
    _ id: String, _ body: (inout APIRecord) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result {
    try store.change(id) { record throws(ServiceError) in
      guard var api = record else { throw missing(id) }
      let result = try body(&api)
      if api.stages.contains(where: \.isAutomatic) {
        api.deploy(
          Self.newID(), description: "Automatic deployment", isAutomatic: true, at: clock.now(),
          to: \.isAutomatic)
      }
      record = api
      return result
    }
  }

  /// An id as API Gateway makes them.
  static func newID(_ count: Int = 7) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  static func bad(_ message: String) -> ServiceError { ServiceError(400, "BadRequestException", message) }

  private func item(
    _ call: APIGatewayOperation, _ items: [JSONObject], _ key: String
  ) throws(ServiceError) -> JSONObject {
    guard let found = items.first(where: { $0[key]?.string == call.item }) else {
      throw ServiceError(404, "NotFoundException", "Invalid identifier specified \(call.item)")
    }
    return found
  }

  private func body(_ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    guard !request.body.isEmpty else { return JSONObject() }
    guard let object = (try? JSON(parsing: request.body))?.object else {
      throw Self.bad("Invalid request body: it is no JSON object")
    }
    return JSONObject(object.members.filter { $0.value != .null }.map { ($0.key, $0.value) })
  }

  private func json(_ status: Int, _ object: JSONObject) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: ["content-type": "application/json"],
      body: Array(JSON.object(object).text().utf8))
  }

  private func page(_ items: [JSONObject], _ request: HTTPRequest) throws(ServiceError) -> JSONObject {
    var start = 0
    if let token = request.parameter("nextToken") {
      guard let text = Base64.decode(token), let offset = Int(String(decoding: text, as: UTF8.self)),
        offset >= 0
      else { throw Self.bad("Invalid nextToken") }
      start = min(offset, items.count)
    }
    let wanted = request.parameter("maxResults").map { Int($0) ?? 0 } ?? Self.pageLimit
    guard (1...500).contains(wanted) else { throw Self.bad("Invalid maxResults") }
    let end = min(items.count, start + wanted)
    var answer = JSONObject([("items", .array(items[start..<end].map(JSON.object)))])
    if end < items.count { answer["nextToken"] = .string(Base64.encode(Array(String(end).utf8))) }
    return answer
  }
}
